"""What is thought before the answer: the passes of a mode, or the model's own reasoning in their place."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

import regex

from role_engine.backends.base import GenerationRequest
from role_engine.language.markup.reasoning_formats import THINK, ReasoningFormat, find_open_reasoning
from role_engine.modes.asking import Ask, Chat, NoRoom, PreparedPrompt
from role_engine.modes.block import CLOSER, OPENER
from role_engine.modes.marker_filter import FilterRules, MarkerFilter
from role_engine.modes.markers import neutral
from role_engine.modes.procedure import Procedure
from role_engine.modes.reply_run import ReplyRun

Pieces = Generator[str, None, None]


@dataclass(frozen=True, slots=True)
class NativeThinking:
    """A model that can be asked to think aloud.

    Attributes:
        asked: the question, thinking asked for.
        written_as: its reasoning block.
        lead: what has to be written to open the block; empty where the prompt has opened it.
    """

    asked: PreparedPrompt
    written_as: ReasoningFormat
    lead: str


def native_of(chat: Chat, note: str) -> NativeThinking | None:
    """The model's own way to think, where its chat template has a switch for it and the engine reads prompts.

    A switch shows in the prompt: with thinking on it may open the block, with thinking off it may close an empty one.
    """
    try:
        on, off = (chat.prepare(Ask(role=chat.role, thinks=thinks, note=note)) for thinks in (True, False))
    except NoRoom:
        return None
    if on.backend.capabilities.resume != "prefix" or on.request.prompt == off.request.prompt:
        return None
    opened = find_open_reasoning(on.request.prompt)
    if opened is not None:
        return NativeThinking(on, opened, "")
    return NativeThinking(on, THINK, f"{OPENER}\n") if off.request.prompt.rstrip("\n").endswith(CLOSER) else None


def native_thought(work: ReplyRun, native: NativeThinking, title: str) -> Generator[str, None, GenerationRequest]:
    """The model's own reasoning; returns the request for what it says after it."""
    request, closer = native.asked.request, native.written_as.closer
    share, text = work.budget.for_next_pass(), ""
    if share != 0:
        yield work.block.title(title)
        begun = request.derive(prefix=native.lead, prompt_suffix=f"{native.written_as.reply_tail}\n")
        text = yield from _thought(work, native.asked, begun, share, regex.compile(regex.escape(closer)))
    head = native.lead or "\n" * (not request.prompt.endswith("\n"))
    return request.derive(prefix=f"{head}{text.strip()}\n{closer}\n\n", prompt_suffix="")


def passes(work: ReplyRun, procedure: Procedure) -> Pieces:
    """One pass after the other, until they are done, their tokens are used up or the context is full."""
    for step in procedure.steps():
        share = work.budget.for_next_pass()
        if share == 0:
            return
        ask = Ask(step.text, step.role, reminder=step.of.reminder, thinks=False, room=share, tools=False)
        try:
            asked = work.chat.prepare(ask)
        except NoRoom:
            return
        yield work.block.title(step.title)
        request = asked.request.derive(prompt_suffix=f"{OPENER}\n")
        text = yield from _thought(work, asked, request, share, None)
        procedure.take(step, _without_own_reasoning(text, asked.request.prompt_suffix))
        if work.over:
            return


def _thought(
    work: ReplyRun,
    asked: PreparedPrompt,
    request: GenerationRequest,
    limit: int | None,
    closer: regex.Pattern[str] | None,
) -> Generator[str, None, str]:
    """One question whose reply is a thought, and stays in the block whatever it holds; returns it."""
    sifting = FilterRules(work.markers, replaced=neutral, caught=closer)
    sieve = MarkerFilter(FilterRules(work.markers, replaced=neutral))
    text = ""
    for piece in work.ask(asked, request, limit, sifting):
        text += (clean := sieve.feed(piece))
        yield work.block.think(clean)
    text += (rest := sieve.finish())
    yield work.block.think(rest)
    return text


def _without_own_reasoning(text: str, tail: str) -> str:
    """What a model that thinks aloud unasked said in the end; its tags are neutral by now."""
    opener, closer = neutral(OPENER), neutral(CLOSER)
    if find_open_reasoning(tail) is not None or text.lstrip().startswith(opener):
        _, found, said = text.partition(closer)
        if found and said.strip():
            return said
    return text
