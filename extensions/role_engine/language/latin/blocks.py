"""What of a window is let through whole: code, formulas, addresses, a gloss, a title in quotes, words of `allow`."""

from __future__ import annotations

import re
from collections.abc import Iterator

import regex

from role_engine.language.allow import find_allowed
from role_engine.language.alphabets import FLAGS, LOOK_AHEAD
from role_engine.language.decision import chunk_end
from role_engine.language.latin.acronyms import find_expansions
from role_engine.language.latin.code_lines import is_code_line
from role_engine.language.latin.free_shapes import (
    BORROWED,
    FORMULA,
    FORMULA_SIGN,
    FREE,
    FREE_SIGN,
    RARE_FREE,
    RARE_SIGN,
    SHRUG,
)
from role_engine.language.latin.lexicon import is_common, look_up
from role_engine.language.latin.line import LineContext
from role_engine.language.latin.shape import LetterClasses, Shape
from role_engine.language.latin.small_shapes import small_shapes
from role_engine.language.latin.word_kinds import is_command
from role_engine.language.markup.formulas import is_formula
from role_engine.language.policy import LanguagePolicy

# What a line of a list explains: «- **Council** — совет…», «hugo new theme - Создать тему».
_ITEM = r"[ \t]*(?:(?:[*+\-•–]|[0-9]{1,3}[.)])[ \t]+)?"
_EXPLAINS = r"[ \u00a0]+(?:—|–|--?)[ \u00a0]+[А-Яа-яЁё]"
_BOLD_TERM = re.compile(
    rf"{_ITEM}(?P<mark>\*\*|__)(?P<words>[A-Za-z][\w'’.\-]*(?: [\w'’.&/\-]+){{0,3}})(?P=mark)"
    rf"(?:[ \u00a0]\([^()\n]{{1,32}}\))?{_EXPLAINS}"
)
# «| bias | смещение |», of a table of terms.
_CELL = re.compile(r"\|[ \t]*(?P<words>[A-Za-z][\w'’.\-]*(?: [\w'’.&/\-]+){0,3})[ \t]*\|[ \t]*[«„\"]?[а-яё]")
_USAGE = re.compile(
    rf"{_ITEM}(?P<words>(?P<command>[a-z][\w.\-]+)(?: -{{0,2}}[\w:./=<>@]+){{1,5}})"
    rf"(?:{_EXPLAINS}|[ \u00a0]\([А-Яа-яЁё])"
)
# What arguments have, and phrases have not.
_SIGN = re.compile(r"[0-9:./=<>@_]| -")


def find_explained_terms(line: LineContext) -> Iterator[tuple[tuple[int, int], int]]:
    """The term in bold, or the command with its arguments, that begins the line and that a dash and Russian follow.

    Yields where it stands in the window, and the end of what explains it.
    """
    if not line.begins or line.stop != "cyrillic":
        return
    said = line.whole + line.after
    found = _BOLD_TERM.match(said) or _USAGE.match(said) or _CELL.match(said)
    if found is None or found.end("words") <= line.offset:
        return
    words = found["words"].split()
    if any(look_up(word).function for word in words):
        return
    if found.re is _USAGE and not (is_command(words[0]) and (_SIGN.search(found["words"]) or not is_common(words[0]))):
        return
    yield (max(found.start("words") - line.offset, 0), found.end("words") - line.offset), found.end() - line.offset


LONGEST_GLOSS, LONGEST_GLOSSED, LONGEST_TITLE = 6, 4, 8
# Shorter words may be small in a title: «Death by a Thousand Cuts».
LONGEST_SMALL_WORD = 4
# How far before the window a gloss's Russian term, or what introduces it, may end, in characters.
_GLOSS_MEMORY = 32


def _gloss(letters: LetterClasses) -> str:
    """What stands in brackets behind its term, group 1 is free.

    «обучение с подкреплением (reinforcement learning)», «CPA (cost per action)», «(overfitting, переобучение)»,
    «(БЯМ, large language model)».
    """
    foreign = rf"[^()\n{letters.cyrillic}]"
    russian = rf"[{letters.cyrillic}\-]{{2,20}}"
    return (
        rf"(?:[{letters.cyrillic}]|\b[A-Z]{{2,8}}s?)[»”\"*_]{{0,4}}[{letters.space_in_line}]"
        rf"\((?:{russian}(?:[{letters.space_in_line}]{russian}){{0,2}},[{letters.space_in_line}])?"
        rf"({foreign}{{2,62}}(?:\)|(?=[,;]\Z)))"
    )


