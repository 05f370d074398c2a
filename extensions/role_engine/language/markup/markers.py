"""Strings that are not language but protocol: reasoning blocks, tool calls, control tokens.

They are those that text-generation-webui splits a reply by (its `modules/reasoning.py` and `modules/tool_parsing.py`).
"""

from __future__ import annotations

import regex

from role_engine.language.alphabets import FLAGS, SPACE
from role_engine.language.markup.reasoning_formats import REASONING_TAGS, map_closers

# Opener → closer of a reasoning block that a reply may begin with.
THINKING: dict[str, str] = map_closers("reply")
# What a model says between its reasoning and its answer.
ANSWER = ("<|start|>assistant", "<|channel|>final<|message|>")

# Opener → closer of a tool call; «[TOOL_CALLS]» runs to the next empty line.
TOOL_CALLS: dict[str, str] = {
    "<tool_call>": "</tool_call>",
    "<function_call>": "</function_call>",
    "<minimax:tool_call>": "</minimax:tool_call>",
    "<|tool_call_begin|>": "<|tool_call_end|>",
    "<|tool_calls_section_begin|>": "<|tool_calls_section_end|>",
    "<｜tool▁call▁begin｜>": "<｜tool▁call▁end｜>",
    "<｜tool▁calls▁begin｜>": "<｜tool▁calls▁end｜>",
    "<|tool_call>call:": "<tool_call|>",
    "<|channel|>commentary": "<|call|>",
    "[TOOL_CALLS]": "\n\n",
}

# Control tokens. In visible text they are garbage; the reasoning tags would make the host swallow the reply.
_THINK_TAG = "|".join(map(regex.escape, REASONING_TAGS))
CONTROL = regex.compile(
    rf"{_THINK_TAG}|<\|[^|<>{SPACE}]{{1,32}}\|?>|<[^|<>{SPACE}]{{1,32}}\|>|<｜[^｜<>{SPACE}]{{1,32}}｜>", FLAGS
)
THINK_TAG = regex.compile(_THINK_TAG)
# What may not even stand where nothing else is checked: reasoning tags, since the host looks for them in the whole
# reply, and the sign of a broken character, at which the host's stream waits for ever.
NOWHERE = regex.compile(rf"{THINK_TAG.pattern}|\ufffd")
LONGEST_THINK_TAG = max(map(len, REASONING_TAGS))


def starts_with_one_of(text: str, at: int, markers: tuple[str, ...] | dict[str, str]) -> str | None:
    """The marker that stands at `at`, the longest where one begins another."""
    found = [marker for marker in markers if text.startswith(marker, at)]
    return max(found, key=len) if found else None


def may_become_one_of(text: str, at: int, markers: tuple[str, ...] | dict[str, str]) -> bool:
    """Whether `text` ends inside what may be a marker that begins at `at`."""
    rest = text[at : at + 64]
    return len(text) - at < 64 and any(marker.startswith(rest) and marker != rest for marker in markers)


def partial_end(text: str, start: int, marker: str) -> int:
    """Where a beginning of `marker` that ends `text` starts, or the text's length."""
    for size in range(min(len(marker) - 1, len(text) - start), 0, -1):
        if text.endswith(marker[:size]):
            return len(text) - size
    return len(text)
