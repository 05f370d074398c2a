"""As a Russian editor would have it: names, terms, code and formulas stay in Latin letters, foreign words do not.

A window is read as blocks that are let through whole (code, addresses, a gloss, a title) and as single words
(`terms.py`); what neither covers is refused.
"""

from __future__ import annotations

import re

import regex

from role_engine.language.allow import allowed_in, inside
from role_engine.language.alphabets import CYRILLIC, FLAGS, GREEK, LATIN, LINE_END, LOOK_AHEAD, SPACE, SPACE_IN_LINE
from role_engine.language.decision import Decision, chunk_end, one_run
from role_engine.language.exact import Findings, Span, examine, word_before
from role_engine.language.free_shapes import FREE, FREE_SIGN, QUOTED_CODE, QUOTED_CODE_SIGN
from role_engine.language.markers import THINK_TAG
from role_engine.language.policy import LanguagePolicy
from role_engine.language.terms import Context, Line, judge_terms
from role_engine.language.verdict import Kind
from role_engine.language.window import Window

LONGEST_GLOSS, LONGEST_TITLE = 6, 8

_FOREIGN = rf"[^()\n{CYRILLIC}]"
# «обучение с подкреплением (reinforcement learning)», and what follows «(англ. ».
_GLOSS = regex.compile(rf"(?<={CYRILLIC}[»”\"*_]{{0,4}}{SPACE_IN_LINE})\({_FOREIGN}{{2,62}}\)", FLAGS)
_NAMED_GLOSS = regex.compile(
    rf"(?<=\((?:от{SPACE_IN_LINE})?(?:англ|лат|нем|фр|исп|итал|греч|яп|кит)\w{{0,10}}[.:]?{SPACE_IN_LINE}?)"
    rf"{LATIN}{_FOREIGN}{{1,62}}?(?=[),;])",
    FLAGS,
)
_TITLE = regex.compile(
    "|".join(
        rf"{opening}[^{opening}{closing}\n{CYRILLIC}]{{2,62}}[{closing}]"
        for opening, closing in (("«", "»"), ("“", "”"), ("„", "“”"), ('"', '"'))
    ),
    FLAGS,
)
_QUOTE = re.compile('[«“„"]')
_WORD = regex.compile(r"\p{L}[\p{L}\p{M}\p{N}'’\-‐‑.]*", FLAGS)
_LINE_ENDS = regex.compile(LINE_END, FLAGS)
_A_CYRILLIC = regex.compile(CYRILLIC, FLAGS)
_A_GREEK = regex.compile(GREEK, FLAGS)
_A_LATIN = regex.compile(LATIN, FLAGS)
_SENTENCE_START = regex.compile(rf"(?:[.!?…:;][»”\"')\]]*{SPACE}*|{LINE_END}{SPACE}*|\A[^\p{{L}}]*)\Z", FLAGS)

Block = tuple[int, int]


def decide_letters(chunk: str, before: str, policy: LanguagePolicy, *, loose: bool = False) -> Decision:
    """Judge a chunk that holds no Latin or Greek letter, or (`loose`) one whose Latin is free for its shape."""
    allowed = allowed_in(chunk, before, policy.allow)
    found = examine(chunk, before, emoji=policy.emoji)
    refused = letters_refused(chunk, found, before, policy)
    return Decision(len(chunk), [span for span in refused if not inside(span.start, span.end, allowed)], loose=loose)


def letters_refused(text: str, found: Findings, before: str, policy: LanguagePolicy) -> list[Span]:
    """The refused spans of the exact kinds; `balanced` lets a name of another Cyrillic alphabet stand."""
    if not found.other_cyrillic:
        return found.refused
    names = [
        span
        for span in found.other_cyrillic
        if policy.mode == "balanced"
        and (text[span.start] if span.start else (word_before(before) + text)[0]).isupper()
        and not _SENTENCE_START.search(before + text[: span.start])
    ]
    return sorted(found.refused + [span for span in found.other_cyrillic if span not in names], key=_by_start)


