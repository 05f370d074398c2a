"""`role-engine roles import` and `roles export`: character cards."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from role_engine.hosts.cli.writing import escape_for_terminal, note, put, put_json


class Format(str, Enum):
    """What a role can be exported as."""

    webui = "webui"
    v2 = "card-v2"
    v3 = "card-v3"


def import_role(
    context: typer.Context,
    card: Annotated[
        str,
        typer.Argument(
            metavar="CARD",
            help="A card: PNG, JSON or .charx; a webui character: YAML or JSON; a lorebook: JSON.",
        ),
    ],
    role_id: Annotated[
        str | None,
        typer.Option(
            "--as",
            metavar="NAME",
            help="The role's id, or the name of a lorebook's file. Default: made of the character's or book's name.",
        ),
    ] = None,
    extends: Annotated[
        str | None,
        typer.Option(metavar="ROLE", help="The role that it builds on; '' for none. Default: russian."),
    ] = None,
    into: Annotated[
        str | None, typer.Option(metavar="ROLE", help="The role of yours that shall know a lorebook.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
) -> None:
    """Make a role of a character card, in roles/ of the home folder, and print its path.

    The card itself, its picture and its lorebook are kept beside it. A lorebook by itself becomes a knowledge file, of
    the role that --into names. Nothing is overwritten.

    \b
    Examples: role-engine roles import Alice.png --as alice
              role-engine roles import world.json --into alice
    """
    from role_engine.cards import Book, import_book, import_card, read_card_or_book
    from role_engine.errors import SettingsError
    from role_engine.prompts import TemplateLibrary
    from role_engine.roles import RoleLibrary

    found, library = read_card_or_book(Path(card)), RoleLibrary(context.obj.roles)
    if isinstance(found, Book):
        if extends is not None:
            raise SettingsError(
                "A lorebook extends nothing: it is no role.", hint="Give the role that knows it: --into."
            )
        book = import_book(found, context.obj.own_roles, library, into=into, name=role_id)
        _tell(book.role, book.files, book.warnings, as_json)
        return
    if into is not None:
        raise SettingsError("A card becomes a role of its own.", hint="Leave --into out; --as names the role.")
    done = import_card(
        found,
        context.obj.own_roles,
        library,
        role_id=role_id,
        extends=extends,
        templates=TemplateLibrary(context.obj.templates).names(),
    )
    _tell(done.id, done.files, done.warnings, as_json)


def _tell(role_id: str | None, files: Sequence[Path], warnings: Sequence[str], as_json: bool) -> None:
    for warning in warnings:
        note(escape_for_terminal(f"note: {warning}"))
    if as_json:
        put_json({"id": role_id, "files": [str(path) for path in files], "warnings": list(warnings)})
    else:
        put(str(files[0]))


def export_role(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The role.")],
    to: Annotated[Format, typer.Option("--format", help="A SillyTavern card or a character of the webui.")],
    out: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Where to write it: .json, .png or .charx (card-v3) for a card, .yaml or .json for webui. "
            "Default: as text on standard output.",
        ),
    ] = None,
    picture: Annotated[
        str | None, typer.Option(metavar="PNG", help="The card's picture. Default: the one that was imported.")
    ] = None,
) -> None:
    """Write a role as a character card.

    A role that was imported gives its card back as it came, with what has been changed in the role since.

    \b
    Example: role-engine roles export poet --format card-v3 --out poet.png
    """
    from role_engine.cards import file_of, gather_export
    from role_engine.cards.card_file import read_file
    from role_engine.cards.exporting import find_picture
    from role_engine.cards.limits import MAX_PICTURE
    from role_engine.errors import SettingsError
    from role_engine.files import write_together
    from role_engine.roles import RoleLibrary

    exported, warnings = gather_export(name, RoleLibrary(context.obj.roles))
    for warning in warnings:
        note(escape_for_terminal(f"note: {warning}"))
    given = Path(picture) if picture is not None else None
    if out is None:
        text = file_of(exported, to.value, ".yaml" if to is Format.webui else ".json")
        put(text.decode(), end="")
        return
    target = Path(out)
    files = {target: file_of(exported, to.value, target.suffix.lower(), picture=given)}
    beside = given or find_picture(exported)
    if to is Format.webui and beside is not None:  # where the webui looks for it
        files[target.with_suffix(beside.suffix)] = read_file(beside, MAX_PICTURE)
    try:
        write_together(target.parent, {path.name: content for path, content in files.items()}, target.name)
    except FileExistsError as error:
        hint = "Choose another --out."
        raise SettingsError("There is such a file already.", path=error.filename, hint=hint) from None
    except OSError as error:
        raise SettingsError(f"Cannot be written: {error.strerror or error}.", path=target) from None
    for path in files:
        put(str(path))
