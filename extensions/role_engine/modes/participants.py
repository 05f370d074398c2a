"""Who speaks in a mode, and what they are called."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from role_engine.language import check
from role_engine.language.policy import LanguagePolicy
from role_engine.modes.mode import Mode
from role_engine.prompts.neutral import as_name
from role_engine.roles import Role

Find = Callable[[str], Role | None]
"""The role of an id; None for one that is not there."""

_LONGEST_NAME = 64
_ORDINALS = ("Первый", "Второй", "Третий", "Четвёртый", "Пятый")


def voices_of(mode: Mode, role: Role | None, find: Find) -> tuple[Role | None, ...]:
    """The mode's voices, first to last, as many as it needs.

    They are those that the role names (`handoff`): of two the role itself is the third, with one it argues itself.
    Where it names nobody, the mode's own. A place that nobody is there for is the role's.
    """
    needed = mode.voices_needed
    named = [found for one in (role.handoff if role is not None else ()) if (found := find(one)) not in (None, role)]
    defaults = [found for one in mode.voices if (found := find(one)) is not None]
    if not named:
        chosen: list[Role | None] = [*defaults]
    elif len(named) >= needed:
        chosen = [*named]
    elif len(named) == needed - 1:
        chosen = [*named, role]
    else:
        chosen = [role, *named, *(one for one in defaults if one not in (role, *named))]
    chosen = [*chosen, *[role] * needed]
    return tuple(chosen[:needed])


def names_in_reply(roles: Sequence[Role | None], policy: LanguagePolicy) -> tuple[str, ...]:
    """What the roles are called in a reply: each by its name, if the policy lets that through and it is no other's."""
    names: list[str] = []
    for role, ordinal in zip(roles, _ORDINALS * len(roles), strict=False):
        name = as_name(role.name).translate(_BRACKETS)[:_LONGEST_NAME].strip() if role is not None else ""
        good = name and name not in names and check(name, policy).ok
        names.append(name if good else ordinal)
    return tuple(names)


_BRACKETS = str.maketrans("[]", "()")
