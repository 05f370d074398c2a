"""Any causal language model that Transformers loads, on CPU or GPU, as an engine that goes on where it stands.

The decode loop is our own, one token a step, so that a reply can be stopped between any two, its tokens are known, and
what was read stays read: keys and values of the last replies are kept (`kv_cache.py`) and their tokens remembered
(`transcripts.py`), so a reply that goes on costs a step for each token that was not read yet, mostly one.

Needs torch and transformers (4.56 or later), imported when a backend is made.
"""

from __future__ import annotations

import inspect
import logging
from collections.abc import Collection, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from threading import Event, Lock
from typing import Any

from role_engine.backends.base import Capabilities, Chunk, Constraint, Finish, GenerationRequest
from role_engine.backends.detokenizer import detokenizers
from role_engine.backends.hf_model import (
    end_tokens,
    find_suppressed_tokens,
    leading_tokens,
    load,
    longest_token,
    require_libraries,
    rewinds,
)
from role_engine.backends.kv_cache import KEPT_BYTES, KEPT_CACHES, CachePool, KVCache
from role_engine.backends.sampling import KNOWN_OPTIONS, Sampling
from role_engine.backends.token_mask import MaskSupply, ReplyMask
from role_engine.backends.transcripts import Transcript, Transcripts
from role_engine.decoder.disk_cache import DiskCache
from role_engine.errors import BackendError

logger = logging.getLogger(__name__)

PREFILL_TOKENS = 512
"""Tokens that are read at a time: between two such pieces of a long prompt it can be cancelled."""
_ANCHOR = 32  # characters before a text that show the tokenizer what it follows


