# No `from __future__ import annotations` here: gradio reads the handlers' annotations as they are.
"""A folded form that writes a copy of the loaded model with tokens for modes and roles."""

from pathlib import Path
from typing import Any

from role_engine.errors import RoleEngineError
from role_engine.hosts.panel import markup
from role_engine.hosts.panel.host import PanelHost
from role_engine.hosts.panel.job_bar import JobBar
from role_engine.hosts.panel.model.token_adding import KEY, TokenForm, TokenFormError, begin_adding, default_name
from role_engine.i18n.catalogue import Language, say
from role_engine.models.tokens.wanted import KNOWN_MODES

QUICK: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_name": False}
MOST_LISTED = 40


def tokens_view(tab: Any, host: PanelHost, language: Language) -> None:
    """Lay the view out, inside of a gradio render."""
    import gradio as gr

    fixed = host.why_fixed()
    named = {mode.id: mode.name for mode in host.modes.all()}
    modes = [(f"{named.get(mode, mode)} <|{mode}|>", mode) for mode in dict.fromkeys([*KNOWN_MODES, *named])]
    roles = [(role.name, role.id) for role in host.library.all()[:MOST_LISTED]]

    def text(key: str) -> str:
        return say(language, key)

    with gr.Accordion(text("add tokens"), open=False, visible=False, elem_id="role-engine-tokens") as form:
        gr.HTML(markup.note(text("tokens what")))
        if fixed:
            gr.HTML(markup.note(text(fixed), "warn"))
        wanted_modes = gr.CheckboxGroup(
            modes,
            label=text("tokens modes"),
            elem_id="role-engine-token-modes",
            interactive=not fixed,
        )
        wanted_roles = gr.Dropdown(
            roles,
            multiselect=True,
            allow_custom_value=True,
            label=text("tokens roles"),
            info=text("tokens roles hint") if len(host.library) > MOST_LISTED else None,
            elem_id="role-engine-token-roles",
            interactive=not fixed,
        )
        with gr.Row():
            tool = gr.Checkbox(label=text("tokens tool"), interactive=not fixed)
            pad = gr.Checkbox(label=text("tokens pad"), interactive=not fixed)
            copy = gr.Checkbox(label=text("tokens copy"), interactive=not fixed)
        name = gr.Textbox(
            label=text("tokens name"),
            max_lines=1,
            info=text("tokens name hint"),
            elem_id="role-engine-token-name",
            interactive=not fixed,
        )
        go = gr.Button(text("tokens go"), elem_id="role-engine-add-tokens", interactive=not fixed)
        said = gr.HTML("", elem_id="role-engine-tokens-said")
        bar = JobBar(host, "adding", language, eager=True, cancelled="tokens cancelled")

    def show(chosen: str) -> list[Any]:
        model = host.model()
        there = isinstance(model, Path)
        kept = chosen if chosen or not isinstance(model, Path) else default_name(model)
        return [gr.update(visible=there), kept, *bar.showing(host.works.running(KEY))]

    def add(modes: list[str], roles: list[str], tool: bool, pad: bool, copy: bool, name: str) -> list[Any]:
        try:
            work = begin_adding(host, TokenForm(modes or (), roles or (), tool, pad, name or "", copy))
        except TokenFormError as refused:
            said = refused.told.text(language)
        except RoleEngineError as error:
            said = f"{error.message} {error.hint}".strip()
        else:
            return ["", gr.update(interactive=False), *bar.showing(work)]
        return [markup.note(said, "warn"), gr.update(), *[gr.update() for _ in bar.boxes]]

    def over() -> Any:
        return gr.update(interactive=not host.why_fixed())

    tab.select(show, name, [form, name, *bar.boxes], **QUICK)
    go.click(add, [wanted_modes, wanted_roles, tool, pad, copy, name], [said, go, *bar.boxes], **QUICK)
    bar.over.then(over, None, go, **QUICK)
