"""What `roles validate` asks of a file beyond being readable: that everything it names is there."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from role_engine.errors import RoleEngineError, RoleError, TemplateError, suggest_known
from role_engine.files import is_file
from role_engine.roles.inheritance import chain, merge
from role_engine.roles.library import RoleLibrary
from role_engine.roles.role import NO_THINKING, Role
from role_engine.roles.role_file import RoleSource, is_named_as_text, load_role_file


@dataclass(frozen=True, slots=True)
class RoleReport:
    """The outcome for one file: the role if it could be made, and every problem found."""

    path: Path
    role: Role | None
    problems: tuple[RoleEngineError, ...]

    @property
    def ok(self) -> bool:
        return not self.problems


def validate_role_file(
    path: Path,
    library: RoleLibrary | None = None,
    *,
    templates: Collection[str] | None = None,
    modes: Collection[str] | None = None,
    document_problem: Callable[[Path], str] | None = None,
    text: str | None = None,
    render: Callable[[Role], object] | None = None,
) -> RoleReport:
    """Read a file, join it to what it extends (in its own folder, then in `library`), and look up all it names.

    Args:
        templates: the names of the prompt templates there are; None: not looked at.
        modes: the thinking modes there are, `none` besides; None: not looked at.
        document_problem: says what is wrong with a file of `knowledge.files`, or ""; None: only looked for.
        text: what the file would hold; None: what it holds.
        render: fills the role's texts in (`role_engine.prompts.role_text`): those of a role with `jinja: true` may
            fail; None: not tried.
    """
    try:
        source = load_role_file(path, text)
        sources = _surroundings(source, library)
        role = merge(chain(source.id, sources))
        if role.jinja and render is not None:
            render(role)
    except RoleError as error:
        return RoleReport(path, None, (error,))
    except TemplateError as error:
        line = next((found for key in ("jinja", "system", "system_file") if (found := source.line(key))), None)
        about: dict[str, Any] = {"kind": "jinja", "values": {"said": error.message}}
        return RoleReport(path, None, (RoleError(error.message, path=path, line=line, hint=error.hint, **about),))
    return RoleReport(path, role, tuple(_dangling(role, source, sources, templates, modes, document_problem)))


def _surroundings(source: RoleSource, library: RoleLibrary | None) -> dict[str, RoleSource]:
    known = library is not None and library.folders[:1] == (source.path.parent,)
    beside = {} if known else RoleLibrary([source.path.parent]).sources()
    return {**(library.sources() if library is not None else {}), **beside, source.id: source}


def _dangling(  # noqa: C901 - a branch for each name that can lead nowhere
    role: Role,
    source: RoleSource,
    known: Collection[str],
    templates: Collection[str] | None,
    modes: Collection[str] | None,
    document_problem: Callable[[Path], str] | None,
) -> list[RoleEngineError]:
    problems: list[RoleEngineError] = []
    for index, target in enumerate(role.handoff):
        if target not in known:
            line = source.line("handoff", index)
            hint = suggest_known(target, known, "roles")
            problems.append(
                RoleError(
                    f"`handoff` names {target!r}, which is not there.",
                    path=source.path,
                    line=line,
                    hint=hint,
                    kind="no role",
                    values={"word": target, "known": tuple(known)},
                )
            )
    if "system_file" in source.said and not is_named_as_text(source.said["system_file"]):
        name = source.said["system_file"].name
        problems.append(
            RoleError(
                f"`system_file`: {name!r} cannot become knowledge, so what of it the context has no room for is lost.",
                path=source.path,
                line=source.line("system_file"),
                hint="Rename it to .md or .txt.",
            )
        )
    for index, file in enumerate(role.knowledge.files):
        line = source.line("knowledge", "files", index)
        if not is_file(file):
            problems.append(
                RoleError(
                    f"`knowledge.files`: there is no file {file.name!r}.",
                    path=source.path,
                    line=line,
                    kind="no file",
                    values={"key": "knowledge.files", "name": file.name},
                )
            )
        elif document_problem is not None and (problem := document_problem(file)):
            problems.append(RoleError(f"`knowledge.files`, {file.name}: {problem}", path=source.path, line=line))
    if "card" in source.said and not is_file(source.said["card"]):
        line = source.line("card")
        hint = "It holds what `roles export` gives back; without it, the role cannot be exported as it came."
        name = source.said["card"].name
        values = {"key": "card", "name": name}
        message = f"`card`: there is no file {name!r}."
        problems.append(RoleError(message, path=source.path, line=line, hint=hint, kind="no file", values=values))
    if role.template is not None and templates is not None and role.template not in templates:
        hint = suggest_known(role.template, templates, "templates")
        problems.append(
            RoleError(
                f"There is no template {role.template!r}.",
                path=source.path,
                line=source.line("template"),
                hint=hint,
                kind="no template",
                values={"word": role.template, "known": tuple(templates)},
            )
        )
    for mode in dict.fromkeys((role.thinking.default, *role.thinking.modes)):
        if modes is not None and mode not in (NO_THINKING, *modes):
            key = "default" if mode == role.thinking.default else "modes"
            hint = suggest_known(mode, (NO_THINKING, *modes), "thinking modes")
            line = source.line("thinking", key) or source.line("thinking")
            problems.append(
                RoleError(
                    f"There is no thinking mode {mode!r}.",
                    path=source.path,
                    line=line,
                    hint=hint,
                    kind="no mode",
                    values={"word": mode, "known": (NO_THINKING, *modes)},
                )
            )
    if not role.thinking.offers(role.thinking.default):
        problems.append(
            RoleError(
                f"`thinking.default` is {role.thinking.default!r}, which `thinking.modes` does not offer.",
                path=source.path,
                line=source.line("thinking", "default"),
                kind="mode not offered",
                values={"name": role.thinking.default},
            )
        )
    return problems
