# No `from __future__ import annotations` here: gradio reads the handlers' annotations as they are.
"""Knowledge of the role that is open: its files, their index, and the building of it."""

import html
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from role_engine.app.jobs import size_message
from role_engine.hosts.panel import markup
from role_engine.hosts.panel.job_bar import JobBar
from role_engine.hosts.panel.roles.open_role import QUICK, OpenRole
from role_engine.hosts.panel.roles.role_draft import Draft
from role_engine.hosts.panel.roles.role_files import OpenedRoleFile
from role_engine.hosts.panel.roles.role_index import RoleIndex, without_folders
from role_engine.i18n.catalogue import Language, say
from role_engine.knowledge.index_entry import IndexState


def knowledge_facts(language: Language, files: Sequence[Path], state: IndexState, by: str) -> str:
    """The files of a role and their index, as HTML."""
    rows = "".join(f"<li><b>{html.escape(path.name)}</b> <span>{_size(language, path)}</span></li>" for path in files)
    method, _, model = by.partition(" ")
    key = "index by meaning" if method.startswith("embeddings") else "index by words"
    way = say(language, key, model=model)
    lines = [markup.note(f"{say(language, 'index kind')}: {way}")]
    if state.given_up:
        lines.append(markup.note(say(language, "index given up"), "warn"))
    elif state.stage == "current":
        lines.append(markup.note(f"✓ {say(language, 'index current', size=state.size)}", "ok"))
    else:
        lines.append(markup.note(say(language, f"index {state.stage}"), "note" if state.stage == "busy" else "warn"))
    lines += [markup.note(f"⚠ {without_folders(problem, files)}", "warn") for problem in state.problems]
    return f"<ul class='re-files'>{rows}</ul>{''.join(lines)}"


class KnowledgeView:
    """The files, the button that builds their index, and the bar that shows the building."""

    def __init__(self, opened: OpenRole) -> None:
        import gradio as gr

        self._opened, self._host, self._language = opened, opened.page.host, opened.page.language
        self._index = RoleIndex(self._host)
        facts = gr.HTML(markup.note(say(self._language, "pick a role")), elem_id="role-engine-knowledge-facts")
        self._bar = JobBar(self._host, "index", self._language, eager=True, cancelled="index cancelled")
        self._build = gr.Button(visible=False, size="sm", elem_id="role-engine-build-index", elem_classes="re-small")
        self.outputs = [facts, self._build, *self._bar.boxes]

    def show(self, file: OpenedRoleFile | None, draft: Draft, note: str) -> list[Any]:
        return self.of(draft.id)

    def of(self, role_id: str) -> list[Any]:
        """What the view shows of a role; "": none is open."""
        return [*self._seen(role_id), *self._bar.showing(self._index.running(self._files(role_id)))]

    def connect(self) -> None:
        def begin(draft: Draft) -> list[Any]:
            return self._begin(draft.id)

        def show_state(draft: Draft) -> tuple[Any, Any]:
            return self._seen(draft.id)

        self._build.click(begin, self._opened.state, self.outputs, **QUICK)
        self._bar.over.then(show_state, self._opened.state, self.outputs[:2], **QUICK)

    def _seen(self, role_id: str) -> tuple[Any, Any]:
        import gradio as gr

        files, language = self._files(role_id), self._language
        if not files:
            return markup.note(say(language, "no knowledge" if role_id else "pick a role")), gr.update(visible=False)
        library, busy = self._index.library, self._index.running(files) is not None
        state = IndexState("busy") if busy else library.state(files)
        current = state.stage == "current"
        label = say(language, "build index anew" if current else "build index")
        free = not (current and self._host.why_fixed())
        build = gr.update(visible=state.stage != "busy", value=label, interactive=free)
        return knowledge_facts(language, files, state, library.by), build

    def _begin(self, role_id: str) -> list[Any]:
        files = self._files(role_id)
        current = bool(files) and self._index.library.state(files).stage == "current"
        if not files or (current and self._host.why_fixed()):  # where others come in, nobody rebuilds it endlessly
            return self.of(role_id)
        work = self._index.build(files, anew=current)
        return [*self._seen(role_id), *self._bar.showing(work)]

    def _files(self, role_id: str) -> tuple[Path, ...]:
        library = self._host.library
        return self._index.files(library.get(role_id)) if role_id in library else ()


def _size(language: Language, path: Path) -> str:
    try:
        size = path.stat().st_size
    except OSError:
        return say(language, "file missing")
    return size_message(size).text(language)
