# No `from __future__ import annotations` here: gradio reads the handlers' annotations as they are.
"""Settings: what counts where neither request nor page nor role says anything."""

from typing import Any

from role_engine.app.resolution import NO_ROLE
from role_engine.errors import RoleEngineError
from role_engine.hosts.panel import markup
from role_engine.hosts.panel.host import PanelHost
from role_engine.hosts.panel.page_request import session_of
from role_engine.hosts.panel.row import RoleRow
from role_engine.i18n.catalogue import Language, say

QUICK: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_name": False}
MOST_LISTED = 200


def settings_view(host: PanelHost, row: RoleRow, language: Language, shown_language: Any) -> None:  # noqa: C901 - a function within it for each event of the view
    """Lay the view out, inside of a gradio render.

    Args:
        shown_language: the state that says in which language the tab is shown.
    """
    import gradio as gr

    fixed, values, elsewhere = host.why_fixed(), host.settings(), set(host.settings_set_elsewhere())

    def text(key: str) -> str:
        return say(language, key)

    page_language = gr.Dropdown(
        [("Русский", "ru"), ("English", "en")], value=language, label=text("language"), elem_id="role-engine-language"
    )

    def switch(wanted: str, role: str, request: gr.Request) -> list[Any]:
        session = session_of(host.sessions, request)
        session.language = "en" if wanted == "en" else "ru"
        return [session.language, *row.relabel(session.language, role)]

    page_language.input(
        switch, [page_language, row.role], [shown_language, *row.outputs], show_progress="hidden", api_name=False
    )
    if fixed:
        gr.HTML(markup.note(text(fixed), "warn"))
    if elsewhere:
        gr.HTML(markup.note(say(language, host.why_elsewhere(), keys=", ".join(sorted(elsewhere))), "warn"))

    boxes: dict[str, Any] = {}

    def box(key: str, label: str, choices: list[tuple[str, str]], info: str | None = None) -> None:
        if key in values:
            where, _, part = key.partition(".")
            value = values[where][part] if part else values[where]
            boxes[key] = gr.Dropdown(
                [*choices] if part else [(text("by itself"), ""), *choices],
                value=value or "",
                label=label,
                info=info,
                interactive=not fixed and key not in elsewhere,
                elem_id=f"role-engine-set-{key.replace('.', '-').replace('_', '-')}",
            )

    modes = [(text(mode), mode) for mode in ("strict", "balanced", "off")]
    roles = [(role.name, role.id) for role in host.library.all()]
    kept = [one for one in roles[MOST_LISTED:] if one[1] == values.get("role")]
    with gr.Row():
        box("role", text("default role"), [(text("no role"), NO_ROLE), *roles[:MOST_LISTED], *kept])
        box("mode", text("default mode"), modes)
        thinking = [(text("no thinking"), "none"), *((mode.name.lower(), mode.id) for mode in host.modes.all())]
        box("thinking", text("default thinking"), thinking)
    with gr.Row():
        decoders = [(name, name) for name in ("auto", "always", "after_reject", "off")]
        box("decoder", text("decoder"), decoders, text("decoder hint"))
        box("template", text("template"), [(name, name) for name in host.templates.names()], text("template hint"))
        languages = [("Русский", "ru"), ("English", "en")]
        box("page_language", text("everybodys language"), languages, text("everybodys hint"))
    surfaces = values.get("surfaces", {})
    reaches = [(text(f"reach {reach}"), reach) for reach in ("on", "guard", "off")]
    with gr.Row():
        for surface in surfaces:
            values = {**values, f"surfaces.{surface}": surfaces[surface]}
            box(f"surfaces.{surface}", text(f"surface {surface}"), reaches)
    for key in ("clean_history", "keep_log"):
        if key in values:
            boxes[key] = gr.Checkbox(
                bool(values[key]), label=text(key), interactive=not fixed and key not in elsewhere,
                elem_id=f"role-engine-set-{key.replace('_', '-')}",
            )  # fmt: skip
    save = gr.Button(text("save"), variant="primary", interactive=not fixed, elem_id="role-engine-save-settings")
    said = gr.HTML("", elem_id="role-engine-settings-said")

    def store(*given: Any) -> tuple[str, Any]:
        if host.why_fixed():
            return markup.note(text(host.why_fixed()), "warn"), gr.update()
        wanted: dict[str, Any] = {}
        for key, value in zip(boxes, given, strict=True):
            if key in elsewhere:
                continue
            where, _, part = key.partition(".")
            if part:
                wanted.setdefault(where, {})[part] = value
            else:
                wanted[where] = None if value == "" else value
        try:
            path = host.save_settings(wanted)
        except RoleEngineError as error:
            return markup.note(str(error), "warn"), gr.update()
        role = gr.update(choices=row.role_choices(language))
        return markup.note(say(language, "saved", path=path.name), "ok"), role

    save.click(store, list(boxes.values()), [said, row.role], **QUICK)
