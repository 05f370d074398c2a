"""Inline code: from a run of backticks to the next run of the same length, or to the line's end.

What stands in it is not looked at. A backtick that nothing closes on its line is a sign like others, unless what
follows it is code by the look of it; in neither case does it reach behind the line's end, but for the one of a
paragraph that is broken within the code.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import regex

from role_engine.held_text import find_partial_end
from role_engine.language.alphabets import FLAGS, LINE_END, LOOK_AHEAD, SPACES
from role_engine.language.letters.exact import RefusedLetters
from role_engine.language.markup.decided import WAIT, DecidedMarkup
from role_engine.language.markup.markers import NOWHERE
from role_engine.language.markup.meter import Meter, measure
from role_engine.language.markup.prose import (
    A_WORD,
    LONGEST_MESSAGE,
    ProseWatch,
    foreign_letters,
    goes_on_in_row,
    is_foreign_prose,
    is_plainly_code,
    is_russian_prose,
)
from role_engine.language.markup.zones import partial_tag

LONGEST_RUN = 3
# «``Победа''»: quotation marks as TeX has them, also as an encyclopaedia's export escapes them.
LENGTH_OF_QUOTE = 2
_QUOTED = regex.compile(r"[А-Яа-яЁё](?:[^`'&\n]|'(?!')|&(?!#39;&#39;))*(?:''|&\#39;&\#39;)")
# Stands for a character of code where words are judged: a sign that no rule looks at.
STAND_IN = "№"

_RUN = regex.compile("`+")
_ONE_LINE_END = regex.compile(rf"\r\n|{LINE_END}", FLAGS)
_A_RUSSIAN = regex.compile("[А-Яа-яЁё]")
_MIXED = regex.compile(r"[A-Za-z][А-Яа-яЁё]|[А-Яа-яЁё][A-Za-z]")
_VISIBLE = regex.compile(r"[^\s`]")


class InlineCode(NamedTuple):
    """In inline code that `closer` ends: backticks, or the closing tag of an HTML element for code.

    Attributes:
        free: it is not looked into; if not, it is judged like the text around it.
        prose: it reads as foreign prose, whose letters are counted.
        passed: characters so far, where they are counted.
        meter: what was read of it, where it is no prose by its beginning.
        outer: what the code itself stands in.
    """

    closer: str
    free: bool = True
    prose: bool = False
    passed: int = 0
    meter: Meter = Meter()
    outer: Any = None


def open_span(text: str, at: int, before: str, watch: ProseWatch, finished: bool) -> DecidedMarkup | None:
    """The code that the backticks at `at` open; where nothing closes them, the signs themselves."""
    run = _RUN.match(text, at)
    if run is None or before.endswith("`"):
        return None
    size = run.end() - at
    if size > LONGEST_RUN:
        return None
    if run.end() == len(text) and not finished:
        return WAIT
    if size == LENGTH_OF_QUOTE and (quoted := _QUOTED.match(text, run.end(), run.end() + LOOK_AHEAD)):
        return DecidedMarkup(run.end(), None, "markup", depends_until=quoted.end())
    code = open_code(text, run.end(), "`" * size, watch, finished)
    if code is not None:
        return code
    # That they are mere signs holds as long as nothing closes them.
    return DecidedMarkup(run.end(), None, "markup", depends_until=look_ahead_for_close(text, run.end()))


def look_ahead_for_close(text: str, start: int) -> int:
    """How far text is looked at for the mark that closes code which begins at `start`."""
    limit = min(start + LOOK_AHEAD, len(text))
    line = _ONE_LINE_END.search(text, start, limit)
    second = _ONE_LINE_END.search(text, line.end(), limit) if line else None
    return second.end() if second else limit


def open_code(text: str, start: int, closer: str, watch: ProseWatch, finished: bool) -> DecidedMarkup | None:
    """Code whose content begins at `start`, up to `closer`; None where it is no code."""
    limit = start + LOOK_AHEAD
    closing = _find_closing(text, start, limit, closer)
    line = _ONE_LINE_END.search(text, start, limit)
    if closing is not None and (line is None or closing.end() <= line.start() or _wraps(text, line, closing.start())):
        if _may_grow(text, closing.end(), closer) and not finished:
            return WAIT
        content = text[start : closing.start()]
        depends_until = closing.end()
        prose = is_foreign_prose(content) or goes_on_in_row(content, watch)
        letters = foreign_letters(content) if prose else 0
        if prose and watch.russian < A_WORD:  # what follows may say that it is a message
            explained = _A_RUSSIAN.search(text, depends_until, limit)
            if explained is None and len(text) < limit and not finished:
                return WAIT
            depends_until = explained.end() if explained else min(limit, len(text))
            free = explained is not None and watch.allows(letters)
        else:
            free = not prose or watch.allows(letters)
        if not free:
            return DecidedMarkup(start, InlineCode(closer, free=False), "code", depends_until=depends_until)
        if NOWHERE.search(content):
            return DecidedMarkup(start, InlineCode(closer), "code", depends_until=depends_until)
        return DecidedMarkup(
            closing.end(), None, "code", depends_until=depends_until, letters=letters, prose=prose, said=content
        )
    if not (finished or _is_known(text, line, limit)):
        return WAIT
    end = line.start() if line is not None else min(limit, len(text))
    content = text[start:end]
    if end < limit and not _looks_like_code(content):
        return None
    if is_russian_prose(content):  # signs that nothing closes for long, in Russian text, open nothing
        return None
    prose = is_foreign_prose(content)
    free = not prose or watch.allows(foreign_letters(content), fewest=A_WORD)
    zone = InlineCode(closer, free, prose and free)
    return DecidedMarkup(start, zone, "code", depends_until=look_ahead_for_close(text, start), prose=zone.prose)


def pass_code(zone: InlineCode, text: str, start: int, watch: ProseWatch, finished: bool) -> DecidedMarkup:
    """Let the code at `text[start:]` through.

    What may become the closing mark, or a tag that must not stand there, is held back; a line's end too, while it is
    not known whether the code goes on behind it.
    """
    end, closed, refused = _stretch(zone, text, start, finished)
    # At a line's end, nothing that closes it was found on the next line.
    depends_until = look_ahead_for_close(text, end) if closed and end < len(text) and text[end] in SPACES else 0
    if not zone.prose:
        meter, spent_at = measure(zone.meter, text, start, end, watch, LONGEST_MESSAGE)
        if spent_at >= 0:
            return DecidedMarkup(spent_at, zone._replace(free=False, meter=Meter()), "code")
        return DecidedMarkup(end, None if closed else zone._replace(meter=meter), "code", refused, depends_until)
    end, spent = _until_spent(zone, text, start, end, watch)
    letters = foreign_letters(text[start:end])
    if spent:
        return DecidedMarkup(end, zone._replace(free=False, prose=False), "code", letters=letters)
    rest = None if closed else zone._replace(passed=zone.passed + end - start)
    return DecidedMarkup(end, rest, "code", refused, depends_until, letters)


def close_code(zone: InlineCode, text: str, at: int, finished: bool) -> DecidedMarkup | None:
    """The mark at `at` that closes code which is judged like text; None if it is none."""
    if zone.closer[0] != "`":
        if text.startswith(zone.closer, at):
            return DecidedMarkup(at + len(zone.closer), None, "markup")
        partial = len(text) - at < len(zone.closer) and zone.closer.startswith(text[at:])
        return WAIT if partial and not finished else None
    run = _RUN.match(text, at)
    if run is None or run.end() - at > len(zone.closer):
        return None
    if run.end() == len(text) and not finished:
        return WAIT
    return DecidedMarkup(run.end(), None, "markup") if run.end() - at == len(zone.closer) else None


def hidden(text: str) -> str:
    """The text of a window, which begins outside of code, with stand-ins for the code in it.

    Code is one chunk then. Where its end is not there, it goes to the line's end. What must stand nowhere is shown.
    """
    at, pieces = 0, list[str]()
    for run in _RUN.finditer(text, len(text) - len(text.lstrip("`"))):
        if run.start() < at or run.end() - run.start() > LONGEST_RUN:
            continue
        line = _ONE_LINE_END.search(text, run.end())
        end = line.start() if line else len(text)
        closing = _closing(run.group()).search(text, run.end(), end)
        until = closing.start() if closing else end
        if NOWHERE.search(text, run.end(), until):
            continue
        pieces += [text[at : run.end()], STAND_IN * (until - run.end())]
        at = until
        if closing:
            pieces.append(closing.group())
            at = closing.end()
    return "".join(pieces) + text[at:]


def cover_code(text: str) -> str:
    """Code that was let through, as it is remembered: its letters are no words of the text around it."""
    return _VISIBLE.sub(STAND_IN, text)


def _find_closing(text: str, start: int, limit: int, closer: str) -> regex.Match[str] | None:
    found = _closing(closer).search(text, start, limit + LONGEST_RUN)
    return found if found is not None and found.end() <= limit else None


def _looks_like_code(content: str) -> bool:
    """Whether what follows a backtick that nothing closes is code all the same."""
    return not _MIXED.search(content) and is_plainly_code(content)


def _may_grow(text: str, end: int, closer: str) -> bool:
    """Whether the backticks that end the text may be followed by more."""
    return end == len(text) and closer[0] == "`"


def _wraps(text: str, line: regex.Match[str], until: int) -> bool:
    """Whether only the one line's end stands between a line of code and the rest of it."""
    return _ONE_LINE_END.search(text, line.end(), until) is None


