"""The end of a prompt that belongs to the reply itself: an opened thinking tag, a half-written word, an open fence.

What an earlier turn left open belongs to that turn: a fence that a user forgot to close must not free the reply.
"""

from __future__ import annotations

import regex

from role_engine.language.markup.reasoning_formats import reasoning_tail

# Where a turn begins: control tokens of the chat formats, «### Heading:», and a last line that is only «Name:».
_TURN = regex.compile(
    r"""
      <\|(?:im_start|start|assistant|system|user|end_header_id|im_end|eot_id|end|channel|message)\|>
          [ \t]*(?:assistant|model)?\n?
    | <start_of_turn>model\n? | <\|turn>model\n? | \[/INST\] | <｜Assistant｜> | </s>
    | ^\#{1,4}[^\n]{1,60}:[ \t]*\n?
    | ^[^\n:]{1,40}:[ \t]*\n?\Z
    """,
    regex.VERBOSE | regex.MULTILINE,
)


def find_reply_tail(prompt: str) -> str:
    """What of `prompt` the reply goes on with; all of it, where it is one text without turns."""
    if tag := reasoning_tail(prompt):
        return tag
    ends = [found.end() for found in _TURN.finditer(prompt)]
    return prompt[ends[-1] :] if ends else prompt
