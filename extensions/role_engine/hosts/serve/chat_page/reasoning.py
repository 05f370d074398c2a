"""A reply on the chat page: its reasoning folded away above the answer, as HTML in gradio's Markdown."""

from __future__ import annotations

import html
import re

THINKS, THOUGHT = "Размышляет…", "Размышление"

_CLASS = "role-engine-reasoning"
_FOLDED = re.compile(rf'<details class="{_CLASS}".*?</details>\s*', re.DOTALL)


def fold(reasoning: str, answer: str, *, ended: bool = True) -> str:
    """The reply as it is shown; open while the model thinks, unless it has `ended`.

    The reasoning stays in one line: a Markdown renderer reads an HTML block up to the next empty line.
    """
    if not reasoning:
        return answer
    thinks = not (answer or ended)
    summary = f"<summary>{THINKS if thinks else THOUGHT}</summary>"
    lines = "<br>".join(html.escape(line) for line in reasoning.splitlines())
    return f'<details class="{_CLASS}"{" open" if thinks else ""}>{summary}{lines}</details>\n\n{answer}'


def answer_of(shown: str) -> str:
    """The answer of a reply that `fold` has written."""
    found = _FOLDED.match(shown)
    return shown[found.end() :] if found else shown