def _is_known(text: str, line: regex.Match[str] | None, limit: int) -> bool:
    """Whether no closing mark can come any more that would count: the limit is reached, or a second line's end."""
    if len(text) >= limit + LONGEST_RUN:
        return True
    return line is not None and _ONE_LINE_END.search(text, line.end(), limit) is not None


def _stretch(zone: InlineCode, text: str, start: int, finished: bool) -> tuple[int, bool, tuple[RefusedLetters, ...]]:
    """How far the code goes through, whether it ends there, and what in it must stand nowhere."""
    for stop in _stops(zone.closer).finditer(text, start):
        kind = stop.lastgroup
        if kind == "tag":
            if stop.start() > start:  # what stands before it may be released
                return stop.start(), False, ()
            return stop.end(), False, (RefusedLetters("garbage", *stop.span()),)
        if kind == "line":
            if stop.start() > start:
                return stop.start(), False, ()
            return _at_line_end(zone, text, stop, finished)
        if _may_grow(text, stop.end(), zone.closer) and not finished:
            return stop.start(), False, ()
        if stop.group() == zone.closer:
            return stop.end(), True, ()
    if finished:
        return len(text), False, ()
    held = len(text) if zone.closer[0] == "`" else find_partial_end(text, (zone.closer,), start)
    return min(held, partial_tag(text, start)), False, ()