def _glossed(letters: LetterClasses) -> str:
    """A term that its Russian gloss stands behind, in brackets: «Overfitting (переобучение)»; group 1 is free."""
    word = rf"[{letters.latin}][{letters.latin}'’\-]{{0,24}}"
    space = f"[{letters.space_in_line}]"
    return (
        rf"(?<![\w\-])({word}(?:{space}{word}){{0,{LONGEST_GLOSSED - 1}}})[»”\"*_]{{0,4}}{space}"
        rf"\((?:(?:англ|лат|фр|нем|рус)[а-я]{{0,8}}\.?{space})?[«„\"*_]{{0,2}}[{letters.cyrillic}]{{3}}"
    )


def _named_gloss(letters: LetterClasses) -> str:
    """What follows «(англ. », or «от лат. », up to the gloss's end."""
    space = f"[{letters.space_in_line}]"
    return (
        rf"(?:\(|[{letters.cyrillic}],?{space}|(?<![{letters.cyrillic}])(?=[Оо]т{space}))(?:[Оо]т{space}|по-)?"
        rf"(?:англ|лат|нем|фр|франц|исп|итал|греч|яп|кит)[а-яё]{{0,10}}[.:]?{space}?[«„“\"*_]{{0,3}}"
        rf"([{letters.latin}][^()\n{letters.cyrillic}]{{0,62}}?)(?=[),;»“”\"*_]|{space}[—–\-(«„\"]|[.!?]?\Z)"
    )


def _transcription(letters: LetterClasses) -> str:
    """How a word is said: «/ˌhɪməˈleɪə/», «[ɦɪmaːlɐjɐ]». A letter of the phonetic alphabet alone tells it."""
    sound = rf"[{letters.latin}\u0250-\u02ff\u0300-\u036fθβχ.()\- ]"
    return rf"(?<!\w)[/\[](?=[^/\]\n]{{0,40}}[\u0250-\u02ff]){sound}{{1,40}}[/\]](?!\w)"


def _title(letters: LetterClasses) -> str:
    return "|".join(
        rf"{opening}[^{opening}{closing}\n{letters.cyrillic}]{{2,62}}[{closing}]"
        for opening, closing in (("«", "»"), ("“", "”"), ("„", "“”"), ('"', '"'))
    )


_GLOSS, _GLOSSED, _NAMED_GLOSS, _TITLE = Shape(_gloss), Shape(_glossed), Shape(_named_gloss), Shape(_title)
_TRANSCRIPTION = Shape(_transcription)
_A_SOUND = re.compile("[\u0250-\u02ff]")
# A link's label that is no Russian is the title of what it leads to: «[Chromium Bug Tracker](https://…)».
_LINK_LABEL = Shape(lambda letters: rf"\[[^\[\]\n{letters.cyrillic}]{{2,{LOOK_AHEAD}}}\](?=\()")
# A line of a prescription, which is written in Latin.
_PRESCRIPTION = re.compile(r"[ \t]*(?:Rp\.|D\. ?[Tt]\. ?d\.|M\. ?D\. ?S\.|D\. ?S\.|Da tales|Misce)[^А-Яа-яЁё\n]*\Z")
# A quotation mark that a blank follows, right before the window.
_OPENED_BEFORE = re.compile(r"(?:\A|[ \u00a0(])(?P<quote>[«“„\"])[ \u00a0]\Z")
_QUOTE = re.compile('[«“„"]')
_NAMED = re.compile(r"англ|лат|нем|фр|исп|ит|греч|яп|кит")
_WORD = regex.compile(r"\p{L}[\p{L}\p{M}\p{N}'’\-‐‑.]*", FLAGS)

Block = tuple[int, int]


class Blocks:
    """The blocks of one window, as offsets in it.

    Attributes:
        unread: transcriptions, and words of `allow`: not even letters are looked at there.
        formulas: Latin and Greek words are free there.
        free: addresses, markup, file names, lines of code.
        leaning: quoted titles, and glosses that Russian goes on in, each with the end of the text that makes it one
            (0: that stands before it).
        all: all of them, and glosses.
    """

    def __init__(self, line: LineContext, before: str, policy: LanguagePolicy) -> None:
        text = line.text
        self.unread = find_allowed(text, before, policy.allow) if policy.allow else []
        self.formulas = _formulas(line) if FORMULA_SIGN.search(text) else []
        if _A_SOUND.search(text):
            self.unread += _found(_TRANSCRIPTION, line)
        if "ツ" in text:
            self.unread += [match.span() for match in SHRUG.finditer(text)]
        self.free = _found(FREE, line) if FREE_SIGN.search(text) else []
        if RARE_SIGN.search(text):
            self.free += _found(RARE_FREE, line)
        self.free += [match.span() for match in BORROWED.finditer(text)]
        self.free += small_shapes(line)
        labels = _labels(line) if "](" in text or "](" in line.cut else []
        self.free += [label for label in labels if label[1] <= len(text)]
        if is_code_line(line) or (line.begins and _PRESCRIPTION.match(line.whole)):
            self.free.append((0, len(text)))
        self.leaning = dict(_titles(line)) if _QUOTE.search(text) else {}
        self.leaning |= {(at, len(text)): until for at, until in labels if until > len(text)}
        self.leaning |= find_explained_terms(line)
        self.leaning |= find_expansions(line)
        self.leaning |= _glosses(line)
        self.leaning |= _glossed_terms(line)
        if line.strays:
            self._drop_torn(line)
        self.all = [*self.unread, *self.formulas, *self.free, *self.leaning]

    def _drop_torn(self, line: LineContext) -> None:
        """Take out what stands where the text falls apart: there it is no code and no title."""
        torn = {block for block in (*self.free, *self.leaning) if line.is_torn(*(at + line.offset for at in block))}
        self.free = [block for block in self.free if block not in torn]
        self.leaning = {block: until for block, until in self.leaning.items() if block not in torn}


