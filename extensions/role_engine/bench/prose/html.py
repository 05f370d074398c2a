"""A page's blocks: what its reader sees; `<code>` and its kin become inline code of Markdown."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from role_engine.bench.prose.block import Block, Place

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_PLACES: dict[str, Place] = {
    **dict.fromkeys(("ul", "ol", "dl", "menu"), "list"),
    "table": "table",
    "blockquote": "quote",
}
# A block ends where one of these begins or ends.
_BREAKS = (
    _HEADINGS
    | _PLACES.keys()
    | {"p", "li", "dt", "dd", "td", "th", "tr", "caption", "div", "section", "article", "main", "header", "footer"}
    | {"aside", "figure", "figcaption", "details", "summary", "form", "fieldset", "br", "hr", "body", "title", "option"}
)
_SKIPPED = frozenset({"head", "script", "style", "pre", "nav", "noscript", "template", "svg", "textarea", "select"})
_CODE = frozenset({"code", "kbd", "samp", "tt"})


def read_html(path: Path, text: str) -> Iterator[Block]:
    parser = _Page()
    parser.feed(text.replace("<![", "&lt;!["))  # the parser raises at an unknown `<![…[`
    parser.close()
    for line, place, paragraph in parser.found:
        yield Block(path, line, place, paragraph)


class _Page(HTMLParser):
    """Gathers a page's blocks."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[int, Place, str]] = []
        self._text: list[str] = []
        self._line = 1
        self._skipping: list[str] = []
        self._around: list[str] = []
        self._heading = self._code = False

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if self._skipping == ["head"] and tag in _BREAKS - {"title"}:
            self._skipping = []  # whose end tag may be left out
        if tag in _SKIPPED:
            self._skipping.append(tag)
        if self._skipping:
            return
        if tag in _BREAKS:
            self._end()
        if tag in _HEADINGS:
            self._heading = True
        elif tag in _PLACES:
            self._around.append(tag)
        elif tag in _CODE:
            self._mark_code(True)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._skipping:
            while self._skipping.pop() != tag:
                pass
        if self._skipping:
            return
        if tag in _CODE:
            self._mark_code(False)
        if tag in _BREAKS:
            self._end()
        if tag in _HEADINGS:
            self._heading = False
        elif tag in self._around:
            while self._around.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if self._skipping:
            return
        if not "".join(self._text).strip():
            self._line = self.getpos()[0] + data[: len(data) - len(data.lstrip())].count("\n")
        self._text.append(data)

    def close(self) -> None:
        super().close()
        self._end()

    def _mark_code(self, begins: bool) -> None:
        if begins != self._code:
            self._text.append("`")
            self._code = begins

    def _end(self) -> None:
        self._mark_code(False)
        text = " ".join("".join(self._text).split())
        self._text = []
        if text.strip("` "):
            place: Place = "paragraph"
            if self._heading:
                place = "heading"
            elif self._around:
                place = _PLACES[self._around[-1]]
            self.found.append((self._line, place, text))
