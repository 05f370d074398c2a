"""What is in force for one reply: the first voice that says something wins, key by key."""

from __future__ import annotations

from dataclasses import dataclass

from role_engine.language.policy import LanguagePolicy
from role_engine.roles import Role, RoleLibrary

NO_ROLE = "none"


@dataclass(frozen=True, slots=True)
class Choice:
    """What one voice (a request, a panel, the server's default) says; None = says nothing."""

    role: str | None = None
    mode: str | None = None
    thinking: str | None = None

    def over(self, other: Choice) -> Choice:
        """This choice, with `other` filling what it leaves open."""
        return Choice(
            role=self.role if self.role is not None else other.role,
            mode=self.mode if self.mode is not None else other.mode,
            thinking=self.thinking if self.thinking is not None else other.thinking,
        )


@dataclass(frozen=True, slots=True)
class InForce:
    """The outcome: the role (None = no persona), the policy (mode `off` = no guard), the thinking mode."""

    role: Role | None
    policy: LanguagePolicy
    thinking: str

    @property
    def guarded(self) -> bool:
        return self.policy.mode != "off"


def resolve(
    library: RoleLibrary, *, request: Choice | None = None, panel: Choice | None = None, server: Choice | None = None
) -> InForce:
    """Request → panel → the role's file → the server's default → the built-in default, key by key.

    Raises:
        UnknownRole: a voice names a role that is not there.
    """
    spoken = (request or Choice()).over(panel or Choice())
    server = server or Choice()
    role_id = spoken.role if spoken.role is not None else server.role
    role = library.get(role_id) if role_id not in (None, NO_ROLE) else None
    fallback = LanguagePolicy()
    if role is not None:
        policy, thinking = role.language, role.thinking.default
    else:
        policy = fallback.model_copy(update={"mode": server.mode} if server.mode else {})
        thinking = server.thinking or "none"
    if spoken.mode is not None:
        policy = policy.model_copy(update={"mode": spoken.mode})
    return InForce(role, policy, spoken.thinking if spoken.thinking is not None else thinking)
