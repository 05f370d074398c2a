"""Prompts that open the reasoning themselves, in every format that a chat template may do so in."""

from __future__ import annotations

HARMONY_ANSWER = "<|start|>assistant<|channel|>final<|message|>"

OPENED = {
    "<think>": "</think>",
    "<think>\n": "</think>\n\n",
    "<seed:think>": "</seed:think>",
    "<|channel|>analysis<|message|>": f"<|end|>{HARMONY_ANSWER}",
    "<|channel>thought\n": "<channel|>",
    "<|think|>": "<|end|>",
}
"""What ends the prompt → what stands between reasoning and answer."""

THOUGHTS, ANSWER = ("The user", " asks."), ("Я", " поэт", ".")


def speak(closer: str) -> list[str]:
    """A reply that a strict policy lets through only where its beginning is known to be reasoning."""
    return [*THOUGHTS, closer, *ANSWER]
