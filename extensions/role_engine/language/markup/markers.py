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