def _at_line_end(
    zone: InlineCode, text: str, line: regex.Match[str], finished: bool
) -> tuple[int, bool, tuple[RefusedLetters, ...]]:
    limit = line.end() + LOOK_AHEAD
    closing = _find_closing(text, line.end(), limit, zone.closer)
    if closing is not None and _wraps(text, line, closing.start()):
        if _may_grow(text, closing.end(), zone.closer) and not finished:
            return line.start(), False, ()
        if tag := NOWHERE.search(text, line.end(), closing.start()):
            return tag.end(), True, (RefusedLetters("garbage", *tag.span()),)
        return closing.end(), True, ()
    return line.start(), finished or _is_known(text, line, limit), ()


def _until_spent(zone: InlineCode, text: str, start: int, end: int, watch: ProseWatch) -> tuple[int, bool]:
    """Where foreign prose has gone on for too long, at white space; `end` where it has not."""
    first = max(start, start + LONGEST_MESSAGE - zone.passed)
    if first >= end:
        return end, False
    watch = watch.spends(foreign_letters(text[start:first]))
    for at in range(first, end):
        if text[at] in SPACES and watch.is_spent:
            return at, True
        watch = watch.spends(foreign_letters(text[at]))
    return end, False


@lru_cache(maxsize=64)
def _closing(closer: str) -> regex.Pattern[str]:
    return regex.compile(f"(?<!`){closer}(?!`)" if closer[0] == "`" else regex.escape(closer))


@lru_cache(maxsize=64)
def _stops(closer: str) -> regex.Pattern[str]:
    """What code that `closer` ends is to be read for."""
    close = "`+" if closer[0] == "`" else regex.escape(closer)
    return regex.compile(rf"(?P<line>\r\n|{LINE_END})|(?P<close>{close})|(?P<tag>{NOWHERE.pattern})", FLAGS)
