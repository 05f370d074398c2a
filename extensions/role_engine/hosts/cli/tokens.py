"""`role-engine tokens …`: tokens of modes, roles and tools in a model's files."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from role_engine.hosts.cli.progress import Progress
from role_engine.hosts.cli.writing import escape_for_terminal, note, put, put_json
from role_engine.paths import Folders

if TYPE_CHECKING:
    from role_engine.models.tokens import Manifest, TokensResult, TurnMarkers, WantedToken

app = typer.Typer(help="Tokens in a model's files: add, remove, list.", rich_markup_mode=None)

Model = Annotated[str, typer.Argument(metavar="MODEL", help="A Hugging Face directory, or a GGUF file.")]
Out = Annotated[
    Path, typer.Option("--out", metavar="DIR", help="The directory to be made; MODEL itself is never touched.")
]
Force = Annotated[bool, typer.Option("--force", help="Replace --out where it holds a model.")]
Copy = Annotated[
    bool,
    typer.Option("--copy", help="Copy the other weights instead of linking them, if DIR is to be trained in place."),
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]


@app.command("add")
def add(
    context: typer.Context,
    model: Model,
    out: Out,
    modes: Annotated[
        list[str] | None,
        typer.Option("--mode", metavar="NAME", help="recursion, think, conflict or your own: <|NAME|>. Repeatable."),
    ] = None,
    roles: Annotated[
        list[str] | None, typer.Option("--role", metavar="NAME", help="A role: <|role:NAME|>. Repeatable.")
    ] = None,
    tool: Annotated[bool, typer.Option("--tool", help="The pair <tool_start> and </tool_end>.")] = False,
    pad: Annotated[bool, typer.Option("--pad", help="<|pad|>, and make it the padding token.")] = False,
    protocol: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Own marks for turns in place of <|im_start|> and <|im_end|>: a YAML file, start and end.",
        ),
    ] = None,
    window: Annotated[
        int | None,
        typer.Option("--context", min=1, metavar="N", help="A context of N tokens, RoPE stretched as needed."),
    ] = None,
    describe: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=TEXT", help="What a mode or role means, in Russian: its row begins as that. Repeatable."
        ),
    ] = None,
    i_will_train: Annotated[
        bool, typer.Option("--i-will-train", help="A protocol for an instruct model, which it does not know yet.")
    ] = False,
    force: Force = False,
    copy: Copy = False,
    as_json: AsJson = False,
) -> None:
    """Write a copy of MODEL with more tokens, and nothing else new. A token does nothing until it is trained.

    Spare rows of the embedding are taken first; it grows only when none is left, and never shrinks. Until somebody
    trains them, the tokens are kept from being generated (suppress_tokens in generation_config.json). In a GGUF file
    spare entries are renamed.

    \b
    Examples: role-engine tokens add Qwen3-8B-Base --out Qwen3-8B-modes --mode recursion --mode think
              role-engine tokens add Qwen3-8B-Base --out Qwen3-8B-128k --role logician --pad --context 131072
    """
    from role_engine.models.tokens import TokensRequest, add_tokens

    wanted = TokensRequest(
        tokens=_wanted(context.obj, modes or [], roles or [], _described(describe or []), tool=tool, pad=pad),
        protocol=_protocol(protocol),
        context=window,
        i_will_train=i_will_train,
    )
    if not wanted.new_tokens and window is None:
        raise typer.BadParameter("Nothing to add: give --mode, --role, --tool, --pad, --protocol or --context.")
    with _Bar() as bar:
        result = add_tokens(model, out, wanted, force=force, copy=copy, progress=bar)
    _tell(result, as_json)


@app.command("remove")
def remove(
    model: Model,
    out: Out,
    names: Annotated[list[str] | None, typer.Argument(metavar="[TOKEN]…", help="Tokens, or their names.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="All tokens that were added, and the context.")] = False,
    force: Force = False,
    copy: Copy = False,
    as_json: AsJson = False,
) -> None:
    """Write a copy of MODEL without tokens that `tokens add` gave it: rows and settings as they were before.

    \b
    Examples: role-engine tokens remove Qwen3-8B-modes recursion --out Qwen3-8B-fewer
              role-engine tokens remove Qwen3-8B-modes --all --out Qwen3-8B-again
    """
    from role_engine.models.tokens import remove_tokens

    if bool(names) == everything:
        raise typer.BadParameter("Name the tokens to remove, or say --all.")
    with _Bar() as bar:
        result = remove_tokens(model, out, None if everything else names, force=force, copy=copy, progress=bar)
    _tell(result, as_json)


@app.command("list")
def list_added(model: Model, as_json: AsJson = False) -> None:
    """The tokens that `tokens add` gave a model, and whether they are trained.

    \b
    Example: role-engine tokens list Qwen3-8B-modes
    """
    from role_engine.models.tokens import list_tokens

    manifest = list_tokens(model)
    if as_json:
        put_json({"tokens": _as_dicts(manifest)})
    elif manifest is None or not manifest.tokens:
        note("No token was added to it with `tokens add`.")
    else:
        _print(manifest)


class _Bar:
    """A progress bar that learns how much there is to do when the work begins."""

    def __init__(self) -> None:
        self._stack, self._done = ExitStack(), 0
        self._progress: Progress | None = None

    def __call__(self, done: int, total: int) -> None:
        if self._progress is None:
            self._progress = self._stack.enter_context(Progress(total))
        self._progress.advance(done - self._done)
        self._done = done

    def __enter__(self) -> _Bar:
        return self

    def __exit__(self, *error: Any) -> None:
        self._stack.close()


def _described(given: list[str]) -> dict[str, str]:
    described = {}
    for item in given:
        name, equals, text = item.partition("=")
        if not equals or not name or not text.strip():
            raise typer.BadParameter(f"--describe takes NAME=TEXT, not {item!r}.")
        described[name] = text
    return described


def _wanted(
    folders: Folders, modes: list[str], roles: list[str], described: dict[str, str], *, tool: bool, pad: bool
) -> tuple[WantedToken, ...]:
    from role_engine.models.tokens import mode_token, pad_token, role_token, tool_tokens

    if unused := [name for name in described if name not in (*modes, *roles)]:
        raise typer.BadParameter(f"--describe speaks of {unused[0]!r}, which no --mode or --role names.")
    return (
        *(mode_token(name, described.get(name)) for name in modes),
        *(role_token(name, described.get(name) or _of_library(folders, name)) for name in roles),
        *(tool_tokens() if tool else ()),
        *((pad_token(),) if pad else ()),
    )


def _of_library(folders: Folders, name: str) -> str | None:
    """What the role's own file says of it; None: there is no such role."""
    from role_engine.errors import UnknownRole
    from role_engine.roles import RoleLibrary

    try:
        role = RoleLibrary(folders.roles).get(name)
    except UnknownRole:
        return None
    return f"{role.name}. {role.description}".strip()


