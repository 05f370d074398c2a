"""What the scanner tells, and what it remembers."""

from __future__ import annotations

from typing import Literal, NamedTuple

from role_engine.language.markup.decided import DecidedMarkup
from role_engine.language.markup.fences import Fence
from role_engine.language.markup.formulas import Formula
from role_engine.language.markup.front_matter import FrontMatter
from role_engine.language.markup.indented import IndentedCode
from role_engine.language.markup.prose import ProseWatch, cyrillic_letters, letters_of_other_scripts, row_with
from role_engine.language.markup.spans import InlineCode
from role_engine.language.markup.tags import Markup
from role_engine.language.markup.zones import Zone
from role_engine.language.requests.stretch import Stretch
from role_engine.language.sentences.units import UnjudgedText
from role_engine.language.verdict import Violation
from role_engine.language.window import MEMORY

Phase = Literal["start", "answer", "body"]
AnyZone = Zone | Fence | InlineCode | IndentedCode | Markup | Formula | FrontMatter


class Final(NamedTuple):
    """All text before the absolute offset `end` is decided, and `end` is a good place to go on with a reply."""

    end: int


Event = Final | Violation


# More stretches of code say no more about what a text is about.
ENOUGH_CODE = 2


class State(NamedTuple):
    """All that the scanner remembers of the text that is decided.

    Attributes:
        before: its last `MEMORY` characters.
        zone: what the text stands in, if anything.
        phase: where the reply is: nothing said yet, reasoning done, in its body.
        in_free_token: the chunk that `before` ends in was let through for its shape (an address), and so is its rest.
        stretch: the text in another language, asked for by the user, that it stands in.
        relaxed: code of the language in which text was let through because the user asked for it.
        unread: the sentence that it ends in, as far as it is there.
        code: how many stretches of code it holds, `ENOUGH_CODE` at most: what it is about.
        watch: how much foreign prose stood in code marks, and how much Russian outside of them.
    """

    before: str = ""
    zone: AnyZone | None = None
    phase: Phase = "start"
    in_free_token: bool = False
    stretch: Stretch | None = None
    relaxed: str | None = None
    unread: UnjudgedText = UnjudgedText()
    code: int = 0
    watch: ProseWatch = ProseWatch()

    def after(self, text: str, start: int, end: int) -> str:
        """`before`, once `text[start:end]` is decided too."""
        return text[end - MEMORY : end] if end - start >= MEMORY else (self.before + text[start:end])[-MEMORY:]

    def watch_behind(self, taken: DecidedMarkup | None, prose: str) -> ProseWatch:
        """`watch`, once a stretch is decided too: what `taken` says of it, and the reply's own text `prose` in it."""
        watch = self.watch
        if taken is not None and (taken.letters or taken.prose):
            watch = watch.spends(taken.letters, begins=taken.prose)
        if taken is not None and taken.said:
            signs = 0 if taken.said.isascii() else letters_of_other_scripts(taken.said)
            watch = watch._replace(row=row_with(taken.said, watch.row), signs=watch.signs + signs)
        letters = cyrillic_letters(prose) if prose else 0
        return watch._replace(russian=watch.russian + letters, row="") if letters else watch
