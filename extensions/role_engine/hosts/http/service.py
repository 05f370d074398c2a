"""What the HTTP surface needs of the program that it is part of: the webui, or our own server."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from threading import Event
from typing import Any, Protocol

from fastapi.params import Depends
from starlette.datastructures import Headers

from role_engine.app.resolution import Choice
from role_engine.hosts.http.context import Endpoint
from role_engine.hosts.http.history_cut import TextLimit
from role_engine.hosts.http.parsing import KnownValues
from role_engine.language.policy import Hold, Mode
from role_engine.language.verdict import Verdict
from role_engine.roles import Role, RoleLibrary


class Service(Protocol):
    """One object per app, used from the event loop and from threads; every call must be quick and thread-safe."""

    @property
    def library(self) -> RoleLibrary:
        """The roles."""
        ...

    def is_enabled(self) -> bool:
        """False: the middleware passes everything through untouched and the routes answer 404."""
        ...

    # --- who may ask -------------------------------------------------------------------------------------------------

    def is_authorized(self, endpoint: Endpoint, headers: Headers) -> bool:
        """Whether the app itself will accept this request's key; compared in constant time.

        Where it will not, the middleware says nothing (no role names, no errors of ours) and the app answers 401.
        """
        ...

    def key_dependencies(self) -> Sequence[Depends]:
        """The app's own check of its API key, for our routes."""
        ...

    def admin_dependencies(self) -> Sequence[Depends]:
        """The app's own check of its admin key, or of its API key where that is the only one; needs no other."""
        ...

    def has_admin_key(self) -> bool:
        """Whether `admin_dependencies` ask for anything; if not, a foreign `Origin` may change nothing."""
        ...

    # --- what there is -----------------------------------------------------------------------------------------------

    def list_roles(self) -> Collection[str]:
        """Ids that a request may name (`none` need not be among them)."""
        ...

    def list_thinking_modes(self) -> Collection[str]:
        """Thinking modes that a request may name."""
        ...

    def roles_for_models(self) -> Iterable[Role]:
        """Roles that `GET /v1/models` lists as `role:ID`."""
        ...

    def get_loaded_model(self) -> str | None:
        """Name of the model that answers, None where none is loaded."""
        ...

    def text_limit(self) -> TextLimit | None:
        """How much text the model can read at most; None where nobody knows."""
        ...

    # --- what the routes do ------------------------------------------------------------------------------------------

    def active(self) -> Choice:
        """The server's default."""
        ...

    def set_active(self, choice: Choice) -> None:
        """Replace the server's default; the choice has been checked.

        Raises:
            RoleEngineError: it could not be kept.
        """
        ...

    def count_role_usage(self, role: Role, context: int) -> dict[str, Any] | None:
        """What the role costs of `context` tokens, None where the program cannot count tokens."""
        ...

    def check_text(
        self,
        text: str,
        *,
        mode: Mode | None,
        hold: Hold | None,
        context: Sequence[str],
        cancel: Event | None = None,
    ) -> Verdict:
        """The language check; `mode`, `hold` None: what is in force. Runs in a thread; `CheckCancelled` once `cancel`
        is set."""
        ...

    def stats(self) -> dict[str, Any]:
        """Counters since the start."""
        ...

    def health(self) -> dict[str, Any]:
        """State of the parts; `status` is added if missing."""
        ...


def list_known_values(service: Service) -> KnownValues:
    """What a request to this service may name."""
    return KnownValues(service.list_roles(), service.list_thinking_modes(), service.library.errors)
