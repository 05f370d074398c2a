"""A role's texts in at most so many tokens: what gives way, in which order, and what never does.

1. Knowledge: it gets what the role's own texts leave free.
2. Examples, the last one first.
3. Sections that can be spared (see `shortening.OPTIONAL_SECTIONS`).
4. Paragraphs and sentences, from the end: of what the role extends, then its own.

The first paragraphs (the language rule, who the role is), what the role must not do, and the reminder stay. The outcome
does not depend on the question, so that a prompt begins like the one before it, and the engine's cache holds.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from role_engine.budget.shortening import shorten
from role_engine.prompts.frame import RoleText

BESIDE_A_TEXT = 3
"""Tokens of line ends and blank lines between one text and the next."""
_FOR_KNOWLEDGE, _FOR_CONTENTS = 3, 4  # a third of a book's limit for what it says of the question, a quarter of the
# rest for its table of contents


@dataclass(frozen=True, slots=True)
class FittedRoleText:
    """A role's texts, ready for a prompt.

    Attributes:
        said: the texts, without knowledge.
        left_out: what was left out, each entry beginning with the part's name.
        room: tokens that are left for knowledge; None: no limit.
        is_abridged: the text is too long a book: what it says is to be looked up as knowledge.
    """

    said: RoleText
    left_out: tuple[str, ...] = ()
    room: int | None = None
    is_abridged: bool = False


def fit_role_text(
    said: RoleText, limit: int, count: Callable[[str], int], *, book: bool, knowledge: int
) -> FittedRoleText:
    """`said` in at most `limit` tokens, unless what never gives way takes more.

    Args:
        count: tokens of a text, without those that a tokenizer sets at the start of each.
        book: a text that does not fit is shortened to its beginning and table of contents.
        knowledge: tokens that the role wants for knowledge.
    """
    left_out: list[str] = []
    room = limit - _cost(count, said.system, said.reminder)
    examples = list(said.examples)
    taken = [_cost(count, turn.user, turn.assistant) for turn in examples]
    while examples and sum(taken[: len(examples)]) > room:
        examples.pop()
    if len(examples) < len(said.examples):
        of = len(said.examples)
        left_out.append(f"examples ({of - len(examples)} of {of})" if examples else "examples")
    said = replace(said, examples=tuple(examples))
    room -= sum(taken[: len(examples)])
    if room >= 0:
        return FittedRoleText(said, tuple(left_out), room)
    rest = limit - _cost(count, said.rules, said.reminder) - BESIDE_A_TEXT
    kept = min(knowledge, limit // _FOR_KNOWLEDGE) if book else 0
    system, told = _abridged(said, rest - kept, count, book)
    left_out += [f"system ({what})" for what in told]
    said = replace(said, system="\n\n".join(text for text in (system, said.rules) if text), own=0)
    room = limit - _cost(count, said.system, said.reminder)
    return FittedRoleText(said, tuple(left_out), max(0, room), book)


def _abridged(said: RoleText, limit: int, count: Callable[[str], int], book: bool) -> tuple[str, tuple[str, ...]]:
    body = said.system.removesuffix(said.rules).rstrip()
    inherited, own = body[: said.own].rstrip(), body[said.own :]
    contents = table_of_contents(body, max(0, limit) // _FOR_CONTENTS, count) if book else ""
    short = shorten(inherited, own, limit - (_cost(count, contents) if contents else 0), count)
    return "\n\n".join(text for text in (short.text, contents) if text), short.left_out


def _cost(count: Callable[[str], int], *texts: str) -> int:
    return sum(count(text) + BESIDE_A_TEXT for text in texts if text)


TITLE = "Оглавление"
CUT = "…"

_HEADING = re.compile(r"^(#{1,6})[ \t]+(.+?)[ \t]*#*$", re.MULTILINE)
_CHAPTER = re.compile(
    r"^[ \t]*((?:глава|часть|раздел|книга|chapter|part)[ \t]+(?:\d{1,4}|[IVXLC]{1,8}|[а-яё]{3,20})\b[^\n]{0,120})$",
    re.IGNORECASE | re.MULTILINE,
)
_MOST_LINES = 2000
_TOO_FEW = 3


def table_of_contents(text: str, limit: int, count: Callable[[str], int]) -> str:
    """«Оглавление:» and the headings of `text`, as deep as fits into `limit` tokens; empty without headings.

    Headings are those of Markdown, and lines like «Глава 3. Начало». A list that would say next to nothing
    without a level that does not fit breaks off in it, with «…».
    """
    headings = [(len(found[1]), found[2]) for found in _HEADING.finditer(text)]
    headings = headings or [(1, found[1].strip()) for found in _CHAPTER.finditer(text)]
    levels = sorted({level for level, _ in headings})
    for deepest in reversed(levels):
        lines = [f"{'  ' * levels.index(level)}- {words}" for level, words in headings if level <= deepest]
        lines = lines[:_MOST_LINES]
        if count(_table(lines)) <= limit:
            return _table(lines)
        above = sum(1 for level, _ in headings if level < deepest)
        if above < _TOO_FEW and (cut := _breaking_off(lines, limit, count)):
            return cut
    return ""


def _breaking_off(lines: list[str], limit: int, count: Callable[[str], int]) -> str:
    """As many of the lines as fit, with «…» behind them."""
    low, high, fits = 1, len(lines), ""
    while low < high:
        middle = (low + high) // 2
        shorter = _table([*lines[:middle], CUT])
        if count(shorter) <= limit:
            fits, low = shorter, middle + 1
        else:
            high = middle
    return fits


def _table(lines: list[str]) -> str:
    return "\n".join([f"{TITLE}:", *lines])
