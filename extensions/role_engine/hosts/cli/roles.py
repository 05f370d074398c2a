"""`role-engine roles …`: the library."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from role_engine.hosts.cli.cards import export_role, import_role
from role_engine.hosts.cli.exit_codes import EXIT_NEGATIVE
from role_engine.hosts.cli.writing import escape_for_terminal, note, put, put_json
from role_engine.paths import Folders

if TYPE_CHECKING:
    from role_engine.roles import Role, RoleLibrary

app = typer.Typer(help="The library of roles, and character cards.", rich_markup_mode=None)
app.command("import")(import_role)
app.command("export")(export_role)

AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]


def library(folders: Folders) -> RoleLibrary:
    from role_engine.roles import RoleLibrary

    return RoleLibrary(folders.roles)


@app.command("list")
def list_roles(context: typer.Context, as_json: AsJson = False) -> None:
    """The roles there are, and those whose file is broken.

    \b
    Example: role-engine roles list
    """
    known = library(context.obj)
    roles, errors = known.all(), known.errors()
    if as_json:
        broken = [{"id": role_id, "error": str(error)} for role_id, error in errors.items()]
        put_json({"roles": [dict(role.summary()) for role in roles], "errors": broken})
        return
    rows = [(role.id, role.language.mode, role.name, role.description) for role in roles]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(3)]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        put(escape_for_terminal("  ".join([*cells, row[3]])).rstrip())
    if not rows:
        note("There are no roles in " + ", ".join(map(str, known.folders)))
    for role_id, error in errors.items():
        note(f"broken: {role_id}: {error}")


@app.command("show")
def show(context: typer.Context, name: Annotated[str, typer.Argument(metavar="NAME")], as_json: AsJson = False) -> None:
    """A role with everything in it that it extends.

    \b
    Example: role-engine roles show philosopher
    """
    from role_engine.roles.yaml_writing import to_yaml

    role = library(context.obj).get(name)
    values = role.model_dump(mode="json", exclude_defaults=not as_json)
    if as_json:
        put_json(values)
        return
    path = values.pop("path", None)
    if path:
        put(f"# {path}")
    put(to_yaml(_in_order(values)), end="")


def _in_order(values: dict[str, Any]) -> dict[str, Any]:
    """As people write role files: the short keys that say what it is before the long texts."""
    first = ("id", "name", "description")
    return {key: values[key] for key in (*first, *(k for k in values if k not in first)) if key in values}


@app.command("validate")
def validate(
    context: typer.Context,
    files: Annotated[list[str] | None, typer.Argument(metavar="FILE", help="Default: every role there is.")] = None,
    as_json: AsJson = False,
) -> None:
    """Check role files, and that everything they name is there. Exit code 1 when something is wrong.

    \b
    Example: role-engine roles validate roles/poet.yaml
    """
    from role_engine.errors import InputError
    from role_engine.files import is_file
    from role_engine.knowledge.documents import document_problem
    from role_engine.modes.library import ModeLibrary
    from role_engine.prompts import TemplateLibrary
    from role_engine.prompts.frame import try_texts
    from role_engine.roles import validate_role_file

    known = library(context.obj)
    modes = ModeLibrary(context.obj.modes).names()
    templates = TemplateLibrary(context.obj.templates).names()
    paths = [Path(file) for file in files] if files else _every_file(known)
    for path in paths:
        if not is_file(path):
            raise InputError("There is no such file.", path=path)
    reports = [
        validate_role_file(
            path, known, templates=templates, modes=modes, document_problem=document_problem, render=try_texts
        )
        for path in paths
    ]
    ok = all(report.ok for report in reports)
    if as_json:
        found = [{"file": str(r.path), "ok": r.ok, "problems": [str(p) for p in r.problems]} for r in reports]
        put_json({"ok": ok, "files": found})
    else:
        for report in reports:
            for problem in report.problems:
                put(escape_for_terminal(str(problem)))
        good = sum(report.ok for report in reports)
        put(f"{good} of {len(reports)} role files are valid.")
    if not ok:
        raise typer.Exit(EXIT_NEGATIVE)


def _every_file(known: RoleLibrary) -> list[Path]:
    """The files that the library reads: of two with one id the first."""
    found: dict[str, Path] = {}
    for folder in known.folders:
        for path in sorted(folder.glob("*.yaml")):
            if not path.name.startswith("."):
                found.setdefault(path.stem, path)
    return [found[stem] for stem in sorted(found)]


@app.command("new")
def new(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The id: 1 to 64 of a-z, 0-9, _ and -.")],
    title: Annotated[str | None, typer.Option(help="The name that users see. Default: the id.")] = None,
    extends: Annotated[str, typer.Option(metavar="ROLE", help="The role that it builds on; '' for none.")] = "russian",
) -> None:
    """Write a role file to start from, into roles/ of the home folder, and print its path.

    \b
    Example: role-engine roles new gardener --title Садовник
    """
    from role_engine.app.new_role import write_new_role

    known = library(context.obj)
    parent: Role | None = known.get(extends) if extends else None
    path = write_new_role(context.obj.own_roles, name, title=title or name, parent=parent)
    put(str(path))
