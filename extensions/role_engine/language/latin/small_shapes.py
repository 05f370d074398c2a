"""Short runs of Latin letters that are signs of a trade: chords, moves of chess, units in a list, protocols.

By themselves some of them could be words («am», «ed», «in»). A row of them, or a Russian word of the trade in the same
line, says that they are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from role_engine.language.latin.free_shapes import SHAPED
from role_engine.language.latin.lexicon import look_up
from role_engine.language.latin.line import LineContext

Span = tuple[int, int]

_LINK = r"(?:,?[ \u00a0](?:и|или|либо|—|–|-|→)[ \u00a0]|,[ \u00a0]?|[ \u00a0]?[/|][ \u00a0]?|[ \u00a0]+)"
_CLOSE_LINK = r"(?:,?[ \u00a0](?:и|или|либо)[ \u00a0]|,[ \u00a0]?|[ \u00a0]?[/|][ \u00a0]?)"

_QUALITIES = ("maj", "min", "dim", "aug", "sus", "add")
_QUALITY = f"(?:{'|'.join(_QUALITIES)})"
_CHORD = rf"[A-H](?:\#|b)?(?:m|M|{_QUALITY})?(?:[0-9]{{1,2}})?(?:{_QUALITY}[0-9]{{0,2}})?(?:/[A-H](?:\#|b)?)?"
_PAWN_TAKES = "ab|ba|bc|cb|cd|dc|de|ed|ef|fe|fg|gf|gh|hg"
_CSS_UNIT = "px|rem|em|vw|vh|vmin|vmax|dvh|svh|lvh|pt|pc|cm|mm|in|ch|ex|lh|fr|deg|rad|turn|dpi|ms|s"


class _Trade(NamedTuple):
    """Signs of one trade.

    Attributes:
        sign: one of them.
        row: two or more of them; in it each is one.
        told: what else in the line says that a single one is.
    """

    sign: re.Pattern[str]
    row: re.Pattern[str] | None
    told: re.Pattern[str]


def _whole(pattern: str) -> str:
    return rf"(?<![\w\-#'’])(?:{pattern})(?![\w\-'’])"


_TRADES = (
    _Trade(
        re.compile(_whole(rf"{_CHORD}|{_QUALITY}[0-9]{{0,2}}")),
        re.compile(_whole(rf"(?:{_CHORD}|{_QUALITY})(?:{_LINK}(?:{_CHORD}|{_QUALITY})(?![\w#'’]))+")),
        re.compile(
            r"(?i)аккорд|трезвуч|минор|мажор|тональност|(?<!\w)гамм|гитар|укулел|фортепиан|пианин|бас(?:ом|у|е)(?!\w)|барр[еэ]"
        ),
    ),
    _Trade(
        re.compile(_whole(_PAWN_TAKES)),
        None,
        re.compile(
            r"(?i)(?<!\w)(?:[KQRBNКФЛСП]|Кр)?[a-h]?[x:]?[a-h][1-8](?!\w)"
            r"|(?<!\w)[0-9]{1,3}\.(?:\.\.)?[ \u00a0]?[a-h]{2}(?!\w)"
            r"|шахмат|пешк|пешеч|ферз|ладь|рокиров|гамбит"
        ),
    ),
    _Trade(
        re.compile(_whole(_CSS_UNIT)),
        re.compile(_whole(rf"(?:{_CSS_UNIT})(?:{_CLOSE_LINK}(?:{_CSS_UNIT})(?![\w\-'’]))+")),
        re.compile(r"(?i)единиц|(?<![A-Za-z])css(?![A-Za-z])|вёрстк|верстк|шрифт"),
    ),
)
# What of these is a word to anybody else; the rest has digits or signs in it.
_SIGNS = frozenset(
    {
        *(root + quality for root in "ABCDEFGH" for quality in ("m", "b", "bm", *_QUALITIES)),
        *_QUALITIES,
        *_PAWN_TAKES.split("|"),
        *_CSS_UNIT.split("|"),
    }
) - {"in", "s", "ex", "ch"}  # words of other sorts too often; beside another sign they are found

_PROTOCOLS = frozenset(
    "http https ftp ftps sftp ssh scp tcp udp icmp ip ws wss smtp imap pop dns dhcp tls ssl nfs smb".split()  # noqa: SIM905
)
_SLASHED = re.compile(r"(?<![\w/.:\-])[A-Za-z][\w+#]*(?:\.\w+)*(?:/[A-Za-z][\w+#]*(?:\.\w+)*)+(?![\w/])")
_LINK_TEXT = re.compile(r"\[([^\[\]\nА-Яа-яЁё]{1,62})\](?=[(\[])")
_WORD = re.compile(r"[A-Za-z]+")
# Words of a link's text, as of a title.
LONGEST_LINK_TEXT = 8


def small_shapes(line: LineContext) -> list[Span]:
    """Where such signs stand in the window, as offsets in it."""
    found: list[Span] = []
    text = line.text
    if not _SIGNS.isdisjoint(_WORD.findall(text)):
        for trade in _TRADES:
            found += _of_trade(trade, line)
    if "/" in text:
        found += _in_window(line, _slashed(line.whole))
    if "](" in text or "][" in text:
        found += [match.span() for match in _LINK_TEXT.finditer(text) if _is_title(match.group(1))]
    return found


def _of_trade(trade: _Trade, line: LineContext) -> Iterator[Span]:
    whole = line.whole
    rows = [match.span() for match in trade.row.finditer(whole)] if trade.row is not None else []
    yield from _in_window(line, rows)
    if rows or trade.told.search(whole):
        yield from _in_window(line, (match.span() for match in trade.sign.finditer(whole)))


def _in_window(line: LineContext, spans: Iterable[Span]) -> list[Span]:
    return [(max(start - line.offset, 0), end - line.offset) for start, end in spans if end > line.offset]


def _slashed(text: str) -> Iterator[Span]:
    """«npm/Yarn», «http/https»: alternatives, none of which is a word of a language."""
    for match in _SLASHED.finditer(text):
        if all(map(_is_technical, match.group().split("/"))):
            yield match.span()


def _is_technical(word: str) -> bool:
    if word.lower() in _PROTOCOLS or SHAPED.fullmatch(word):
        return True
    known = look_up(word)
    return known.tool or known.name


def _is_title(text: str) -> bool:
    return len(_WORD.findall(text)) <= LONGEST_LINK_TEXT
