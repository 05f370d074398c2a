"""Token masks on logits of torch: what the policy forbids gets no probability.

Torch and numpy are imported where a mask is made: an engine without them just has no masks.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Sequence
from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING, Any

from role_engine.backends.per_policy import PerPolicy
from role_engine.language.policy import LanguagePolicy

if TYPE_CHECKING:
    from role_engine.decoder.disk_cache import DiskCache
    from role_engine.decoder.masks import TokenMasks

KEPT_TENSORS = 64
"""Masks of one policy that are kept as tensors: four bytes a token each, on the logits' device."""
LEAST_SHARE = 0.01
"""Where the allowed tokens together are less likely than this (before temperature), the model is not made to take one:
what it says then reads like what was forced. It says what it wants, and the guard goes back from there."""


class PolicyMasks:
    """The masks of one policy over one vocabulary, as tensors. Thread-safe."""

    def __init__(self, masks: TokenMasks) -> None:
        self.masks = masks
        self._lock = Lock()
        self._tensors: OrderedDict[tuple[int, int, Any], tuple[Any, Any]] = OrderedDict()

    def tensors(self, state: int, size: int, device: Any) -> tuple[Any, Any]:
        """The mask of `state`, twice: to be added to logits, and to pick from them.

        Args:
            size: the logits' length, often above the vocabulary's.

        Returns:
            [size], float32: -inf for what must not follow, else 0; adding takes a tenth of masking.
            [n], int64: the ids that may follow.
        """
        import torch

        key = state, size, device
        with self._lock:
            found = self._tensors.get(key)
            if found is not None:
                self._tensors.move_to_end(key)
                return found
        ids = self.masks.list_allowed_ids(state)
        allowed = torch.from_numpy(ids[ids < size].astype("int64")).to(device)
        bias = torch.full((size,), float("-inf"), device=device)
        bias[allowed] = 0
        found = bias, allowed
        with self._lock:
            self._tensors[key] = found
            if len(self._tensors) > KEPT_TENSORS:
                self._tensors.popitem(last=False)
        return found

    def state_behind(self, text: str) -> int:
        """The state behind the text that a reply goes on from.

        Where the policy refuses that text (the prompt of a completion may be in English), only its last word counts.
        """
        state = self.masks.after_text(text)
        if state < 0:
            words = text.split()
            last = words[-1] if words and not text[-1].isspace() else ""
            state = self.masks.after_text(last, self.masks.body)
        return self.masks.body if state < 0 else state


class ReplyMask:
    """The mask of one generation. Its state is a function of the generated ids, so that they may also be taken back.

    Args:
        masks: the policy's.
        text: the reply so far, the end of the prompt that belongs to it included.
        enforce: see `GenerationRequest.enforce`.
    """

    def __init__(self, masks: PolicyMasks, text: str, *, enforce: bool = False) -> None:
        self._masks, self._enforce = masks, enforce
        self._ids: list[int] = []
        self._states = [masks.state_behind(text)]  # before each of the ids, and behind the last

    def state(self, generated: Sequence[int]) -> int:
        """The state behind the generated ids."""
        known = len(self._ids)
        if generated[:known] != self._ids:
            known = next(
                (at for at, (one, other) in enumerate(zip(self._ids, generated, strict=False)) if one != other),
                min(len(generated), known),
            )
            del self._ids[known:], self._states[known + 1 :]
        for token in generated[known:]:
            self._ids.append(token)
            self._states.append(self._masks.masks.advance(self._states[-1], token))
        return self._states[-1]

    def apply(self, scores: Any, generated: Sequence[int]) -> Any:
        """Scores [..., vocabulary] without what must not follow; as they are, where too little would be left."""
        state = self.state(generated)
        bias, allowed = self._masks.tensors(state, scores.shape[-1], scores.device)
        masked = scores + bias
        if scores.device.type != "cpu":  # where it costs more to wait for an answer than to reckon on
            share = (scores.softmax(-1) * bias.exp()).sum(-1, keepdim=True)
            return masked.where(share > self._least(state), scores)
        if bool((masked.amax(-1) == scores.amax(-1)).all()):
            return masked
        kept = scores.softmax(-1)[..., allowed].sum(-1, keepdim=True) > self._least(state)
        return masked if bool(kept.all()) else masked.where(kept, scores)

    def _least(self, state: int) -> float:
        """The share of probability above which the mask holds. Within a character there is no other way than on."""
        return 0.0 if self._enforce or self._masks.masks.within_character(state) else LEAST_SHARE

    @staticmethod
    def apply_to_each(rows: Sequence[ReplyMask], scores: Any, generated: Sequence[Sequence[int]]) -> Any:
        """The same for replies side by side: scores [replies, vocabulary]."""
        import torch

        if scores.device.type == "cpu":
            applied = [row.apply(one, ids) for row, one, ids in zip(rows, scores, generated, strict=True)]
            return torch.stack(applied)
        states = [row.state(ids) for row, ids in zip(rows, generated, strict=True)]
        size, device = scores.shape[-1], scores.device
        bias = torch.stack([row._masks.tensors(at, size, device)[0] for row, at in zip(rows, states, strict=True)])
        least = torch.tensor([row._least(at) for row, at in zip(rows, states, strict=True)], device=device)
        share = (scores.softmax(-1) * bias.exp()).sum(-1)
        return (scores + bias).where((share > least)[:, None], scores)

    def allows(self, token: int, generated: Sequence[int]) -> bool:
        """Whether `token` may follow; found out without making a mask."""
        masks, state = self._masks.masks, self.state(generated)
        if token in masks.vocabulary.ends:
            return masks.may_end(state)
        known = token < len(masks.vocabulary) and bool(masks.vocabulary.token(token))
        return state < 0 or (known and masks.advance(state, token) >= 0)

    def sparing(self, banned: set[int]) -> set[int]:
        """The bans, or none of them where they would leave no token."""
        allowed = self._masks.masks.list_allowed_ids(self._states[-1])
        return banned if len(allowed) > len(banned) or not banned >= set(allowed.tolist()) else set()


class MaskSupply(PerPolicy[PolicyMasks]):
    """The masks of one tokenizer, made when they are first wanted and kept with it. Thread-safe.

    Args:
        tokenizer: a fast tokenizer of transformers, or one of `tokenizers`.
        ends: ids that end a reply, besides the tokenizer's special tokens.
        cache: keeps what takes time to make.
    """

    def __init__(self, tokenizer: Any, ends: Collection[int] = (), *, cache: DiskCache | None = None) -> None:
        super().__init__(self._masks, ("mode", "allow", "in_thinking", "emoji"), "token masks")
        self._tokenizer, self._more_ends, self._cache = tokenizer, ends, cache
        self._vocabulary: Any = None
        self._tokens: Any = None

    def _masks(self, policy: LanguagePolicy) -> PolicyMasks:
        from role_engine.decoder.classes import keep_characters
        from role_engine.decoder.masks import TokenMasks
        from role_engine.decoder.vocabulary import Vocabulary

        if self._vocabulary is None:
            self.reach("vocabulary")
            read = Vocabulary.of_tokenizer(self._tokenizer, cache=self._cache)
            self._vocabulary = replace(read, ends=read.ends | set(self._more_ends))
        self.reach("characters")
        if self._cache is not None:
            keep_characters(self._cache)
        masks = TokenMasks(self._vocabulary, policy, tokens=self._tokens, cache=self._cache)
        self._tokens = masks.tokens
        self.reach("trie")
        masks.list_allowed_ids(masks.start)
        self.reach("masks")
        masks.warm()
        return PolicyMasks(masks)
