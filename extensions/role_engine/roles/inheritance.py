"""`extends`: a chain of role files becomes one role.

The parent speaks first. Its system text is followed by the child's, its `negative` and `language.allow` are continued;
everything else the child replaces where it says something, key by key inside `language`, `thinking`, `knowledge`,
`sampling` and `budget`. `override: [system, negative, allow]` replaces instead of continuing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from role_engine.errors import RoleError, suggest_known
from role_engine.roles.role import Role
from role_engine.roles.role_file import RoleSource

MERGED_BY_KEY = ("language", "thinking", "knowledge", "sampling", "budget")


def chain(role_id: str, sources: Mapping[str, RoleSource], broken: Collection[str] = ()) -> list[RoleSource]:
    """The files that make up `role_id`, the eldest first.

    Args:
        broken: ids of files that are there and cannot be read, for a better message.

    Raises:
        RoleError: a parent that is not there, or a circle; the message names the chain.
    """
    links = [sources[role_id]]
    while (parent := links[-1].extends) is not None:
        child = links[-1]
        names = [link.id for link in links]
        shown = " → ".join([*names, parent])
        if parent in names:
            raise RoleError(
                f"`extends` goes in a circle: {shown}.",
                path=child.path,
                line=child.line("extends"),
                hint="Break it.",
                kind="circle",
                values={"chain": shown},
            )
        if parent not in sources and parent in broken:
            raise RoleError(
                f"Extends {parent!r}, which is broken itself ({shown}).",
                path=child.path,
                line=child.line("extends"),
                hint=f"Mend {parent!r} first.",
                kind="broken parent",
                values={"name": parent, "chain": shown},
            )
        if parent not in sources:
            raise RoleError(
                f"Extends {parent!r}, which is not there ({shown}).",
                path=child.path,
                line=child.line("extends"),
                hint=suggest_known(parent, sources, "roles"),
                kind="no parent",
                values={"word": parent, "known": tuple(sources), "chain": shown},
            )
        links.append(sources[parent])
    return links[::-1]


def merge(links: Sequence[RoleSource]) -> Role:
    """One role out of a chain, the eldest first.

    Raises:
        RoleError: the whole lacks `name` or `system`.
    """
    merged: dict[str, Any] = {}
    for link in links:
        merged = _continued(merged, link)
    own = links[-1]
    for key in ("name", "system"):
        if not merged.get(key):
            from_parent = ", and nothing that it extends has one" if len(links) > 1 else ""
            message = f"`{key}` is missing{from_parent}."
            raise RoleError(message, path=own.path, hint=f"Add `{key}:`.", kind="missing", values={"key": key})
    try:
        return Role.model_validate({**merged, "id": own.id, "path": own.path})
    except ValidationError as error:  # every link was valid; only their union can be at fault
        first = error.errors()[0]
        if not first["loc"]:  # not one key: several that do not go together
            raise RoleError(f"Cannot be: {first['ctx']['error']}.", path=own.path) from None
        where = ".".join(str(step) for step in first["loc"])
        raise RoleError(f"`{where}`: {first['msg']}.", path=own.path) from None


def _continued(parent: Mapping[str, Any], link: RoleSource) -> dict[str, Any]:
    merged = dict(parent)
    for key, said in link.said.items():
        before = parent.get(key)
        if key in MERGED_BY_KEY and before is not None:
            merged[key] = {**before, **said}
        elif key == "system":
            inherited = f"{before.rstrip()}\n\n" if before and key not in link.override else ""
            merged[key], merged["own"] = (f"{inherited}{said.lstrip()}" if inherited else said), len(inherited)
            merged["system_file"] = link.said.get("system_file") or (parent.get("system_file") if inherited else None)
        elif key == "system_file":
            continue
        elif key == "negative" and before and key not in link.override:
            merged[key] = _joined(before, said)
        else:
            merged[key] = said
    allowed = (parent.get("language") or {}).get("allow")
    if allowed and "allow" not in link.override:
        own = (link.said.get("language") or {}).get("allow", ())
        merged["language"] = {**merged["language"], "allow": _joined(allowed, own)}
    return merged


def _joined(before: Sequence[str], said: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*before, *said]))
