"""Earlier replies as the model is shown them: without what it should not be pulled along by.

One English sentence in an earlier reply makes the next one likelier. The stored chat is not touched.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import regex

from role_engine.language.check import check
from role_engine.language.markup.markers import ANSWER, THINKING
from role_engine.language.policy import LanguagePolicy
from role_engine.prompts.sentences import Span, text_units

NOTHING_LEFT = "…"

_BLOCK = "|".join(rf"{regex.escape(opener)}.*?(?:{regex.escape(closer)}|\Z)" for opener, closer in THINKING.items())
_THINKING = regex.compile(rf"\s*(?:{_BLOCK})(?:\s*(?:{'|'.join(map(regex.escape, ANSWER))}))*", regex.DOTALL)
_BARE_MARK = regex.compile(r"^[ \t]*(?:[-*+•—]|\d{1,3}[.)]|#{1,6}|>)[ \t]*$\n?", regex.MULTILINE)
_BLANK_LINES = regex.compile(r"\n[ \t]*\n(?:[ \t]*\n)+")


def clean_reply(text: str, policy: LanguagePolicy, context: Sequence[str] = ()) -> str:
    """An earlier reply without the sentences in which the policy finds a violation.

    A code block goes as a whole, a table row or heading as a line. A think block at the start stays as it is: chat
    templates leave it out themselves. A reply of which nothing remains becomes «…».

    Args:
        context: the user's messages up to this reply, oldest first.
    """
    if policy.mode == "off" or not text.strip():
        return text
    violations = check(text, policy, context).violations
    thinking = found.end() if (found := _THINKING.match(text)) else 0
    if not violations:
        return text
    head, body = text[:thinking], text[thinking:]
    units = text_units(body)
    doomed = [unit for unit in units if any(_touch(unit, (v.start - thinking, v.end - thinking)) for v in violations)]
    kept = _without(body, doomed)
    if kept == body:  # a violation between two sentences, an odd space say: nothing to leave out
        return text
    kept = _BLANK_LINES.sub("\n\n", _BARE_MARK.sub("", kept)).strip()
    return head + (body[: len(body) - len(body.lstrip())] if head else "") + (kept or NOTHING_LEFT)


def clean_history(rows: Sequence[Sequence[Any]], policy: LanguagePolicy) -> list[list[Any]]:
    """The webui's rows `[user, assistant, tool?, meta?]` with clean replies, as new lists."""
    cleaned: list[list[Any]] = []
    context: list[str] = []
    for row in rows:
        copy = list(row)
        if copy and isinstance(copy[0], str) and copy[0].strip():
            context.append(copy[0])
        if len(copy) > 1 and isinstance(copy[1], str):
            copy[1] = clean_reply(copy[1], policy, context)
        cleaned.append(copy)
    return cleaned


def _touch(unit: Span, refused: Span) -> bool:
    return unit[0] < refused[1] and refused[0] < unit[1]


def _without(body: str, doomed: Sequence[Span]) -> str:
    kept, place = [], 0
    for start, end in doomed:
        kept.append(body[place:start])
        place = end
    return "".join([*kept, body[place:]])
