# No `from __future__ import annotations` here: gradio reads the handlers' annotations as they are.
"""Roles: found, seen as the model sees them, written, copied, deleted, taken in and given out as cards."""

from typing import Any

from role_engine.errors import RoleEngineError
from role_engine.hosts.kind_names import Language
from role_engine.hosts.panel import markup
from role_engine.hosts.panel.house import PanelHost
from role_engine.hosts.panel.knowledge_view import KnowledgeView
from role_engine.hosts.panel.role_form import FIELDS, fields_of, with_field
from role_engine.hosts.panel.roles_page import SUFFIXES, RolesPage
from role_engine.hosts.panel.row import Row
from role_engine.hosts.panel.texts import say

QUICK: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_name": False}


def roles_view(host: PanelHost, row: Row, language: Language) -> None:
    """Lay the view out, inside of a gradio render."""
    import gradio as gr

    page = RolesPage(host, language)
    fixed = bool(host.why_fixed())

    def text(key: str) -> str:
        return say(language, key)

    gr.HTML(page.refusal(), visible=fixed)
    opened = gr.State({"id": "", "version": ""})
    with gr.Row():
        with gr.Column(scale=1, min_width=260):
            search = gr.Textbox(
                label=text("search"), placeholder=text("search hint"), elem_id="role-engine-search", max_lines=1
            )
            listed = gr.HTML(page.listed(""), elem_id="role-engine-list")
            picked = gr.Textbox(elem_id="role-engine-picked", elem_classes="re-off", show_label=False, label="id")
        with gr.Column(scale=3, min_width=300), gr.Tabs(selected="view") as parts:
            with gr.Tab(text("view"), id="view", elem_id="role-engine-view"):
                use = gr.Button(
                    text("use"), size="sm", elem_id="role-engine-use", elem_classes="re-small", interactive=False
                )
                used = gr.HTML("")
                seen = gr.HTML(markup.note(text("pick a role")), elem_id="role-engine-seen")
            with gr.Tab(text("knowledge"), id="knowledge", elem_id="role-engine-knowledge"):
                knowledge = KnowledgeView(host, opened, language)
            with gr.Tab(text("edit"), id="edit", elem_id="role-engine-edit"):
                with gr.Accordion(text("form"), open=False, elem_id="role-engine-form"):
                    fields = [
                        gr.Textbox(
                            label=text(f"field {field}"),
                            lines=5 if field == "system" else 1,
                            max_lines=14,
                            elem_id=f"role-engine-field-{field}",
                            interactive=not fixed,
                        )
                        for field in FIELDS
                    ]
                yaml = gr.Textbox(
                    label=text("yaml"), lines=18, max_lines=30, elem_id="role-engine-yaml", interactive=not fixed
                )
                problems = gr.HTML("", elem_id="role-engine-problems")
                with gr.Row():
                    save = gr.Button(text("save"), variant="primary", elem_id="role-engine-save", interactive=not fixed)
                    revert = gr.Button(text("revert"), elem_id="role-engine-revert")
                    delete = gr.Button(text("delete"), elem_id="role-engine-delete", interactive=not fixed)
                    sure = gr.Button(text("delete sure"), variant="stop", visible=False, elem_id="role-engine-sure")
            with gr.Tab(text("more"), id="more", elem_id="role-engine-more"):
                with gr.Row():
                    new_id = gr.Textbox(label=text("new id"), elem_id="role-engine-new-id", interactive=not fixed)
                    new_name = gr.Textbox(label=text("new name"), elem_id="role-engine-new-name", interactive=not fixed)
                with gr.Row():
                    new = gr.Button(text("new"), elem_id="role-engine-new", interactive=not fixed)
                    copy = gr.Button(text("duplicate"), elem_id="role-engine-copy", interactive=not fixed)
                card = gr.UploadButton(
                    text("import"),
                    file_types=[".png", ".json", ".charx", ".yaml", ".yml"],
                    elem_id="role-engine-import",
                    interactive=not fixed,
                )
                with gr.Row():
                    form = gr.Dropdown(list(SUFFIXES), value="card-v3 PNG", label=text("format"))
                    export = gr.Button(text("export"), elem_id="role-engine-export")
                file = gr.File(label=text("file"), visible=False, elem_id="role-engine-file")
                said = gr.HTML("", elem_id="role-engine-said")

    def in_fields(content: str) -> list[Any]:
        """What the form's fields show; a file that cannot be read leaves them as they are."""
        there = fields_of(content) if content else dict.fromkeys(FIELDS, "")
        return list(there.values()) if there is not None else [gr.update() for _ in FIELDS]

    def shown(role_id: str, note: str = "") -> list[Any]:
        """Everything of one role, for `of_role`."""
        if not role_id:
            nothing = markup.note(text("pick a role"))
            return [
                {"id": "", "version": ""},
                nothing,
                "",
                note,
                gr.update(interactive=False),
                gr.update(visible=False),
                "",
                *in_fields(""),
                *knowledge.values(""),
            ]
        try:
            file = page.files.open(role_id)
        except RoleEngineError as error:
            return shown("", markup.note(str(error), "warn"))
        own = "" if file.own else markup.note(text("copied from project"))
        return [
            {"id": role_id, "version": file.version},
            page.seen(role_id) or page.problems(role_id, file.text),
            file.text,
            note or page.problems(role_id, file.text) + own,
            gr.update(interactive=role_id in host.library),
            gr.update(visible=False),
            "",
            *in_fields(file.text),
            *knowledge.values(role_id),
        ]

    of_role = [opened, seen, yaml, problems, use, sure, used, *fields, *knowledge.boxes]
    here, kept_boxes = [search, opened], [problems, opened, seen, listed, *knowledge.boxes]

    def pick(value: str) -> list[Any]:
        return shown(value.split(" ")[0])

    def find(words: str, at: dict[str, str]) -> str:
        return page.listed(words, at["id"])

    def check(content: str, at: dict[str, str]) -> list[Any]:
        return [page.problems(at["id"], content), *in_fields(content)]

    def put_in(field: str) -> Any:
        def put(value: str, content: str, at: dict[str, str]) -> tuple[str, str]:
            content = with_field(content, field, value)
            return content, page.problems(at["id"], content)

        return put

    def store(content: str, at: dict[str, str], words: str) -> tuple[Any, ...]:
        if not at["id"]:
            return tuple(gr.update() for _ in kept_boxes)
        note, version = page.save(at["id"], content, at["version"])
        kept = version != at["version"]
        return (
            note,
            {**at, "version": version},
            page.seen(at["id"]) if kept else gr.update(),
            page.listed(words, at["id"]) if kept else gr.update(),
            *(knowledge.values(at["id"]) if kept else [gr.update() for _ in knowledge.boxes]),
        )

    def again(at: dict[str, str]) -> list[Any]:
        return shown(at["id"])

    def ask() -> Any:
        return gr.update(visible=True)

    def remove(words: str, at: dict[str, str]) -> list[Any]:
        gone, note = page.deleted(at["id"])
        there = "" if gone and at["id"] not in host.library else at["id"]
        return [page.listed(words, there), *shown(there, note)]

    def make(how: str) -> Any:
        def made(role_id: str, name: str, words: str, at: dict[str, str]) -> list[Any]:
            file, note = page.made(how, role_id, name=name, of=at["id"])
            if file is None:
                return [note, gr.update(), gr.update(), *[gr.update() for _ in of_role]]
            return [note, page.listed(words, file.id), gr.update(selected="edit"), *shown(file.id)]

        return made

    def take_in(path: str, words: str) -> list[Any]:
        role_id, note = page.imported(path)
        if not role_id:
            return [note, gr.update(), *[gr.update() for _ in of_role]]
        return [note, page.listed(words, role_id), *shown(role_id)]

    def give_out(how: str, at: dict[str, str]) -> tuple[Any, str]:
        if not at["id"]:
            return gr.update(visible=False), markup.note(text("pick a role"))
        path, note = page.exported(at["id"], how)
        return gr.update(value=path, visible=path is not None), note

    def talk(at: dict[str, str]) -> tuple[Any, str]:
        role = host.library.get(at["id"])
        choices = row.role_choices(language, role.id)
        said = markup.note(say(language, "used", name=role.name), "ok")
        return gr.update(choices=choices, value=role.id), said

    picked.input(pick, picked, of_role, **QUICK)
    search.input(find, here, listed, trigger_mode="always_last", **QUICK)
    yaml.input(check, [yaml, opened], [problems, *fields], trigger_mode="always_last", **QUICK)
    for field, box in zip(FIELDS, fields, strict=True):
        box.input(put_in(field), [box, yaml, opened], [yaml, problems], trigger_mode="always_last", **QUICK)
    save.click(store, [yaml, opened, search], kept_boxes, **QUICK)
    revert.click(again, opened, of_role, **QUICK)
    delete.click(ask, None, sure, **QUICK)
    sure.click(remove, here, [listed, *of_role], **QUICK)
    new.click(make("new"), [new_id, new_name, *here], [said, listed, parts, *of_role], **QUICK)
    copy.click(make("duplicate"), [new_id, new_name, *here], [said, listed, parts, *of_role], **QUICK)
    card.upload(take_in, [card, search], [said, listed, *of_role], **QUICK)
    export.click(give_out, [form, opened], [file, said], **QUICK)
    use.click(talk, opened, [row.role, used], **QUICK)