def reach(text: str, end: int, blocks: list[Block]) -> int:
    """Where the chunk ends that the last block begun in `text[:end]` ends in."""
    while longer := [until for start, until in blocks if start < end < until]:
        end = chunk_end(text, max(longer))
    return end


def _found(shape: Shape, line: LineContext) -> list[Block]:
    """Where in the window the shape is found; it sees the line before."""
    offset = line.offset
    return [
        (match.start() - offset, match.end() - offset) for match in shape.of(line.common).finditer(line.whole, offset)
    ]


def _formulas(line: LineContext) -> list[Block]:
    found = FORMULA.of(line.common).finditer(line.whole, line.offset)
    return [
        (match.start() - line.offset, match.end() - line.offset)
        for match in found
        if is_formula(match[match.lastindex])
    ]


def _labels(line: LineContext) -> list[Block]:
    """The labels of links, one that begins before the window too, and one that ends in the chunk behind it."""
    offset, until = line.offset, len(line.whole)
    said = line.whole + line.cut
    found = (match.span() for match in _LINK_LABEL.finditer(said))
    return [
        (max(start - offset, 0), end - offset)
        for start, end in found
        if start < until and end > offset and _is_label(_WORD.findall(said, start, end))
    ]


def _is_label(words: list[str]) -> bool:
    """Whether a link's text is a title: short, or with the capitals of one."""
    long = [word for word in words if len(word) >= LONGEST_SMALL_WORD]
    return len(words) <= LONGEST_TITLE or 2 * sum(word[0].isupper() for word in long) > len(long)


def _glosses(line: LineContext) -> Iterator[tuple[Block, int]]:
    whole, offset = line.whole, line.offset
    first = max(0, offset - _GLOSS_MEMORY)
    shapes = [_GLOSS] if "(" in line.text or ")" in line.text else []
    shapes += [_NAMED_GLOSS] if _NAMED.search(whole, first) else []
    for shape in shapes:
        for match in shape.of(line.common).finditer(whole, first):
            start, end = match.span(1)
            if start >= offset - 1 and end > offset and _count(whole, start, end) <= LONGEST_GLOSS:
                closed = whole[end - 1] == ")" or shape is _NAMED_GLOSS
                if closed or line.russian_after:
                    yield (max(start - offset, 0), end - offset), 0 if closed else line.russian_after


def _glossed_terms(line: LineContext) -> Iterator[tuple[Block, int]]:
    if "(" not in line.text and not line.after.lstrip().startswith("("):
        return
    whole, offset = line.whole + line.after, line.offset
    for match in _GLOSSED.of(line.common).finditer(whole, max(0, offset - _GLOSS_MEMORY)):
        start, end = match.span(1)
        if end > offset and end <= offset + len(line.text):
            yield (max(start - offset, 0), end - offset), match.end() - offset


def _count(text: str, start: int, end: int) -> int:
    return len(_WORD.findall(text, start, end))


def _titles(line: LineContext) -> Iterator[tuple[Block, int]]:
    found = _found(_TITLE, line)
    if opened := _OPENED_BEFORE.search(line.whole, 0, line.offset):
        title = _TITLE.of(line.common).match(line.whole, opened.start("quote"))
        found += [(0, title.end() - line.offset)] if title and title.end() > line.offset else []
    for start, end in found:
        words = _WORD.findall(line.text, start, end)
        if not 0 < len(words) <= LONGEST_TITLE:
            continue
        russian = line.russian_by(start, end)
        if russian is not None:
            yield (start, end), russian
        elif _is_titled(words) and _stands_free(line, start, end):
            yield (start, end), 0


def _stands_free(line: LineContext, start: int, end: int) -> bool:
    """Whether nothing is glued to [start, end)."""
    before, after = line.whole[: line.offset + start][-1:], line.text[end : end + 1]
    return before in ("", " ", "(") and (after in ("", " ", ")") or after in ".,;:!?")


def _is_titled(words: list[str]) -> bool:
    """Whether the words have the capitals of an English title."""
    return words[0][0].isupper() and all(word[0].isupper() or len(word) < LONGEST_SMALL_WORD for word in words)