def _protocol(path: Path | None) -> TurnMarkers | None:
    from role_engine.models.tokens import read_protocol

    return None if path is None else read_protocol(path)


def _tell(result: TokensResult, as_json: bool) -> None:
    if as_json:
        put_json(
            {
                "out": str(result.out),
                "tokens": _as_dicts(result.manifest),
                "rewritten": list(result.rewritten),
                "linked": result.linked,
                "notes": list(result.notes),
            }
        )
        return
    for line in result.notes:
        note(escape_for_terminal(line))
    if result.linked:
        note(
            f"Links to the model's own files: {result.linked}. Do not train in this directory, or make it with --copy."
        )
    if result.manifest is not None and result.manifest.tokens:
        _print(result.manifest)
    put(str(result.out))


def _print(manifest: Manifest) -> None:
    width = max(len(token.token) for token in manifest.tokens)
    for token in manifest.tokens:
        state = "trained" if token.trained else "not trained"
        state += ", banned" if token.banned else ""
        put(
            escape_for_terminal(
                f"{token.id:>7}  {token.token:<{width}}  {token.kind:<8}  {state:<19}  {token.description}"
            )
        )


def _as_dicts(manifest: Manifest | None) -> list[dict[str, Any]]:
    """Without the former rows, which only `remove` needs."""
    tokens = manifest.tokens if manifest is not None else []
    return [token.model_dump(mode="json", exclude={"former"}) for token in tokens]
