"""What samples through Transformers: the host's `generate_reply_HF`, watched from inside by a logits processor.

The host's generator runs `model.generate` in a thread of its own and forgets it when it is closed: the run goes on for
a step, and for ever where a stray byte keeps it from yielding. A logits processor is the only thing of ours in that
thread, so it ends the run, counts the steps, masks and bans tokens and notices bytes that will never become a
character. It runs before temperature, top-k, top-p and min-p, which then choose among what may be said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from threading import Event
from typing import Any

from role_engine.backends.base import UNKNOWN_TOKEN, Capabilities, Chunk, Constraint, GenerationRequest, TokenBan
from role_engine.backends.token_mask import MaskSupply, ReplyMask
from role_engine.decoder.disk_cache import DiskCache
from role_engine.hosts.webui.host_api import HostApi
from role_engine.hosts.webui.loaders.base import LoaderBackend, keep_with

REPLACEMENT = "\ufffd"
LONGEST_CHARACTER = 4  # bytes, and so tokens, of one UTF-8 character


class WebuiTransformersBackend(LoaderBackend):
    capabilities = Capabilities(resume="prefix", token_ids=True, mask=True, bias=True)

    @property
    def _supply(self) -> MaskSupply:
        return self.find_constraints(self.host, self._cache)

    def constraint_on(self, request: GenerationRequest) -> Constraint:
        return "none" if self._supply.of(request.policy) is None else "mask"

    @classmethod
    def find_constraints(cls, host: HostApi, cache: DiskCache | None) -> MaskSupply:
        tokenizer = host.shared.tokenizer
        end = getattr(tokenizer, "eos_token_id", None)
        ends = () if end is None else (end,)
        return keep_with(tokenizer, lambda: MaskSupply(tokenizer, ends, cache=cache))

    def stream(self, request: GenerationRequest, *, cancel: Event) -> Iterator[Chunk]:
        state = self.call.attempt_state(request)
        masks = self._supply.of(request.policy) if request.constraint == "mask" else None
        mask = (
            None if masks is None else ReplyMask(masks, request.prompt_suffix + request.prefix, enforce=request.enforce)
        )
        probe = _make_probe(self.host, request.bans, mask, cancel, self._find_end_tokens(request.stop))
        state["logits_processor"] = _add_probe(state.get("logits_processor"), probe)
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

    def _find_end_tokens(self, stop: Sequence[str]) -> frozenset[int]:
        """Stop strings that are tokens hidden in text: a base model does not name a template's marks as ends."""
        added: dict[str, int] = getattr(self.shared.tokenizer, "get_added_vocab", dict)()
        return frozenset(added[text] for text in stop if text in added)

    def _decode(self, ids: list[int]) -> str:
        return str(self.shared.tokenizer.decode(ids, skip_special_tokens=True))

    def _encode(self, text: str) -> list[int]:
        return list(self.shared.tokenizer.encode(text, add_special_tokens=False))

    def _note_prompt(self, probe: Any) -> None:
        if self.prompt_tokens is None:
            self.prompt_tokens = probe.prompt_length


class TokenTrail:
    """Names the tokens behind each piece of a reply, by the ids that a logits processor has seen.

    The processor sees a token only when the next one is about to be sampled, so the last token of a piece is usually
    not among `ids` yet; then it is counted, and named by encoding the piece where that gives one token.

    Args:
        ids: the generated ids, growing while this is read.
        decode, encode: text of ids, ids of a text.
    """

    def __init__(
        self, ids: Sequence[int], decode: Callable[[list[int]], str], encode: Callable[[str], list[int]]
    ) -> None:
        self._ids, self._decode, self._encode = ids, decode, encode
        self.passed = 0

    def take(self, piece: str) -> tuple[int, ...]:
        """The ids behind the next piece; `UNKNOWN_TOKEN` for one that cannot be named."""
        seen = list(self._ids[self.passed :])
        for size in range(1, len(seen) + 1):
            if self._decode(seen[:size]).strip() == piece.strip():
                break
        else:
            size = len(seen) + 1
        found = tuple(seen[:size])
        if len(found) < size:
            named = self._encode(piece)
            last = named[0] if size == 1 and len(named) == 1 else UNKNOWN_TOKEN
            found = (*found, last)
        self.passed += size
        return found


def _add_probe(present: Any, probe: Any) -> Any:
    """A new list, since the host appends to the one that it is given; ours is last, after the user's own biases."""
    from transformers import LogitsProcessorList

    others: Iterable[Any] = () if present is None else present if isinstance(present, list) else (present,)
    return LogitsProcessorList([*others, probe])


def _make_probe(  # noqa: C901 - a class within it, since its base is imported only here
    host: HostApi, bans: tuple[TokenBan, ...], mask: ReplyMask | None, cancel: Event, ends: frozenset[int]
) -> Any:
    """The logits processor of one attempt (made in a function: the portable webui has no transformers to import)."""
    from transformers import LogitsProcessor

    stop_now, tokenizer = host.stop_exception, host.shared.tokenizer

    class AttemptProbe(LogitsProcessor):  # type: ignore[misc, unused-ignore]
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
                raise stop_now
            # Read anew each time: with prompt lookup they are guesses, some of which are taken back.
            self.ids[:] = input_ids[0, self.prompt_length :].tolist()
            if self.ids and self.ids[-1] in ends:
                raise stop_now
            self._whole = min(self._whole, len(self.ids))
            self._look_for_stray_bytes(self.ids[self._whole :])
            banned = [ban.token_id for ban in bans if not self.ids or not ban.first_only]
            if banned:
                scores[:, banned] = float("-inf")
            self.steps = max(self.steps, len(self.ids) + 1)
            return scores if mask is None else self._masked(input_ids, scores, mask)

        def _masked(self, input_ids: Any, scores: Any, mask: ReplyMask) -> Any:
            if len(scores) == 1:
                return mask.apply(scores, self.ids)
            beams = input_ids[:, self.prompt_length :].tolist()
            return ReplyMask.apply_to_each([mask] * len(beams), scores, beams)

        def _look_for_stray_bytes(self, ids: list[int]) -> None:
            if not ids:
                return
            text = tokenizer.decode(ids, skip_special_tokens=True)
            at = text.find(REPLACEMENT)
            if at < 0:
                self._whole += len(ids)
            elif at < len(text) - 1 or len(ids) > LONGEST_CHARACTER:
                self.stray, self.stray_ids = True, tuple(ids)
                raise stop_now

    return AttemptProbe()
