"""How much foreign prose has gone through a place where words are not weighed, however it began.

Blocks of code, markup and long inline code are told from prose by their beginning. What follows is read too, a line or
`LOOK_AHEAD` characters at a time: where prose is nearly all that there is, and more of it than a message has and than
the reply has Russian, the place is free no longer.
"""

from __future__ import annotations

from typing import NamedTuple

from role_engine.language.alphabets import LOOK_AHEAD
from role_engine.language.markup.prose import (
    LONGEST_MESSAGE,
    ProseWatch,
    foreign_letters,
    is_foreign_prose,
    letters_of_other_scripts,
    without_strings,
)

# A block that says what language it is in may quote twice as much.
LONGEST_IN_NAMED = 2 * LONGEST_MESSAGE
# Prose is nearly all where there is this many times as much of it as of anything else.
NEARLY_ALL = 4
# A sign of Chinese says as much as so many letters.
LETTERS_PER_SIGN = 4


class Meter(NamedTuple):
    """What was read in one place.

    Attributes:
        line: the end of it that is still to be judged.
        prose: letters of foreign prose.
        rest: other letters that are not Russian.
        aside: so many more parts of the line may belong to a string or a comment that is open.
    """

    line: str = ""
    prose: int = 0
    rest: int = 0
    aside: int = 0

    def judge(self, line: str, *, line_ends: bool) -> Meter:
        """With a line more, or a part of one."""
        if self.aside:
            return Meter("", self.prose, self.rest, 0 if line_ends else self.aside - 1)
        bare = without_strings(line)
        aside = 0 if line_ends or not bare.endswith("·") else LONGEST_MESSAGE // LOOK_AHEAD
        other = 0 if bare.isascii() else letters_of_other_scripts(bare)
        latin = foreign_letters(bare) - other
        is_prose = is_foreign_prose(bare)
        prose = LETTERS_PER_SIGN * other + is_prose * latin
        return Meter("", self.prose + prose, self.rest + (not is_prose) * latin, aside)

    def is_spent(self, watch: ProseWatch, longest: int) -> bool:
        """Whether there is too much of it for a place that may quote `longest` letters."""
        return self.prose > max(watch.russian, longest) and self.prose > NEARLY_ALL * self.rest


def measure(
    meter: Meter, text: str, start: int, end: int, watch: ProseWatch, longest: int, *, line_ends: bool = False
) -> tuple[Meter, int]:
    """The meter behind text[start:end), and where in it there was too much of foreign prose, or -1.

    Args:
        longest: so many letters of prose are none too many.
        line_ends: the line ends at `end`.
    """
    at = start
    while at < end:
        newline = text.find("\n", at, end)
        line_end = newline + 1 if newline >= 0 else end
        until = min(line_end, at + LOOK_AHEAD - len(meter.line))
        line, at = meter.line + text[at:until], until
        ends = until == newline + 1 or (line_ends and until == end)
        if ends or len(line) == LOOK_AHEAD:
            meter = meter.judge(line, line_ends=ends)
            if meter.is_spent(watch, longest):
                return meter, until
        else:
            meter = meter._replace(line=line)
    return meter, -1
