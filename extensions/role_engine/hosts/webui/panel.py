"""The panel in the webui: its boxes in the state of each request, its status behind each reply, its tab among tabs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from role_engine.hosts.panel import row, style
from role_engine.hosts.panel.row import Row
from role_engine.hosts.panel.tab import TITLE, tab_views
from role_engine.hosts.panel.work import work_bar
from role_engine.hosts.webui.after_load import on_the_page
from role_engine.hosts.webui.panel_host import WebuiPanelHost
from role_engine.hosts.webui.turn import MODE_BOX, ROLE_BOX, THINKING_BOX

if TYPE_CHECKING:
    from role_engine.hosts.webui.extension import WebuiExtension

_GENERATING = "() => document.getElementById('chat').parentNode.parentNode.parentNode.classList.{}('_generating')"

# On narrow screens the host's menu button lies over the top left corner of every tab.
_CSS = "@media (max-width: 700px) { #role-engine-tab { padding-top: 26px; } }\n"


class Panel:
    """One build of the page's boxes."""

    def __init__(self, extension: WebuiExtension) -> None:
        self._extension = extension
        self._host = WebuiPanelHost(extension)
        self.row = Row(self._host)

    def css(self) -> str:
        return row.CSS + work_bar.CSS + style.CSS + _CSS

    def announce(self) -> None:
        """Make the host take the boxes' values into the state of each request, for this browser session alone.

        The host keeps the last session's values and shows them to every page that is loaded; ours are left out of that.
        """
        from modules import shared, ui

        boxes = {ROLE_BOX: self.row.role, MODE_BOX: self.row.mode, THINKING_BOX: self.row.thinking}
        shared.gradio.update(boxes)
        extension = self._extension

        def with_boxes(original: Any) -> Any:
            def list_interface_input_elements() -> list[str]:
                return [*original(), *(boxes if extension.enabled() else ())]

            return list_interface_input_elements

        def without_others_choices(original: Any) -> Any:
            def apply_interface_values(state: Any, use_persistent: bool = False) -> list[Any]:
                import gradio as gr

                values: list[Any] = original(state, use_persistent)
                if use_persistent and extension.enabled():
                    values[-len(boxes) :] = [gr.update() for _ in boxes]
                return values

            return apply_interface_values

        extension.patches.wrap(ui, "list_interface_input_elements", with_boxes)
        extension.patches.wrap(ui, "apply_interface_values", without_others_choices)

    def render(self) -> None:
        from gradio.context import Context

        self.row.render()
        self._watch_replies()
        on_the_page(Context.root_block, self._extension.warm)
        self._regenerate_without_filter()
        with self._tab_among_the_hosts() as tab:
            tab_views(tab, self._host, self.row)

    def _tab_among_the_hosts(self) -> Any:
        """A tab behind the host's last one. The host gives an extension a tab or a place under the chat, not both."""
        import gradio as gr
        from gradio.context import get_render_context, set_render_context

        here, root = get_render_context(), gr.context.Context.root_block
        set_render_context(root)
        tab = gr.Tab(TITLE)
        set_render_context(here)
        root.children.remove(tab)
        tabs = [place for place, child in enumerate(root.children) if isinstance(child, gr.Tab)]
        root.children.insert(max(tabs, default=len(root.children) - 1) + 1, tab)
        return tab

    def _watch_replies(self) -> None:
        """One more step beside and one behind each of the host's events that make a reply; it has no hooks there."""
        import gradio as gr
        from gradio.context import Context
        from gradio.events import Dependency
        from modules import chat

        makes_replies = chat.generate_chat_reply_wrapper
        root, hidden = Context.root_block, {"queue": False, "show_progress": "hidden", "api_name": False}
        begun_by = dict[tuple[int, str], Any]()
        for index, event in list(root.fns.items()):
            if getattr(event.fn, "func", event.fn) is makes_replies:
                Dependency(None, {}, index, event.fn).then(self.row.after_reply, None, self.row.status, **hidden)
                while event.trigger_after is not None:
                    event = root.fns[event.trigger_after]
                begun_by.update((target, getattr(root.blocks[target[0]], target[1])) for target in event.targets)
        gr.on(list(begun_by.values()), self.row.asked, self.row.role, self.row.work.boxes, **hidden)

    def _regenerate_without_filter(self) -> None:
        """The last reply once more, as the host's own «Regenerate» does it, with the check off."""
        from modules import chat, shared, ui
        from modules.ui_chat import inputs
        from modules.utils import gradio

        def unfiltered(text: Any, state: dict[str, Any]) -> Iterator[Any]:
            if state["history"]["internal"]:
                yield from chat.generate_chat_reply_wrapper(text, {**state, MODE_BOX: "off"}, regenerate=True)

        hidden: dict[str, Any] = {"show_progress": "hidden", "api_name": False}
        (
            self.row.unfiltered.click(
                ui.gather_interface_values, gradio(shared.input_elements), gradio("interface_state"), api_name=False
            )
            .then(lambda: None, None, None, js=_GENERATING.format("add"), queue=False, api_name=False)
            .then(unfiltered, gradio(inputs), gradio("display", "history"), **hidden)
            .then(self.row.after_reply, None, self.row.status, queue=False, **hidden)
            .then(None, None, None, js=_GENERATING.format("remove"))
        )
