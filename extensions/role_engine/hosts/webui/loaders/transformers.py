"""What samples through Transformers: the host's `generate_reply_HF`, watched from inside by a logits processor.

The host's generator runs `model.generate` in a thread of its own and forgets it when it is closed: the run goes on for
a step, and for ever where a stray byte keeps it from yielding. A logits processor is the only thing of ours in that
thread, so it ends the run, counts the steps, bans tokens and notices bytes that will never become a character.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from threading import Event
from typing import Any

from role_engine.backends.base import Capabilities, Chunk, GenerationRequest, TokenBan
from role_engine.hosts.webui.loaders.base import LoaderBackend
from role_engine.hosts.webui.loaders.token_trail import TokenTrail

REPLACEMENT = "\ufffd"
LONGEST_CHARACTER = 4  # bytes, and so tokens, of one UTF-8 character


class TransformersBackend(LoaderBackend):
    capabilities = Capabilities(resume="prefix", token_ids=True, bias=True)

    def stream(self, request: GenerationRequest, *, cancel: Event) -> Iterator[Chunk]:
        state = self.call.attempt_state(request)
        probe = _make_probe(self.shared, request.bans, cancel)
        state["logits_processor"] = _with_probe(state.get("logits_processor"), probe)
        replies = self.replies(request, state)
        trail = TokenTrail(probe.ids, self._decode, self._encode)
        seen = ""
        try:
            for reply in replies:
                if cancel.is_set():
                    return
                piece, seen = reply[len(seen) :], reply
                if piece:
                    yield Chunk(piece, trail.take(piece))
            self._note_prompt(probe)
            if cancel.is_set():
                return
            if probe.stray:
                yield Chunk("", probe.stray_ids[1:])
                yield Chunk(REPLACEMENT, probe.stray_ids[:1])
                return
            limit = state["max_new_tokens"]
            if state.get("auto_max_new_tokens"):
                limit = state["truncation_length"] - (probe.prompt_length or 0)
            # At the limit the last step sampled a token of the text, or the end token.
            yield Chunk("", (), finish="length" if probe.steps >= limit and trail.passed >= limit else "stop")
        finally:
            probe.stop.set()
            self._note_prompt(probe)
            for _ in replies:  # until the host's thread is done: a second run beside it would share its cache and seed
                pass

    def _decode(self, ids: list[int]) -> str:
        return str(self.shared.tokenizer.decode(ids, skip_special_tokens=True))

    def _encode(self, text: str) -> list[int]:
        return list(self.shared.tokenizer.encode(text, add_special_tokens=False))

    def _note_prompt(self, probe: Any) -> None:
        if self.prompt_tokens is None:
            self.prompt_tokens = probe.prompt_length


def _with_probe(present: Any, probe: Any) -> Any:
    """A new list, since the host appends to the one that it is given; ours is last, after the user's own biases."""
    from transformers import LogitsProcessorList

    others: Iterable[Any] = () if present is None else present if isinstance(present, list) else (present,)
    return LogitsProcessorList([*others, probe])


def _make_probe(shared: Any, bans: tuple[TokenBan, ...], cancel: Event) -> Any:
    """The logits processor of one attempt (made in a function: the portable webui has no transformers to import)."""
    from modules.callbacks import StopNowException
    from transformers import LogitsProcessor

    class AttemptProbe(LogitsProcessor):
        """Sees `input_ids` [batch, length] and `scores` [batch, vocabulary] before each sampled token.

        Attributes:
            prompt_length: tokens of the prompt, None before the first step.
            ids: the tokens sampled before this step.
            steps: tokens sampled, counting the one that this call precedes.
            stray: a byte was sampled that cannot begin or continue a character; `stray_ids` are the tokens since then.
        """

        def __init__(self) -> None:
            self.stop = Event()
            self.prompt_length: int | None = None
            self.ids: list[int] = []
            self.steps = 0
            self.stray = False
            self.stray_ids: tuple[int, ...] = ()
            self._whole = 0  # generated tokens whose text is whole characters

        def __call__(self, input_ids: Any, scores: Any) -> Any:
            if self.prompt_length is None:
                self.prompt_length = int(input_ids.shape[-1])
            if self.stop.is_set() or cancel.is_set():
                raise StopNowException
            self.ids.extend(input_ids[0, self.prompt_length + len(self.ids) :].tolist())
            self._look_for_stray_bytes(self.ids[self._whole :])
            banned = [ban.token_id for ban in bans if self.steps == 0 or not ban.first_only]
            if banned:
                scores[:, banned] = float("-inf")
            self.steps += 1
            return scores

        def _look_for_stray_bytes(self, ids: list[int]) -> None:
            if not ids:
                return
            text = shared.tokenizer.decode(ids, skip_special_tokens=True)
            at = text.find(REPLACEMENT)
            if at < 0:
                self._whole += len(ids)
            elif at < len(text) - 1 or len(ids) > LONGEST_CHARACTER:
                self.stray, self.stray_ids = True, tuple(ids)
                raise StopNowException

    return AttemptProbe()
