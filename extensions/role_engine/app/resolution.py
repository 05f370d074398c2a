"""What is in force for one reply: the first voice that says something wins, key by key."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace

from role_engine.language.policy import Decoder, LanguagePolicy
from role_engine.roles import Role, RoleLibrary
from role_engine.roles.role import NO_THINKING

log = logging.getLogger(__name__)

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
class Fallback:
    """What the settings say for roles that say nothing of it, and where there is no role.

    Attributes:
        decoder: when tokens are forbidden while decoding.
        template: for models without a chat template.
    """

    decoder: Decoder | None = None
    template: str | None = None


@dataclass(frozen=True, slots=True)
class EffectiveSettings:
    """The outcome: the role (None = no persona), the policy (mode `off` = no guard), the thinking mode."""

    role: Role | None
    policy: LanguagePolicy
    thinking: str

    @property
    def guarded(self) -> bool:
        return self.policy.mode != "off"


def resolve(
    library: RoleLibrary,
    *,
    request: Choice | None = None,
    panel: Choice | None = None,
    server: Choice | None = None,
    message: str | None = None,
    decoder: Decoder | None = None,
) -> EffectiveSettings:
    """Request → panel → the role's file → the server's default → the built-in default, key by key.

    Args:
        message: the thinking mode that the user's message switches on by its token; it stands behind what the request
            itself says. Like the server's default it counts only where the role offers the mode (`thinking.modes`):
            what a message may set off is up to the role.
        decoder: the server's, for roles that say nothing of it.

    Raises:
        UnknownRole: a voice names a role that is not there.
    """
    request, panel, server = request or Choice(), panel or Choice(), server or Choice()
    role_id = request.over(panel).over(server).role
    role = library.get(role_id) if role_id not in (None, NO_ROLE) else None

    def keep_offered(mode: str | None) -> str | None:
        return mode if mode is None or role is None or role.thinking.offers(mode) else None

    spoken = request.over(Choice(thinking=keep_offered(message))).over(panel)
    chosen = spoken.over(_of_file(role)).over(replace(server, thinking=keep_offered(server.thinking)))
    policy = role.language if role is not None else LanguagePolicy()
    if chosen.mode is not None and chosen.mode != policy.mode:
        policy = policy.model_copy(update={"mode": chosen.mode})
    if decoder is not None and "decoder" not in policy.model_fields_set:
        policy = policy.model_copy(update={"decoder": decoder})
    return EffectiveSettings(role, policy, chosen.thinking or NO_THINKING)


def drop_lost_role(choice: Choice, library: RoleLibrary, whose: str) -> Choice:
    """The choice; a role that has gone since it was made is left out, and told in the log."""
    if choice.role in (None, NO_ROLE) or choice.role in library:
        return choice
    log.warning("%s role %r does not exist; going on without it", whose, choice.role)
    return replace(choice, role=None)


def _of_file(role: Role | None) -> Choice:
    """What a role's file says itself, as against what it leaves at the built-in default."""
    if role is None:
        return Choice()
    return Choice(
        mode=role.language.mode if "mode" in role.language.model_fields_set else None,
        thinking=role.thinking.default if "default" in role.thinking.model_fields_set else None,
    )
