"""Four times the text takes about four times as long, whatever the text is: check, guard, and what the user wrote.

By the time that this thread alone has taken; `test_properties.py` counts steps, which do not see into patterns.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from role_engine.guard.stream import StreamGuard
from role_engine.language import check
from role_engine.language.latin.context import UserContext
from tests.language.marking import BALANCED, STRICT
from tests.language.test_properties import LINES
from tests.patterns import clock

MORE = {
    "blanks of a line": "x" + " " * 200 + "\n",
    "dots": ".",
    "semicolons": ";a ",
    "quotes of words": '"a ',
    "apostrophes": "'a ",
    "tags of words": "<b>a ",
    "formulas": "$a + b$ ",
    "open formulas": "\\[ a + ",
    "environments": "\\begin{align} a ",
    "dollars of words": "$a ",
    "requests": "переведи на английский: ",
    "lists": "a - б; ",
    "adjectives": "этот ",
    "quoted lines": "> a\n",
    "named blocks": "```js\nx = 1\n",
    "inline code in a row": "`a` ",
    "preformatted": "<pre>a\n",
    "code lines": "if (a) {\n",
    "numbers": "1.",
    "digits and letters": "1a",
    "addresses": "a@b.c ",
    "paths": "/a.b",
    "enclosed": "ⓐ",
}
# Longer than what `shortcut.py` decides.
SHORT, LONG = 1_200, 4_800
LINEAR = 8


def guarded(text: str) -> None:
    guard = StreamGuard(BALANCED)
    for at in range(0, len(text), 7):
        guard.feed(text[at : at + 7])
        while guard.violation:
            guard.strip()
    guard.finish()


def asked(text: str) -> None:
    """All that is read of what the user wrote: words, names, requests for a language, whether it is about code."""
    context = UserContext([text, text])
    assert context.about_code in (0, 1)
    check("Запустите kubectl и Foobarium.", BALANCED, [text, text])


READERS: dict[str, Callable[[str], object]] = {
    "check": lambda text: check(text, BALANCED),
    "strict": lambda text: check(text, STRICT),
    "guard": guarded,
    "context": asked,
}


def seconds(read: Callable[[str], object], text: str, times: int) -> float:
    """The shortest of several times."""
    best = float("inf")
    for _ in range(times):
        began = clock()
        read(text)
        best = min(best, clock() - began)
    return best


@pytest.mark.slow
@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("kind", [*LINES, *MORE])
def test_time_grows_with_the_text_and_no_faster(kind: str, reader: str) -> None:
    unit, read = (LINES | MORE)[kind], READERS[reader]
    read(unit * 10)
    for times in (1, 3, 9):
        short, long = (seconds(read, (unit * size)[:size], times) for size in (SHORT, LONG))
        if long < LINEAR * max(short, 0.002):
            return
    pytest.fail(f"{long / short:.1f} times as long for {LONG // SHORT} times the text ({long:.2f} s)")