def decide(window: Window, policy: LanguagePolicy, context: Context) -> Decision:
    """Judge the window's chunk, together with the block or phrase that it is part of."""
    text = window.text
    line = Line(_LINE_ENDS.split(window.before)[-1], text, window.stop, window.relies)
    blocks = _Blocks(line, window, policy)
    verdict = judge_terms(line, blocks.end, blocks.all, context)
    if any(start >= blocks.end for start, _ in verdict.refused):  # a refused run goes on: read what it may run into
        blocks.read(len(text))
        verdict = judge_terms(line, blocks.end, blocks.all, context)
    end = _reach(text, blocks.end, verdict.groups)
    runs_on = any(start >= end for start, _ in verdict.refused)
    exact = _exact(text if runs_on else text[:end], window, policy, blocks)
    words = [
        Span("latin", start, until)
        for start, until in verdict.refused
        if not any(span.start < until and start < span.end for span in exact)
    ]
    refused = sorted(exact + words, key=_by_start)
    end, spans = one_run(text, refused, end)
    if (whole := _reach(text, end, blocks.all)) > end:  # the run ended inside a block
        end, spans = one_run(text, refused, whole)

    leaning = verdict.relies + [(start, until) for (start, _), until in blocks.titles.items()]
    relies = max((until for start, until in leaning if start < end), default=0)
    loose = end == window.chunk == LOOK_AHEAD and any(start < end <= until for start, until in blocks.free)
    return Decision(end, spans, relies, loose)


class _Blocks:
    """What of a window is let through whole, and where the unit ends that the window's chunk makes with it.

    Attributes:
        unread: code and formulas, and words of `allow`: not even letters are looked at there.
        free: addresses, markup, file names.
        titles: quoted titles, each with the end of the text that makes its line Russian (0: that stands before).
        end: where the unit ends.
    """

    def __init__(self, line: Line, window: Window, policy: LanguagePolicy) -> None:
        self._line, self._allowed = line, allowed_in(line.text, window.before, policy.allow)
        self._chunk = window.chunk
        self.read(window.chunk)

    def read(self, until: int) -> None:
        """Find the blocks that begin before `until`, or before the end of the unit where that is further."""
        line, text = self._line, self._line.text
        self.unread = self._allowed + (_found(QUOTED_CODE, line, until) if QUOTED_CODE_SIGN.search(text) else [])
        self.free = _found(FREE, line, until) if FREE_SIGN.search(text) else []
        self.titles = _titles(line, until)
        self.all = [*self.unread, *self.free, *_glosses(line, until), *self.titles]
        self.end = _reach(text, self._chunk, self.all)
        if self.end > until:
            self.read(self.end)


def _exact(text: str, window: Window, policy: LanguagePolicy, blocks: _Blocks) -> list[Span]:
    """The spans of the exact kinds in `text`, the window or its beginning."""
    found = examine(text, window.before, emoji=policy.emoji)
    spans = letters_refused(text, found, window.before, policy)
    begun = word_before(window.before)
    for start, end in found.words:
        if kind := _greek_kind(text[start:end] if start else begun + text[:end]):
            spans.append(Span(kind, start, end))
    spans = [span for span in spans if not inside(span.start, span.end, blocks.unread)]
    if "<" in text[1:]:
        tags = (tag.span() for tag in THINK_TAG.finditer(text, 1))
        spans += [Span("garbage", *tag) for tag in tags if inside(*tag, blocks.unread + blocks.free)]
    return spans


def _by_start(span: Span) -> int:
    return span.start


def _found(pattern: regex.Pattern[str], line: Line, until: int) -> list[Block]:
    """Where in the window `pattern` is found, up to `until`; it sees the line before."""
    found = []
    for match in pattern.finditer(line.whole, line.offset):
        if match.start() >= line.offset + until:
            break
        found.append((match.start() - line.offset, match.end() - line.offset))
    return found


def _glosses(line: Line, until: int) -> list[Block]:
    if "(" not in line.whole:
        return []
    blocks = _found(_GLOSS, line, until) + _found(_NAMED_GLOSS, line, until)
    return [block for block in blocks if len(_WORD.findall(line.text, *block)) <= LONGEST_GLOSS]


def _titles(line: Line, until: int) -> dict[Block, int]:
    if not _QUOTE.search(line.text):
        return {}
    titles = {}
    for start, end in _found(_TITLE, line, until):
        russian = line.russian_by(start, end)
        if russian is not None and 0 < len(_WORD.findall(line.text, start, end)) <= LONGEST_TITLE:
            titles[start, end] = russian
    return titles


def _reach(text: str, end: int, blocks: list[Block]) -> int:
    """Where the chunk ends that the last block begun in `text[:end]` ends in."""
    while longer := [until for start, until in blocks if start < end < until]:
        end = chunk_end(text, max(longer))
    return end


def _greek_kind(word: str) -> Kind | None:
    """Why a run of letters with Greek in it is refused; a variable, alone or with an index, is not."""
    if word.isascii() or not _A_GREEK.search(word):
        return None
    letters = sum(char.isalpha() for char in word)
    if _A_LATIN.search(word):
        return "mixed" if letters > 3 else None
    return "script" if letters > 1 else None
