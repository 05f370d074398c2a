"""The answer: by one role or, where each passes the turn on, by several."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence

import regex

from role_engine.backends.base import GenerationRequest
from role_engine.modes.asking import Ask, NoRoom, PreparedPrompt
from role_engine.modes.handover import DialogueTranscript, Handover, HandoverTarget
from role_engine.modes.marker_filter import FilterRules, MarkerFilter
from role_engine.modes.markers import neutral
from role_engine.modes.participants import names_in_reply
from role_engine.modes.reasoning import ReasoningSplitter, ReplyPart
from role_engine.modes.reply_run import ReplyRun
from role_engine.roles import Role


class AnswerTurns:
    """Makes the answer of one reply.

    Args:
        handover: who may speak next; None: nobody.
    """

    def __init__(self, handover: Handover | None) -> None:
        self._handover = handover
        self._said = DialogueTranscript()
        self._next: HandoverTarget | None = None  # who speaks next, until the first word: then a heading names him

    def note(self, role: Role | None) -> str:
        """What the role's system text says about passing the turn on."""
        return self._handover.note(self._targets(role)) if self._handover is not None else ""

    def all(
        self, work: ReplyRun, asked: PreparedPrompt, request: GenerationRequest, role: Role | None, *, raw: bool
    ) -> Generator[str, None, None]:
        """The answer.

        Args:
            asked, request: its first question.
            raw: the first speech goes out as the model writes it, its own reasoning included.
        """
        targets = self._targets(role)
        while True:
            speech = self._as_it_comes if raw else self._without_reasoning
            text = yield from speech(work, asked, request, self._listening(work, targets))
            marker = work.asking.backend.caught if work.asking.backend is not None else None
            if self._handover is None or marker is None or work.asking.finish != "stop":
                return
            self._said.add(names_in_reply([role], work.policy)[0], text)
            target = self._handover.chosen(marker, targets)
            if target is not None and role is not None and self._handover.pass_on(role, target):
                if work.budget.for_answer() == 0:
                    work.asking.finish = "length"
                    return
                self._next, role, targets = target, target.role, self._targets(target.role)
            elif self._said.parts or not targets:
                return
            else:
                targets = ()  # nobody has said anything: who has the turn now must answer
            note = self._handover.note(targets)
            said = self._handover.next_text(work.chat.question, str(self._said))
            try:
                asked = work.chat.prepare(Ask(said, role, thinks=False, note=note, room=work.budget.for_answer()))
            except NoRoom:
                return
            request, raw = asked.request, False

    def _as_it_comes(
        self, work: ReplyRun, asked: PreparedPrompt, request: GenerationRequest, sifting: FilterRules
    ) -> Generator[str, None, str]:
        """A speech with the model's own reasoning in it; returns what was said after that."""
        tail = request.prompt_suffix + request.prefix
        sieve, splitter = (
            MarkerFilter(FilterRules(work.markers, native=True), tail),
            ReasoningSplitter(request.prompt_suffix),
        )
        said = ""
        for piece in work.ask(asked, request, work.budget.for_answer(), sifting):
            said += "".join(part.text for part in splitter.feed(piece) if not part.is_reasoning)
            if text := sieve.feed(piece):
                yield work.block.as_it_comes(text)
        said += "".join(part.text for part in splitter.finish() if not part.is_reasoning)
        if text := sieve.finish():
            yield work.block.as_it_comes(text)
        return said

    def _without_reasoning(
        self, work: ReplyRun, asked: PreparedPrompt, request: GenerationRequest, sifting: FilterRules
    ) -> Generator[str, None, str]:
        """A speech behind the think block. A model that thinks aloud unasked thinks in there, or unheard."""
        sieve, splitter = MarkerFilter(FilterRules(work.markers)), ReasoningSplitter(request.prompt_suffix)
        thoughts = MarkerFilter(FilterRules(work.markers, replaced=neutral))
        said, has_thought = "", False
        pieces = work.ask(asked, request, work.budget.for_answer(), sifting)
        for parts in _parts(pieces, splitter):
            for part in parts:
                if part.is_reasoning:
                    yield "" if has_thought else work.block.title("")
                    yield work.block.think(thoughts.feed(part.text))
                    has_thought = True
                    continue
                yield work.block.think(thoughts.finish())
                text = sieve.feed(part.text)
                if not said:
                    text = text.lstrip()
                yield self._heading(work, text) + work.block.say(text)
                said += text
        rest = sieve.finish() if said else sieve.finish().lstrip()
        yield work.block.think(thoughts.finish())
        yield self._heading(work, rest) + work.block.say(rest) + work.block.close()
        return said + rest

    def _listening(self, work: ReplyRun, targets: Sequence[HandoverTarget]) -> FilterRules:
        """Catches the markers that pass the turn on; where it may not be passed on, they are taken out."""
        if self._handover is None:
            return FilterRules(work.markers, native=True)
        caught = self._handover.compile_markers()
        if targets:
            return FilterRules(work.markers, caught=caught, native=True)
        return FilterRules(regex.compile(f"{caught.pattern}|{work.markers.pattern}"), native=True)

    def _heading(self, work: ReplyRun, text: str) -> str:
        """Before the first text of who speaks next: his name."""
        speaker = self._next
        if speaker is None or not text:
            return ""
        self._next = None
        return work.block.heading(f"**{speaker.name}:**", first=not self._said.parts)

    def _targets(self, role: Role | None) -> tuple[HandoverTarget, ...]:
        return self._handover.targets(role) if self._handover is not None else ()


def _parts(pieces: Iterator[str], splitter: ReasoningSplitter) -> Iterator[list[ReplyPart]]:
    for piece in pieces:
        yield splitter.feed(piece)
    yield splitter.finish()
