# No `from __future__ import annotations` here: gradio reads the handlers' annotations as they are.
"""The row under the chat: role, language mode, thinking mode, what the role is, and what the guard did last.

Its boxes belong to a browser session: their values travel with each request.
"""

import html
from typing import Any

from role_engine.app.resolution import NO_ROLE
from role_engine.hosts.panel.host import PanelHost
from role_engine.hosts.panel.job_bar import JobBar
from role_engine.hosts.panel.page_request import session_of
from role_engine.hosts.panel.roles.role_index import RoleIndex
from role_engine.hosts.panel.status import status_line
from role_engine.i18n.catalogue import Language, say
from role_engine.i18n.role_problems import in_file
from role_engine.language.policy import MODES

MOST_LISTED = 40
"""Roles that the box lists: each page gets them, and nobody picks one out of a thousand by scrolling."""

BUILT_IN: Language = "ru"
"""The language that the page is built in; a browser that wants another gets its labels when it opens the page."""

CSS = """
#role-engine-panel { gap: 6px; }
#role-engine-panel input { padding-right: 2em; text-overflow: ellipsis; }
#role-engine-panel .form { gap: 8px; background: none; border: 0; box-shadow: none; }
#role-engine-foot { align-items: center; flex-wrap: wrap; gap: 6px 10px; min-height: 2.2em; }
#role-engine-foot > div { flex: 1 1 14em; min-width: 0; }
#role-engine-foot button { flex: 0 0 auto; width: auto; min-width: max-content; padding: 4px 12px; }
#role-engine-about, #role-engine-status { font-size: 0.9em; overflow-wrap: anywhere; }
#role-engine-panel .re-warn { color: #8a4b00; }
.dark #role-engine-panel .re-warn { color: #ffb95c; }
"""