class TransformersBackend:
    """A model and its tokenizer; thread-safe, several requests may run at once.

    `request.options` are `temperature`, `top_k`, `top_p`, `min_p`, `repetition_penalty` and `do_sample`, over what the
    model's own generation_config recommends; others are passed over. Stop strings are left to the guard.

    The same seed gives the same reply on the same device, as far as the kept cache lets it: read token by token or all
    at once, the same prompt differs in the last bits, which in 16-bit types can turn a close choice. `kept_caches=0`
    keeps none.

    Args:
        model: a model's directory, or a loaded model.
        tokenizer: its tokenizer; needed with a loaded model, else the directory's.
        device: `cpu`, `cuda`, `cuda:1` …; `auto`: the GPU if there is one (a loaded model stays where it is).
        dtype: `float32`, `bfloat16` …; `auto`: the checkpoint's own on a GPU, float32 on a CPU.
        kept_caches, kept_bytes: caches kept between requests, and the memory that they may take together.
        ends: texts of more tokens that end a reply, as far as the vocabulary has them. A base model's configuration
            does not name the marks of a template that it was given, and no stop string finds a token hidden in text.
        cache: keeps what token masks are made of.

    Raises:
        BackendError: no torch, no such directory, no model in it, a model that cannot generate token by token.
    """

    capabilities = Capabilities(resume="prefix", token_ids=True, mask=True, bias=True)

    def __init__(
        self,
        model: str | Path | Any,
        tokenizer: Any = None,
        *,
        device: str = "auto",
        dtype: str = "auto",
        kept_caches: int = KEPT_CACHES,
        kept_bytes: int = KEPT_BYTES,
        ends: Collection[str] = (),
        cache: DiskCache | None = None,
    ) -> None:
        require_libraries()
        if isinstance(model, str | Path):
            self.name = Path(model).resolve().name
            self.model, own_tokenizer = load(Path(model), device, dtype)
            self.tokenizer = tokenizer if tokenizer is not None else own_tokenizer
        elif tokenizer is None:
            raise BackendError("A loaded model was given without its tokenizer.", hint="Pass both, or the directory.")
        else:
            self.model = model if device == "auto" else model.to(device)
            self.tokenizer = tokenizer
            self.name = Path(getattr(model, "name_or_path", "") or type(model).__name__).name
        self.model.eval()
        bare = self.model.get_base_model() if hasattr(self.model, "get_base_model") else self.model  # out of its LoRA
        parameters = inspect.signature(bare.forward).parameters
        if "past_key_values" not in parameters:
            raise BackendError(f"{type(self.model).__name__} keeps its state in a way that this engine does not know.")
        self._last_logits_only = {"logits_to_keep": 1} if "logits_to_keep" in parameters else {}
        self._text_config = self.model.config.get_text_config(decoder=True)
        self._rewinds = rewinds(self.model, self._text_config)
        if not self._rewinds and kept_caches:
            logger.warning("%s cannot go back in its cache: each attempt reads the whole prompt again.", self.name)
        self._pool = CachePool(self._empty_cache, caches=kept_caches if self._rewinds else 0, limit=kept_bytes)
        self._transcripts: Transcripts[int] = Transcripts()
        self._tokenizing = Lock()
        self._detokenizer = detokenizers(self.tokenizer)
        self._bos = leading_tokens(self.tokenizer)
        known = self.tokenizer.get_vocab()
        self._ends = end_tokens(self.model, self.tokenizer) | {known[text] for text in ends if text in known}
        self._suppressed = find_suppressed_tokens(self.model)
        self._masks = MaskSupply(self.tokenizer, self._ends, cache=cache)
        self._sampling = Sampling.of_model(getattr(self.model, "generation_config", None))
        self._passed_over: set[str] = set()

    @property
    def context_length(self) -> int | None:
        """Tokens that the model can look back on, prompt and reply together; None where its config says nothing."""
        length = getattr(self._text_config, "max_position_embeddings", None)
        return int(length) if length else None

    @cached_property
    def longest_token(self) -> int | None:
        """Bytes of UTF-8 text that one token stands for at most; None where there is no bound."""
        return longest_token(self.tokenizer)

    def prompt_tokens(self, request: GenerationRequest) -> int:
        """Tokens of `request.prompt`, as they are read."""
        return len(self._encode(request.prompt))

    def token_starts(self, text: str) -> list[int]:
        """Where each token of `text` begins, in characters; those that are set at its start begin there.

        Raises:
            NotImplementedError: the tokenizer is none of the fast ones, which know that.
        """
        with self._tokenizing:
            spans = self.tokenizer(text, add_special_tokens=False, return_offsets_mapping=True)["offset_mapping"]
        own = self.tokenizer.bos_token
        before = [] if own and text.startswith(own) else [0] * len(self._bos)
        return [*before, *(start for start, _ in spans)]

    @property
    def constraints(self) -> MaskSupply:
        """The masks of the model's tokenizer."""
        return self._masks

    def constraint_on(self, request: GenerationRequest) -> Constraint:
        """See `ConstrainedBackend`."""
        with self._tokenizing:
            return "none" if self._masks.of(request.policy) is None else "mask"

    def stream(self, request: GenerationRequest, *, cancel: Event) -> Iterator[Chunk]:
        """See `Backend.stream`.

        Raises:
            BackendError: the prompt is empty or does not fit, or the model failed (out of memory, most often).
            SettingsError: a sampling option that makes no sense.
        """
        sampling = self._sampling.with_options(request.options)
        self._note_unknown(request.options)
        text = request.prompt + request.prefix
        ids = self._tokens(text)
        limit = self._limit(request.max_tokens, len(ids))
        transcript = Transcript(text, ids)
        cache = self._pool.take(ids, resumes=bool(request.prefix))
        try:
            yield from self._decode(request, sampling, cache, ids, limit, transcript, cancel)
        finally:
            self._transcripts.keep(transcript)
            self._pool.give_back(cache)

    def _decode(
        self,
        request: GenerationRequest,
        sampling: Sampling,
        cache: KVCache,
        ids: list[int],
        limit: int | None,
        transcript: Transcript[int],
        cancel: Event,
    ) -> Iterator[Chunk]:
        """Token after token, each delivered before the next is thought of."""
        generator = self._generator(request.seed)
        banned = self._suppressed | {ban.token_id for ban in request.bans if not ban.first_only}
        banned_first = self._suppressed | {ban.token_id for ban in request.bans}
        mask = self._mask(request)
        detokenizer = self._detokenizer()
        seen = set(ids)
        unread = ids[len(cache.ids) :]
        held: list[int] = []  # tokens whose text is not out, for they end inside a character
        written: list[int] = []
        finish: Finish = "length"
        while limit is None or len(written) < limit:
            logits = self._read(cache, unread, cancel)
            if logits is None:
                finish = "cancelled"
                break
            barred = banned if written else banned_first
            token = sampling.pick(logits, seen=seen, banned=barred, generator=generator)
            if mask is not None and not mask.allows(token, written):
                # Drawing again among what is allowed gives what a mask before the first draw gives, and where there is
                # nothing to forbid, the very reply that the seed gives without.
                allowed, barred = mask.apply(logits, written), mask.sparing(barred)
                token = sampling.pick(allowed, seen=seen, banned=barred, generator=generator)
            if token in self._ends:
                finish = "stop"
                break
            written.append(token)
            seen.add(token)
            unread = [token]
            text = detokenizer.feed(token)
            transcript.add(unread, text, whole=not detokenizer.pending)
            held.append(token)
            if text or not detokenizer.pending:
                yield Chunk(text, tuple(held))
                held = []
        # A character that the limit cut in two is no stray byte: it is left out.
        yield Chunk(detokenizer.finish() if finish == "stop" else "", tuple(held), finish)

    def _mask(self, request: GenerationRequest) -> ReplyMask | None:
        if request.constraint != "mask":
            return None
        with self._tokenizing:
            masks = self._masks.of(request.policy)
        return (
            None if masks is None else ReplyMask(masks, request.prompt_suffix + request.prefix, enforce=request.enforce)
        )

    def _read(self, cache: KVCache, ids: Sequence[int], cancel: Event) -> Any:
        """Logits [vocabulary] after `ids`, which follow what the cache holds; None when it was cancelled before."""
        import torch

        size = PREFILL_TOKENS if self._rewinds else len(ids)  # recurrent states are right only when read in one go
        logits = None
        for start in range(0, len(ids), size):
            if cancel.is_set():
                return None
            part = list(ids[start : start + size])
            cache.broken = True
            try:
                # Not round the whole loop: the mode would stay on in the reader's thread between two tokens.
                with torch.inference_mode():
                    output = self.model(
                        input_ids=torch.tensor([part], device=self._device),
                        past_key_values=cache.cache,
                        use_cache=True,
                        **self._last_logits_only,
                    )
                    logits = output.logits[0, -1]
            except (RuntimeError, ValueError, IndexError) as error:
                self._pool.clear()  # what it lacked was memory, most often
                raise BackendError(f"{self.name} failed after {len(cache.ids)} tokens: {error}") from error
            cache.ids += part
            cache.broken = self._rewinds and cache.cache.get_seq_length() != len(cache.ids)
            if cache.broken:
                raise BackendError(f"{type(self.model).__name__} does not use the cache that it is given.")
        return logits

    def _tokens(self, text: str) -> list[int]:
        """As the model wrote it itself, as far as it did."""
        known = self._transcripts.find_known(text)
        if known is not None:
            rest = self._encode_after(text[: len(text) - len(known.rest)], known.rest)
            if rest is not None:
                return [*known.read, *known.ids, *rest]
        ids = self._encode(text)
        if not ids:
            raise BackendError("The prompt is empty, and the model knows no token to begin with.")
        return ids

    def _encode(self, text: str) -> list[int]:
        own = self.tokenizer.bos_token
        ids = self._plain(text)
        return ids if own and text.startswith(own) else [*self._bos, *ids]

    def _encode_after(self, before: str, text: str) -> list[int] | None:
        """Tokens of `text` where it follows `before`; None where there is no token boundary between them."""
        if not text:
            return []
        anchor = before[-_ANCHOR:]
        anchor = anchor[max(0, anchor.find(" ")) :]
        head, both = self._plain(anchor), self._plain(anchor + text)
        return both[len(head) :] if both[: len(head)] == head else None

    def _plain(self, text: str) -> list[int]:
        with self._tokenizing:  # Hugging Face's fast tokenizers may not be asked by two threads at once
            return list(self.tokenizer.encode(text, add_special_tokens=False))

    def _limit(self, asked: int | None, prompt: int) -> int | None:
        """Tokens to generate: what was asked for, as far as the context reaches."""
        if self.context_length is None:
            return asked
        room = self.context_length - prompt
        if room <= 0:
            raise BackendError(
                f"The prompt has {prompt} tokens, and {self.name} can look back on {self.context_length}.",
                hint="Shorten the chat or the role.",
            )
        return room if asked is None else min(asked, room)

    def _generator(self, seed: int | None) -> Any:
        import torch

        generator = torch.Generator(self._device)
        if seed is None or seed < 0:
            generator.seed()
        else:
            generator.manual_seed(seed)
        return generator

    @property
    def _device(self) -> Any:
        return self.model.get_input_embeddings().weight.device

    def _empty_cache(self) -> Any:
        from transformers import DynamicCache

        # Without the config layers with a sliding window keep everything too, or they could not go back.
        return DynamicCache() if self._rewinds else DynamicCache(config=self.model.config)

    def _note_unknown(self, options: Any) -> None:
        new = set(options) - KNOWN_OPTIONS - self._passed_over
        if new:
            self._passed_over |= new
            logger.info("Options that this engine has not: %s", ", ".join(sorted(map(str, new))))
