"""The panel under the chat: role, language mode, thinking mode, a line of status, a button that reads the roles again.

Its boxes belong to a browser session: their values travel in the state of each request, as the host's own do.
"""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

from role_engine.hosts.in_force import NO_ROLE

if TYPE_CHECKING:
    from role_engine.hosts.webui.extension import WebuiExtension

AS_ROLE = "как у роли"
AS_SERVER = "как в настройках"
WITHOUT_ROLE = "без роли"
WITHOUT_THINKING = ("без размышлений", "none")
MODE_LABELS = (("строго: только кириллица", "strict"), ("как русский редактор", "balanced"), ("без проверки", "off"))

_CSS = """
#role-engine-panel { gap: 6px; }
#role-engine-panel input { padding-right: 2em; text-overflow: ellipsis; }
#role-engine-reload { align-self: end; min-width: 0; padding: 8px 12px; white-space: nowrap; }
#role-engine-status { min-height: 1.4em; font-size: 0.9em; opacity: 0.85; }
"""


class Panel:
    """One build of the page's boxes."""

    def __init__(self, extension: WebuiExtension) -> None:
        import gradio as gr

        self._extension = extension
        self.role = gr.Dropdown(
            choices=self._role_choices(),
            value="",
            label="Роль",
            elem_id="role-engine-role",
            scale=2,
            render=False,
            interactive=True,
        )
        self.mode = gr.Dropdown(
            choices=[(AS_ROLE, ""), *MODE_LABELS],
            value="",
            label="Язык ответа",
            elem_id="role-engine-mode",
            render=False,
            interactive=True,
        )
        self.thinking = gr.Dropdown(
            choices=self._thinking_choices(),
            value="",
            label="Размышление",
            elem_id="role-engine-thinking",
            render=False,
            interactive=True,
        )

    def css(self) -> str:
        return _CSS

    def announce(self) -> None:
        """Make the host take the boxes' values into the state of each request, for this browser session alone.

        The host keeps the last session's values and shows them to every page that is loaded; ours are left out of that.
        """
        from modules import shared, ui

        from role_engine.hosts.webui.extension import MODE_BOX, ROLE_BOX, THINKING_BOX

        boxes = {ROLE_BOX: self.role, MODE_BOX: self.mode, THINKING_BOX: self.thinking}
        shared.gradio.update(boxes)
        extension = self._extension

        def with_boxes(original: Any) -> Any:
            def list_interface_input_elements() -> list[str]:
                return [*original(), *(boxes if extension.enabled() else ())]

            return list_interface_input_elements

        def without_others_choices(original: Any) -> Any:
            def apply_interface_values(state: Any, use_persistent: bool = False) -> list[Any]:
                import gradio as gr

                values = original(state, use_persistent)
                if use_persistent and extension.enabled():
                    values[-len(boxes) :] = [gr.update() for _ in boxes]
                return values

            return apply_interface_values

        extension.patches.wrap(ui, "list_interface_input_elements", with_boxes)
        extension.patches.wrap(ui, "apply_interface_values", without_others_choices)

    def render(self) -> None:
        import gradio as gr

        with gr.Column(elem_id="role-engine-panel"):
            with gr.Row():
                self.role.render()
                self.mode.render()
                self.thinking.render()
                reload = gr.Button("Перечитать роли", elem_id="role-engine-reload", size="sm", scale=0)
            status = gr.HTML(self.status(""), elem_id="role-engine-status")
        self.role.change(self.status, self.role, status, show_progress="hidden")
        boxes = [self.role, self.thinking]
        reload.click(self._reload, boxes, [*boxes, status], show_progress="hidden")

    def status(self, role_id: str) -> str:
        """The role in one line, and what is wrong with role files, as HTML."""
        library = self._extension.library
        lines = []
        if role_id and role_id != NO_ROLE and role_id in library:
            lines.append(library.get(role_id).description)
        lines += [f"⚠ {problem}" for problem in self._extension.problems]
        lines += [f"⚠ {role}: {error}" for role, error in library.errors().items()]
        lines += [f"⚠ {mode}: {error}" for mode, error in self._extension.modes.errors().items()]
        return "<br>".join(html.escape(line) for line in lines)

    def _reload(self, role: str, thinking: str) -> tuple[Any, Any, str]:
        roles, modes = self._role_choices(), self._thinking_choices()
        role = _kept(role, roles)
        return _filled(roles, role), _filled(modes, _kept(thinking, modes)), self.status(role)

    def _thinking_choices(self) -> list[tuple[str, str]]:
        modes = [(mode.name.lower(), mode.id) for mode in self._extension.modes.all()]
        return [(AS_ROLE, ""), WITHOUT_THINKING, *modes]

    def _role_choices(self) -> list[tuple[str, str]]:
        default = self._extension.default_role_name()
        server = f"{AS_SERVER} ({default})" if default else AS_SERVER
        roles = [(role.name, role.id) for role in self._extension.library.all()]
        return [(server, ""), (WITHOUT_ROLE, NO_ROLE), *roles]


def _kept(chosen: str, choices: list[tuple[str, str]]) -> str:
    return chosen if chosen in {value for _, value in choices} else ""


def _filled(choices: list[tuple[str, str]], value: str) -> Any:
    import gradio as gr

    return gr.update(choices=choices, value=value)
