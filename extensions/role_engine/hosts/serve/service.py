"""The HTTP surface's `Service`, answered by our own server."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from threading import Event
from typing import Any

from anyio import CapacityLimiter, to_thread
from fastapi.params import Depends
from starlette.datastructures import Headers

from role_engine import __version__
from role_engine.backends.per_policy import PerPolicy
from role_engine.budget import Window
from role_engine.errors import TemplateError
from role_engine.guard.report import ReplyReport
from role_engine.hosts.bill import role_bill
from role_engine.hosts.chat_prompt import chat_template
from role_engine.hosts.http.context import Endpoint
from role_engine.hosts.http.history_cut import ANY_MODEL, TextLimit
from role_engine.hosts.http.stats import Stats
from role_engine.hosts.in_force import Choice
from role_engine.hosts.panel.model.masks import begin_masks, wanted_policies
from role_engine.hosts.panel.work.long_work import Works
from role_engine.hosts.plan import Planner
from role_engine.hosts.planned import Planned
from role_engine.hosts.serve.failures import QueueFull
from role_engine.hosts.serve.keys import Keys
from role_engine.hosts.serve.line import RETRY_AFTER, Line
from role_engine.language import Verdict, check
from role_engine.language.policy import Hold, Mode
from role_engine.prompts import render
from role_engine.prompts.render import RenderedPrompt
from role_engine.roles import Role, RoleLibrary

PLANNED_AT_A_TIME = 16  # some of them wait for an index, and that takes no time of others
PLANS_WAITING = 64


class ServeService:
    """What outlives a request: roles, keys, the default, counters, the line, long work.

    Args:
        default: the server's default to begin with.

    Attributes:
        model_path: the folder of the model, or None where it has none on this machine.
    """

    def __init__(self, planner: Planner, line: Line, keys: Keys, default: Choice) -> None:
        self.planner, self.line, self.keys = planner, line, keys
        self._active = default
        self._stats = Stats()
        self._planning = CapacityLimiter(PLANNED_AT_A_TIME)
        self._plans = 0  # going on or waiting; the limiter counts a task only some turns of the event loop later
        self.works = Works()
        self.model_path: str | None = None
        planner.default = self.active

    @property
    def library(self) -> RoleLibrary:
        return self.planner.library

    def enabled(self) -> bool:
        return True

    def authorised(self, endpoint: Endpoint, headers: Headers) -> bool:
        return self.keys.admits(headers)

    def key_dependencies(self) -> Sequence[Depends]:
        return [Depends(self.keys.require)]

    def admin_dependencies(self) -> Sequence[Depends]:
        return [Depends(self.keys.require_for_changes)]

    def has_admin_key(self) -> bool:
        return self.keys.admin is not None or self.keys.api is not None

    def known_roles(self) -> Collection[str]:
        return self.library.ids()

    def known_thinking(self) -> Collection[str]:
        return self.planner.modes.names()

    def roles_for_models(self) -> Iterable[Role]:
        return self.library.all()

    def loaded_model(self) -> str | None:
        return self.planner.engine.name

    def text_limit(self) -> TextLimit | None:
        context, token = self.planner.engine.context, self.planner.engine.longest_token
        return ANY_MODEL if context is None or token is None else TextLimit.of_context(context, token)

    def active(self) -> Choice:
        return self._active

    def set_active(self, choice: Choice) -> None:
        self._active = choice

    async def plan(self, make: Callable[[], list[Planned]]) -> list[Planned]:
        """What `make` plans, in a thread; so many at a time, so that long prompts leave the others time and threads.

        Raises:
            QueueFull: as many wait for that as may.
            RoleEngineError: from `make`.
        """
        if self._plans >= PLANNED_AT_A_TIME + PLANS_WAITING:
            self.line.refused += 1
            raise QueueFull(PLANS_WAITING, RETRY_AFTER)
        self._plans += 1
        try:
            return await to_thread.run_sync(make, limiter=self._planning)
        finally:
            self._plans -= 1

    def constraints(self) -> PerPolicy[Any] | None:
        """What makes and keeps the masks or bans of the engine's model; None where it takes none."""
        found: PerPolicy[Any] | None = getattr(self.planner.engine.backend, "constraints", None)
        return found

    def warm(self) -> None:
        """Make what constrains the model, in the background, so that no reply waits for it."""
        if self.constraints() is not None:
            begin_masks(self.works, self.constraints, wanted_policies(self.planner.in_force().policy))

    def prompt_of(self, role: Role, question: str) -> RenderedPrompt | None:
        """What the engine's model gets for a role and a question; None where there is no template for it."""
        engine = self.planner.engine
        try:
            template = self._template_of(role)
        except TemplateError:
            return None
        return render(role, question, template=template, values=engine.template_values)

    def bill(self, role: Role, context: int) -> dict[str, Any] | None:
        planner, engine = self.planner, self.planner.engine
        try:
            template = self._template_of(role)
        except TemplateError:
            return None
        window = Window(context, engine.count, engine.name)
        return role_bill(planner.teller, role, template, window, values=engine.template_values, starts=engine.starts)

    def _template_of(self, role: Role) -> str:
        return chat_template(self.planner.engine, self.planner.templates, role, self.planner.fallback.template)

    def check_text(
        self,
        text: str,
        *,
        mode: Mode | None,
        hold: Hold | None,
        context: Sequence[str],
        cancel: Event | None = None,
    ) -> Verdict:
        return check(text, self.planner.in_force().policy.changed(mode, hold), tuple(context), cancel=cancel)

    def count_reply(self, report: ReplyReport) -> None:
        """Book a reply that is over."""
        self._stats.add(report)

    def stats(self) -> dict[str, Any]:
        line = self.line
        return {
            **self._stats.as_dict(),
            "queue": {"running": line.running, "waiting": line.waiting, "limit": line.limit, "refused": line.refused},
        }

    def health(self) -> dict[str, Any]:
        return {
            "version": __version__,
            "model": self.loaded_model(),
            "loader": type(self.planner.engine.backend).__name__,
            "roles": len(self.library.ids()),
            "broken_roles": sorted(self.library.errors()),
        }
