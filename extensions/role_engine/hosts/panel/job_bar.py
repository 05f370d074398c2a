# No `from __future__ import annotations` here: gradio reads the handlers' annotations as they are.
"""A bar that shows a piece of long work, with a button that cancels it, there only while it runs.

Whoever wants a work shown gives `boxes` what `showing` says. That changes a box that nobody sees, and its change begins
the one event that streams, a few updates a second and only where something has changed, until the work is over. (A
`gr.State` would not do: in a `gr.render` its changes go unnoticed.) Where there is nothing to show, none is begun.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

from role_engine.app.jobs import Job
from role_engine.hosts.panel.host import PanelHost
from role_engine.hosts.panel.job_styles import LOOKS_A_SECOND, looks
from role_engine.hosts.panel.page_request import current_session_key, session_of
from role_engine.i18n.catalogue import Language, say

CSS = """
#role-engine-panel .re-off, #role-engine-tab .re-off { display: none; }
.re-line { align-items: center; flex-wrap: nowrap !important; gap: 12px; }
.re-line:not(:has(.re-work)) { display: none; }
.re-line > div { flex: 1 1 0; min-width: 0; } .re-line .min { min-height: 0; }
.re-line button { flex: 0 0 auto; width: auto; min-width: max-content; }
.re-work { display: grid; gap: 4px; font-size: 0.9em; }
.re-work .re-track { height: 8px; border-radius: 4px; overflow: hidden; background: var(--border-color-primary); }
.re-work .re-track i { display: block; height: 100%; border-radius: 4px; background: #6366f1;
  transition: width .25s linear; }
.re-work .re-track:not([aria-valuenow]) i { width: 30%; animation: re-swing 1.6s ease-in-out infinite alternate; }
@keyframes re-swing { to { margin-left: 70%; } }
@media (prefers-reduced-motion: reduce) { .re-work .re-track i { animation: none !important; transition: none; } }
.re-work p { margin: 0; overflow-wrap: anywhere; color: var(--body-text-color); font-variant-numeric: tabular-nums; }
.re-work .re-good { color: #146c2e; } .dark .re-work .re-good { color: #8fd8a0; }
.re-work .re-bad { color: #b3261e; } .dark .re-work .re-bad { color: #ffb4ab; }
"""


class JobBar:
    """The bar's boxes, in the gradio context that it is made in.

    Args:
        name: what the boxes' ids begin with.
        eager: whether the bar appears at once; else only when the work takes longer than a moment.
        cancelled: the key of the text that says what a cancelled work leads to.

    Attributes:
        boxes: what `showing` is for.
        over: the event that ends when the work does.
    """

    def __init__(self, host: PanelHost, name: str, language: Language, *, eager: bool, cancelled: str) -> None:
        import gradio as gr

        self._host, self._name = host, name
        shown = gr.Textbox("", elem_classes="re-off", label=name, show_label=False)
        with gr.Row(elem_classes="re-line"):
            box = gr.HTML("", elem_id=f"role-engine-{name}", visible=False)
            cancel = gr.Button(say(language, "cancel"), visible=False, size="sm", elem_id=f"role-engine-{name}-cancel")

        self.boxes = [shown, box, cancel]

        async def watch(token: str, request: gr.Request) -> AsyncIterator[list[Any]]:
            session, work = session_of(host.sessions, request), self._work(token)
            if work is None or session.watching.get(name) != token:  # another one took its place on the way here
                return

            def is_wanted() -> bool:
                return session.watching.get(name) == token

            async for look in looks(work, lambda: session.language, is_wanted, eager=eager, cancelled=cancelled):
                label, free = say(session.language, "cancel"), not look.cancelling
                button = gr.update(visible=look.running, interactive=free, value=label)
                yield [gr.update(value=look.shown, visible=True), button]
            await asyncio.sleep(1 / LOOKS_A_SECOND)
            if not session.watching.get(name):  # hidden meanwhile, by an event that may have overtaken the last look
                yield [gr.update(value="", visible=False), gr.update(visible=False)]

        def stop(token: str) -> Any:
            if (work := self._work(token)) is not None:
                work.cancel()
            return gr.update(interactive=False)

        # Another work takes the place of the one that is shown: the events of both are under way for a moment.
        streamed: dict[str, Any] = {"show_progress": "hidden", "api_name": False, "concurrency_limit": None}
        self.over = shown.change(watch, shown, [box, cancel], trigger_mode="multiple", **streamed)
        cancel.click(stop, shown, cancel, queue=False, show_progress="hidden", api_name=False)

    def showing(self, work: Job | None) -> list[Any]:
        """Values of `boxes` that show a work in the session whose event this is; None: none."""
        import gradio as gr

        watching = self._host.sessions.of(current_session_key()).watching
        if work is not None and work.state == "running" and self._work(watching.get(self._name, "")) is work:
            return [gr.update() for _ in self.boxes]  # it is shown already
        token = f"{work.id} {time.monotonic_ns()}" if work is not None else ""
        watching[self._name] = token  # which ends the event that shows another
        return [token or gr.update(), gr.update(value="", visible=False), gr.update(visible=False)]

    def _work(self, token: str) -> Job | None:
        return self._host.works.get(token.partition(" ")[0])
