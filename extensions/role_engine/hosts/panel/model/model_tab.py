# No `from __future__ import annotations` here: gradio reads the handlers' annotations as they are.
"""Model: what `inspect` says of the one that is loaded, what keeps foreign letters out of it, what is in the way."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from role_engine.app.model_report import rows_of
from role_engine.errors import RoleEngineError
from role_engine.hosts.panel import markup
from role_engine.hosts.panel.host import PanelHost
from role_engine.hosts.panel.model.masks_view import masks_view
from role_engine.hosts.panel.model.tokens_view import tokens_view
from role_engine.hosts.panel.page_request import session_of
from role_engine.hosts.panel.sessions import BrowserSession
from role_engine.i18n.catalogue import Language, say
from role_engine.models import ModelReport, inspect_model


def model_page(host: PanelHost, session: BrowserSession, language: Language) -> tuple[str, str]:
    """All about the loaded model, as HTML: what is in force, then what is in the way, and the facts."""
    model = host.model()
    if model is None:
        return markup.note(say(language, "no model"), "warn"), ""
    lines = [f"{say(language, 'model')}: {model.name if isinstance(model, Path) else model}"]
    if host.loader():
        lines.append(f"{say(language, 'loader')}: {host.loader()}")
    lines.append(f"{say(language, 'constraint')}: {say(language, f'constraint {host.constraint()}')}")
    if session.last is not None:
        lines.append(f"{say(language, 'last constraint')}: {say(language, f'held by {session.last.constraint}')}")
    page = "".join(markup.note(line) for line in lines)
    if not isinstance(model, Path):
        return page, ""
    try:
        report = inspect_model(model)
    except RoleEngineError as error:
        return page, markup.note(say(language, "cannot inspect", error=error.message), "warn")
    wrong = list(_problems(host, report, language))
    listed = "".join(markup.note(f"⚠ {line}", "warn") for line in wrong)
    listed = listed or markup.note(f"✓ {say(language, 'no problems')}", "ok")
    return page, listed + markup.facts(rows_of(report, language))


def _problems(host: PanelHost, report: ModelReport, language: Language) -> Iterator[str]:
    if report.kind == "base":
        yield say(language, "base problem")
    if report.roles.template and report.roles.system is False:
        yield say(language, "no system problem")
    loaded, length = host.context(), report.context.length
    if loaded and length and loaded < min(length, 8192):
        yield say(language, "context problem", loaded=loaded, length=length)


def model_view(tab: Any, host: PanelHost, language: Language) -> None:
    """Lay the view out, inside of a gradio render."""
    import gradio as gr

    in_force = gr.HTML("", elem_id="role-engine-in-force")
    masks_view(tab, host, language)
    facts = gr.HTML("", elem_id="role-engine-model-facts")
    tokens_view(tab, host, language)

    def look(request: gr.Request) -> tuple[str, str]:
        return model_page(host, session_of(host.sessions, request), language)

    # Of a large GGUF it takes a second: gradio shows that it is at work.
    tab.select(look, None, [in_force, facts], api_name=False)
