"""How models set their reasoning apart from the answer. Whoever opens, reads or closes such a block asks this table.

The formats are those by which text-generation-webui splits a reply (`THINKING_FORMATS` in its `modules/reasoning.py`),
and some more that only chat templates show.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Use = Literal["reply", "prompt", "stripped", "sign"]


@dataclass(frozen=True, slots=True)
class ReasoningFormat:
    """One way to write a block of reasoning.

    Attributes:
        opener, closer: what stands before the reasoning, and behind it.
        use: where the opener is one.
            `reply`: at a reply's start, and at a prompt's end. Nowhere else, for a host takes what follows it out of
            the visible text wherever it stands.
            `prompt`: at a prompt's end; in a reply it is the token of a thinking mode.
            `stripped`: at a reply's start, where an engine has left the format's control token out.
            `sign`: in a chat template it shows that the model reasons; no reply is split by it.
        tail: what a reply behind such a prompt goes on from, as the language check reads it: the opener, or where
            no reply may begin with that, one that has the same closer.
    """

    opener: str
    closer: str
    use: Use = "reply"
    tail: str = ""

    @property
    def reply_tail(self) -> str:
        return self.tail or self.opener

    @property
    def is_tag(self) -> bool:
        """Whether opener and closer are a pair like `<think>` and `</think>`, which mean nothing but reasoning."""
        return self.closer == f"</{self.opener[1:]}"


THINK = ReasoningFormat("<think>", "</think>")
"""The one that we write ourselves."""

HARMONY = ReasoningFormat("<|channel|>analysis<|message|>", "<|end|>")

REASONING_FORMATS: tuple[ReasoningFormat, ...] = (
    THINK,
    ReasoningFormat("<seed:think>", "</seed:think>"),
    HARMONY,
    ReasoningFormat("<|channel>thought", "<channel|>"),
    ReasoningFormat("<|think|>", "<|end|>", "prompt", tail=HARMONY.opener),
    ReasoningFormat("thought\n", "<channel|>", "stripped"),
    ReasoningFormat("[THINK]", "[/THINK]", "sign"),
    ReasoningFormat("<thinking>", "</thinking>", "sign"),
    ReasoningFormat("<reasoning>", "</reasoning>", "sign"),
)

TAG_FORMATS: tuple[ReasoningFormat, ...] = tuple(one for one in REASONING_FORMATS if one.use == "reply" and one.is_tag)
REASONING_TAGS: tuple[str, ...] = tuple(tag for one in TAG_FORMATS for tag in (one.opener, one.closer))
"""`<think>`, `</think>` and the like."""


def map_closers(*uses: Use) -> dict[str, str]:
    """Opener → closer of the formats that are used so, in the table's order."""
    return {one.opener: one.closer for one in REASONING_FORMATS if one.use in uses}


def find_open_reasoning(prompt: str) -> ReasoningFormat | None:
    """The format of the block that `prompt` ends with the opener of, white space behind it or not."""
    end = prompt.rstrip()
    openers = (one for one in REASONING_FORMATS if one.use in ("reply", "prompt"))
    return next((one for one in openers if end.endswith(one.opener)), None)


def reasoning_tail(prompt: str) -> str:
    """What of the prompt's end a reply goes on from where the prompt opens its reasoning; "" where it opens none."""
    found = find_open_reasoning(prompt)
    return found.reply_tail if found is not None else ""
