"""Tokens added to a copy of the loaded model, as `role-engine tokens add` does it, as a piece of long work.

A page gives names, never paths: the copy is a new folder beside the model.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PureWindowsPath
from typing import TYPE_CHECKING

from role_engine.app.jobs import Job, JobMessage, Report, size_message
from role_engine.errors import ModelError
from role_engine.models.tokens import TokensRequest, WantedToken, mode_token, pad_token, role_token, tool_tokens
from role_engine.models.tokens.wanted import KNOWN_MODES

if TYPE_CHECKING:
    from role_engine.hosts.panel.host import PanelHost

KEY = "tokens"
"""One copy at a time: two would share the disk that the first has counted on."""
_NAME = re.compile(r"[^\W_][\w.+-]{0,99}")


class TokenFormError(Exception):
    """A wish that cannot be; `told` says why, in the language of whoever reads it."""

    def __init__(self, told: JobMessage) -> None:
        self.told = told


@dataclass(frozen=True)
class TokenForm:
    """What the form says.

    Attributes:
        name: of the folder that is to be made.
        copy: no links to the model's own files.
    """

    modes: Sequence[str] = ()
    roles: Sequence[str] = ()
    tool: bool = False
    pad: bool = False
    name: str = ""
    copy: bool = False


def default_name(model: Path) -> str:
    """A name beside the model that nothing has yet."""
    stem = model.stem if model.suffix.lower() == ".gguf" else model.name
    names = (f"{stem}-tokens{'' if number == 1 else f'-{number}'}" for number in range(1, 1000))
    return next((name for name in names if not (model.parent / name).exists()), "")


def begin_adding(host: PanelHost, wish: TokenForm) -> Job:
    """Begin to write the copy.

    Raises:
        Refused: it cannot be begun, and why.
        RoleEngineError: a role or mode cannot have a token.
    """
    model = host.model()
    if why := host.why_fixed():
        raise TokenFormError(JobMessage(why))
    if not isinstance(model, Path):
        raise TokenFormError(JobMessage("no model"))
    if host.works.running(KEY) is not None:
        raise TokenFormError(JobMessage("tokens busy"))
    out = model.parent / _checked(wish.name.strip(), model)
    tokens = tuple(_tokens(host, wish))
    if not tokens:
        raise TokenFormError(JobMessage("tokens nothing"))
    following = JobMessage("tokens next webui" if host.loads_models() else "tokens next serve")
    return host.works.start(KEY, partial(_added, model, out, tokens, wish.copy, following))


def _checked(name: str, model: Path) -> str:
    sound = _NAME.fullmatch(name) and not name.endswith(".") and not PureWindowsPath(name).is_reserved()
    if not sound:
        raise TokenFormError(JobMessage("tokens bad name", {"name": name[:100]}))
    if (model.parent / name).exists():
        raise TokenFormError(JobMessage("tokens taken", {"name": name}))
    return name


def _tokens(host: PanelHost, wish: TokenForm) -> list[WantedToken]:
    own = {mode.id: mode.name for mode in host.modes.all()}
    roles = [host.library.get(role_id) for role_id in wish.roles]
    return [
        *(mode_token(name, None if name in KNOWN_MODES else own.get(name)) for name in wish.modes),
        *(role_token(role.id, f"{role.name}. {role.description}".strip()) for role in roles),
        *(tool_tokens() if wish.tool else ()),
        *((pad_token(),) if wish.pad else ()),
    ]


def _added(
    model: Path, out: Path, tokens: tuple[WantedToken, ...], copy: bool, following: JobMessage, report: Report
) -> JobMessage:
    from role_engine.models.tokens import add_tokens

    def progress(done: int, total: int) -> None:
        key = "tokens progress" if done < total else "tokens closing"
        report(
            JobMessage(key, {"done": size_message(done), "total": size_message(total)}, done / total if total else None)
        )

    report(JobMessage("tokens reading"))
    try:
        result = add_tokens(model, out, TokensRequest(tokens=tokens), copy=copy, progress=progress)
    except ModelError as error:
        where = f"{error.path.name}: " if error.path is not None else ""
        raise ModelError(where + error.message, hint=error.hint.replace(" --out", "")) from None
    added = {token.text for token in tokens}
    manifest = result.manifest.tokens if result.manifest is not None else []
    listed = ", ".join(f"{token.token} ({token.id})" for token in manifest if token.token in added)
    notes = "".join(f" {note[:1].upper()}{note[1:]}." for note in result.notes)
    linked = JobMessage("tokens linked") if result.linked else ""
    return JobMessage(
        "tokens done", {"name": out.name, "tokens": listed, "linked": linked, "next": following, "notes": notes}
    )
