"""The engine of a server: a backend, and what has to be known of its model to write a prompt for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from role_engine.backends.base import Backend

CHATML_MARK = "<|im_start|>"
FRAMES = ("qwen3-chatml", "question-answer", "russian-frame")
PLAIN_FRAMES = ("question-answer", "russian-frame")
"""For models whose vocabulary has no marks of turns: words alone."""


@dataclass(frozen=True)
class Engine:
    """Who answers.

    Attributes:
        backend: generates. One that continues raw text (`resume="prefix"`) gets prompts, any other one messages.
        name: the model's name, as replies and the list of models give it.
        count: the tokens of a text, by the model's tokenizer.
        starts: where the tokens of a text begin, in characters; None where the tokenizer does not say.
        chat_template: the model's own chat template, Jinja; None for a base model, which gets the role's template.
        template_values: what that template is given besides the messages: `bos_token`, `eos_token`.
        context: tokens that prompt and reply may have together; None: not known, nothing is shortened.
        longest_token: bytes of UTF-8 text that one token stands for at most; None: not known.
        control_tokens: of the vocabulary; in a message they are text.
        frames: for a model without a chat template and a role that names none: the first of these that is there.
        options: sampling parameters that the backend understands; None: all.
        hands_over: whether the model can be told how to pass the turn to another role.
    """

    backend: Backend
    name: str
    count: Callable[[str], int]
    chat_template: str | None = None
    template_values: Mapping[str, Any] = field(default_factory=dict)
    context: int | None = None
    longest_token: int | None = None
    control_tokens: tuple[str, ...] = ()
    frames: tuple[str, ...] = FRAMES
    options: frozenset[str] | None = None
    hands_over: bool = True
    starts: Callable[[str], Sequence[int]] | None = None

    @property
    def takes_text(self) -> bool:
        """Whether the backend reads a prompt; else it reads messages and has its own template."""
        return self.backend.capabilities.resume == "prefix"