class RoleRow:
    """One build of the row. The boxes are made first, since the webui must know them before the page is laid out.

    Attributes, once it is rendered:
        after_reply: the handler that gives `status` its line about the session's last reply.
        outputs: what `relabel` gives values for.
        work: the bar of what a reply has to wait for.
    """

    def __init__(self, host: PanelHost) -> None:
        import gradio as gr

        self._host, self._index = host, RoleIndex(host)

        def box(name: str, choices: list[tuple[str, str]], scale: int) -> Any:
            return gr.Dropdown(
                choices=choices,
                value="",
                label=say(BUILT_IN, name),
                elem_id=f"role-engine-{name}",
                scale=scale,
                min_width=150,
                render=False,
                interactive=False,  # until `open_page` has answered: it would undo what was chosen before
            )

        self.role = box("role", self.role_choices(BUILT_IN), 2)
        self.mode = box("mode", self._mode_choices(BUILT_IN), 1)
        self.thinking = box("thinking", self._thinking_choices(BUILT_IN), 1)
        self.about: Any = None
        self.status: Any = None
        self.unfiltered: Any = None
        self.work: Any = None

    def render(self) -> None:
        """Lay the row out, and make it work, inside of a gradio Blocks."""
        import gradio as gr
        from gradio.context import Context

        quick: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_name": False}
        with gr.Column(elem_id="role-engine-panel"):
            with gr.Row():
                self.role.render()
                self.mode.render()
                self.thinking.render()
            with gr.Row(elem_id="role-engine-foot"):
                self.status = gr.HTML(live(""), elem_id="role-engine-status")
                self.unfiltered = gr.Button(
                    say(BUILT_IN, "unfiltered"), elem_id="role-engine-unfiltered", size="sm", scale=0
                )
                reload = gr.Button(say(BUILT_IN, "reload"), elem_id="role-engine-reload", size="sm", scale=0)
            self.work = JobBar(self._host, "work", BUILT_IN, eager=False, cancelled="index cancelled in chat")
            self.about = gr.HTML(self.describe(BUILT_IN, ""), elem_id="role-engine-about")

        def open_page(request: gr.Request) -> list[Any]:
            language = session_of(self._host.sessions, request).language
            enabled = {"interactive": True}
            if language == BUILT_IN:
                boxes = [gr.update(choices=self.role_choices(language), **enabled), *2 * [gr.update(**enabled)]]
                return [*boxes, self.describe(language, ""), gr.update(), gr.update()]
            return self.relabel(language)

        def chosen(role: str, request: gr.Request) -> list[Any]:
            about = self.describe(session_of(self._host.sessions, request).language, role)
            return [about, *self.work.showing(self._index.start_wanted(role, again=True))]

        def read_again(role: str, thinking: str, request: gr.Request) -> tuple[Any, Any, str]:
            language = session_of(self._host.sessions, request).language
            roles, modes = self.role_choices(language, role), self._thinking_choices(language)
            role, thinking = _kept(role, roles), _kept(thinking, modes)
            return (
                gr.update(choices=roles, value=role),
                gr.update(choices=modes, value=thinking),
                self.describe(language, role),
            )

        def after_reply(request: gr.Request) -> str:
            session = session_of(self._host.sessions, request)
            return live(status_line(session.last, session.language) if session.last is not None else "")

        self.after_reply = after_reply
        self.outputs = [self.role, self.mode, self.thinking, self.about, self.unfiltered, reload]
        Context.root_block.load(open_page, None, self.outputs, **quick)
        self.role.change(chosen, self.role, [self.about, *self.work.boxes], **quick)
        reload.click(read_again, [self.role, self.thinking], [self.role, self.thinking, self.about], **quick)

    def show_waiting(self, role: str) -> list[Any]:
        """The handler for a question that is sent, with `role` as its input and `work.boxes` as its outputs: shows what
        its reply waits for. It may run beside the reply."""
        shown: list[Any] = self.work.showing(self._index.start_wanted(role, again=False))
        return shown

    def relabel(self, language: Language, role: str = "") -> list[Any]:
        """`outputs` in another language."""
        import gradio as gr

        boxes = (
            ("role", self.role_choices(language, role)),
            ("mode", self._mode_choices(language)),
            ("thinking", self._thinking_choices(language)),
        )
        return [
            *(gr.update(label=say(language, name), choices=choices, interactive=True) for name, choices in boxes),
            self.describe(language, role),
            say(language, "unfiltered"),
            say(language, "reload"),
        ]

    def describe(self, language: Language, role_id: str) -> str:
        """The role in one line, and what is wrong with role files, as HTML."""
        library = self._host.library
        lines = []
        if role_id and role_id != NO_ROLE and role_id in library:
            lines.append(html.escape(library.get(role_id).description))
        if len(library) > MOST_LISTED:
            lines.append(html.escape(say(language, "more roles", shown=MOST_LISTED, all=len(library))))
        wrong = list(self._host.problems())
        wrong += [in_file(error, language, role) for role, error in library.errors().items()]
        wrong += [f"{mode}: {error}" for mode, error in self._host.modes.errors().items()]
        lines += [f"<span class='re-warn'>⚠ {html.escape(line)}</span>" for line in wrong]
        return "<br>".join(lines)

    def role_choices(self, language: Language, chosen: str = "") -> list[tuple[str, str]]:
        """What the role box lists; `chosen` among it, wherever it stands."""
        default = self._host.default_role_name()
        server = say(language, "as server") + (f" ({default})" if default else "")
        roles = [(role.name, role.id) for role in self._host.library.all()]
        listed = roles[:MOST_LISTED] + [one for one in roles[MOST_LISTED:] if one[1] == chosen]
        return [(server, ""), (say(language, "no role"), NO_ROLE), *listed]

    def _mode_choices(self, language: Language) -> list[tuple[str, str]]:
        modes = sorted(MODES, key=("strict", "balanced", "off").index)
        return [(say(language, "as role"), ""), *((say(language, mode), mode) for mode in modes)]

    def _thinking_choices(self, language: Language) -> list[tuple[str, str]]:
        modes = [(mode.name.lower(), mode.id) for mode in self._host.modes.all()]
        return [(say(language, "as role"), ""), (say(language, "no thinking"), "none"), *modes]


def _kept(chosen: str, choices: list[tuple[str, str]]) -> str:
    return chosen if chosen in {value for _, value in choices} else ""


def live(text: str) -> str:
    """Read out by a screen reader when it changes."""
    return f'<div role="status" aria-live="polite">{html.escape(text)}</div>'
