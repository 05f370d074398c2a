"""`role-engine check`: the verdict of the language policy on a text."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from role_engine.hosts.cli.exit_codes import EXIT_NEGATIVE
from role_engine.hosts.cli.policy_options import HoldOption, HoldUnit, ModeOption, policy_for
from role_engine.hosts.cli.progress import Progress
from role_engine.hosts.cli.reading import messages_of, name_of, read_context, read_lines, read_pieces, size_of
from role_engine.hosts.cli.writing import put_json

if TYPE_CHECKING:
    from role_engine.language.policy import LanguagePolicy
    from role_engine.language.verdict import Verdict


def check(
    source: Annotated[str, typer.Argument(metavar="FILE", help="UTF-8 text; - is standard input.")] = "-",
    mode: ModeOption = None,
    hold: HoldOption = HoldUnit.sentence,
    context: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="What the user wrote: its names and terms may be repeated. A text file is one message; a .json file "
            "holds a list of strings or chat messages.",
        ),
    ] = None,
    verbose: Annotated[
        bool,
        typer.Option("--verbose", "-v", help="For each Latin word that was weighed, what spoke for and against it."),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
    as_jsonl: Annotated[
        bool,
        typer.Option("--jsonl", help="Read an object with `text` (and `context`) a line, write a verdict a line."),
    ] = False,
) -> None:
    """Find what is not clean Russian in a text, and say where. Exit code 1 when something was found.

    Offsets count characters. A sentence that is not Russian though its letters are makes a text bad; with --hold word
    it is `late`, seen only after its text would have been shown, and does not. With --jsonl every other key of an
    object (`id` …) is carried over; a line that is not such an object ends the run with exit code 2, since an answer
    left out would shift all that follow.

    \b
    Examples: role-engine check reply.txt
              echo 'Это рyчка' | role-engine check --mode strict --json
              role-engine check --hold word reply.txt
              role-engine check -v reply.txt
              role-engine check --jsonl <replies.jsonl >verdicts.jsonl
    """
    if as_json and as_jsonl:
        raise typer.BadParameter("--json and --jsonl exclude each other.")
    if verbose and as_jsonl:
        raise typer.BadParameter("--verbose is for one text: use it with --json or with neither.")
    policy = policy_for(mode, hold)
    messages = read_context(context) if context else ()
    if as_jsonl:
        clean = _check_lines(source, policy, messages)
    elif as_json:
        clean = _put(source, policy, messages, verbose)
    else:
        clean = _show(source, policy, messages, verbose)
    if not clean:
        raise typer.Exit(EXIT_NEGATIVE)


def _show(source: str, policy: LanguagePolicy, messages: tuple[str, ...], verbose: bool) -> bool:
    """The verdict for people, whose lines are shown: the text is kept for that."""
    from role_engine.hosts.cli.verdict_view import print_verdict

    pieces: list[str] = []
    verdict = _check_text(source, policy, messages, pieces.append)
    text = "".join(pieces)
    if verbose:
        from role_engine.hosts.cli.verdict_view import print_evidence
        from role_engine.language.explain import weigh_words

        print_evidence(text, weigh_words(text, policy, messages))
    print_verdict(text, verdict, name_of(source))
    return verdict.ok


def _put(source: str, policy: LanguagePolicy, messages: tuple[str, ...], verbose: bool) -> bool:
    """The verdict as one JSON document; `verbose` adds `weighed`."""
    pieces: list[str] = []
    verdict = _check_text(source, policy, messages, pieces.append if verbose else lambda piece: None)
    found = verdict.as_dict()
    if verbose:
        from role_engine.hosts.cli.verdict_view import evidence_as_dict
        from role_engine.language.explain import weigh_words

        found["weighed"] = evidence_as_dict(weigh_words("".join(pieces), policy, messages))
    put_json(found)
    return verdict.ok


def _check_text(
    source: str, policy: LanguagePolicy, messages: tuple[str, ...], keep: Callable[[str], None] = lambda piece: None
) -> Verdict:
    """The verdict on a text that is read in pieces; each of them is given to `keep`."""
    from role_engine.language import Scanner, Violation
    from role_engine.language.verdict import Verdict

    scanner, violations = Scanner(policy, messages), list[Violation]()
    with Progress(size_of(source)) as progress:
        for piece in read_pieces(source):
            violations += (event for event in scanner.feed(piece) if isinstance(event, Violation))
            keep(piece)
            progress.advance(len(piece.encode("utf-8", "surrogatepass")))
        violations += (event for event in scanner.finish() if isinstance(event, Violation))
    return Verdict(tuple(violations), tuple(scanner.late), scanner.relaxed)


def _check_lines(source: str, policy: LanguagePolicy, messages: tuple[str, ...]) -> bool:
    from role_engine.language import check as verdict_on

    clean = True
    with Progress(size_of(source), quiet=sys.stdout.isatty()) as progress:
        for number, line in read_lines(source):
            where = f"{name_of(source)}:{number}"
            text, context, others = _parsed(line, where)
            verdict = verdict_on(text, policy, messages if context is None else context)
            put_json({**others, **verdict.as_dict()})
            clean = clean and verdict.ok
            progress.advance(len(line.encode()))
    return clean


def _parsed(line: str, where: str) -> tuple[str, tuple[str, ...] | None, dict[str, Any]]:
    from role_engine.errors import InputError

    try:
        given = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{where} is not JSON: {error}.") from None
    if not isinstance(given, dict) or not isinstance(given.get("text"), str):
        raise InputError(f"{where} must be an object with a string in `text`.")
    text, context = given.pop("text"), given.pop("context", None)
    try:
        return text, None if context is None else messages_of(context), given
    except ValueError as error:
        raise InputError(f"{where}: `context`: {error}.") from None
