"""The HTTP surface's `Service`, answered by our own server."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from threading import Event
from typing import Any

from anyio import CapacityLimiter, to_thread
from fastapi.params import Depends
from starlette.datastructures import Headers

from role_engine.app.chat_prompt import chat_template
from role_engine.app.jobs import JobRunner
from role_engine.app.mask_warm_up import list_policies, start_mask_job
from role_engine.app.planner import Planner
from role_engine.app.reply_plan import ReplyPlan
from role_engine.app.resolution import Choice
from role_engine.app.token_usage import count_role_usage
from role_engine.backends.per_policy import PerPolicy
from role_engine.budget import ContextWindow
from role_engine.errors import TemplateError
from role_engine.guard.report import ReplyReport
from role_engine.hosts.http.context import Endpoint
from role_engine.hosts.http.history_cut import ANY_MODEL, TextLimit
from role_engine.hosts.http.stats import Stats
from role_engine.hosts.serve.failures import QueueFull
from role_engine.hosts.serve.request_queue import RETRY_AFTER, RequestQueue
from role_engine.hosts.serve.security.keys import Keys
from role_engine.language import Verdict, check
from role_engine.language.policy import Hold, Mode
from role_engine.prompts import render
from role_engine.prompts.render import RenderedPrompt
from role_engine.roles import Role, RoleLibrary
from role_engine.version import __version__

PLANNED_AT_A_TIME = 16  # some of them wait for an index, and that takes no time of others
PLANS_WAITING = 64


class ServeService:
    """What outlives a request: roles, keys, the default, counters, the line, long work.

    Args:
        default: the server's default to begin with.

    Attributes:
        model_path: the folder of the model, or None where it has none on this machine.
    """

    def __init__(self, planner: Planner, line: RequestQueue, keys: Keys, default: Choice) -> None:
        self.planner, self.line, self.keys = planner, line, keys
        self._active = default
        self._stats = Stats()
        self._planning = CapacityLimiter(PLANNED_AT_A_TIME)
        self._plans = 0  # going on or waiting; the limiter counts a task only some turns of the event loop later
        self.works = JobRunner()
        self.model_path: str | None = None
        planner.default = self.active

    @property
    def library(self) -> RoleLibrary:
        return self.planner.library

    def is_enabled(self) -> bool:
        return True

    def is_authorized(self, endpoint: Endpoint, headers: Headers) -> bool:
        return self.keys.admits(headers)

    def key_dependencies(self) -> Sequence[Depends]:
        return [Depends(self.keys.require)]

    def admin_dependencies(self) -> Sequence[Depends]:
        return [Depends(self.keys.require_for_changes)]

    def has_admin_key(self) -> bool:
        return self.keys.admin is not None or self.keys.api is not None

    def list_roles(self) -> Collection[str]:
        return self.library.ids()

    def list_thinking_modes(self) -> Collection[str]:
        return self.planner.modes.names()

    def roles_for_models(self) -> Iterable[Role]:
        return self.library.all()

    def get_loaded_model(self) -> str | None:
        return self.planner.engine.name

    def text_limit(self) -> TextLimit | None:
        context, token = self.planner.engine.context, self.planner.engine.longest_token
        return ANY_MODEL if context is None or token is None else TextLimit.of_context(context, token)

    def active(self) -> Choice:
        return self._active

    def set_active(self, choice: Choice) -> None:
        self._active = choice

    async def plan(self, make: Callable[[], list[ReplyPlan]]) -> list[ReplyPlan]:
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
            start_mask_job(self.works, self.constraints, list_policies(self.planner.in_force().policy))

    def prompt_of(self, role: Role, question: str) -> RenderedPrompt | None:
        """What the engine's model gets for a role and a question; None where there is no template for it."""
        engine = self.planner.engine
        try:
            template = self._template_of(role)
        except TemplateError:
            return None
        return render(role, question, template=template, values=engine.template_values)

    def count_role_usage(self, role: Role, context: int) -> dict[str, Any] | None:
        planner, engine = self.planner, self.planner.engine
        try:
            template = self._template_of(role)
        except TemplateError:
            return None
        window = ContextWindow(context, engine.count, engine.name)
        return count_role_usage(
            planner.teller, role, template, window, values=engine.template_values, starts=engine.starts
        )

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
        return check(text, self.planner.in_force().policy.change(mode, hold), tuple(context), cancel=cancel)

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
            "model": self.get_loaded_model(),
            "loader": type(self.planner.engine.backend).__name__,
            "roles": len(self.library.ids()),
            "broken_roles": sorted(self.library.errors()),
        }
