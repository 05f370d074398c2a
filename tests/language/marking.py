"""Expected violations, written into the text: «привет ⟦hello⟧»."""

from __future__ import annotations

import re
from collections.abc import Sequence

from role_engine.language import LanguagePolicy, check

STRICT = LanguagePolicy(mode="strict")
BALANCED = LanguagePolicy(mode="balanced")


def unmarked(marked: str) -> tuple[str, list[tuple[int, int]]]:
    """The text without its marks, and the spans that they enclosed."""
    text, spans, start = "", [], 0
    for part in re.split("([⟦⟧])", marked):
        if part == "⟦":
            start = len(text)
        elif part == "⟧":
            spans.append((start, len(text)))
        else:
            text += part
    return text, spans


def remarked(text: str, spans: Sequence[tuple[int, int]]) -> str:
    for start, end in reversed(spans):
        text = f"{text[:start]}⟦{text[start:end]}⟧{text[end:]}"
    return text


def assert_refused(marked: str, policy: LanguagePolicy, kind: str | None = None, context: Sequence[str] = ()) -> None:
    """`policy` refuses exactly what is marked, all of it as `kind` where one is given."""
    text, spans = unmarked(marked)
    violations = check(text, policy, context).violations
    assert remarked(text, [(found.start, found.end) for found in violations]) == remarked(text, spans)
    assert [found.text for found in violations] == [text[start:end] for start, end in spans]
    if kind is not None:
        assert {found.kind for found in violations} <= {kind}
