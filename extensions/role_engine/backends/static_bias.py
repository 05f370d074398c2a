"""Biases that keep an engine from sampling what no clean text holds: for engines that take them once per generation.

Two ways to the same end. Lifting the clean tokens takes the shorter list (Qwen's vocabulary in `strict`: 12,700 of
151,936 tokens; a tenth of the bytes, read by llama.cpp in 30 ms instead of 0.2 s), and changes no probability among
them, but only while every sampler sees differences alone. Where one looks at the logits themselves, the others are
banned instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from role_engine.backends.per_policy import PerPolicy
from role_engine.language.policy import LanguagePolicy

if TYPE_CHECKING:
    from role_engine.decoder.disk_cache import Arrays, DiskCache
    from role_engine.decoder.vocabulary import Vocabulary

LIFT = 40.0
"""In logits: what is lifted is e^40 times as likely. Much more would make the probabilities of the others so small that
a processor takes several times as long to reckon with them (denormal numbers, from e^-87 on)."""

GGUF_HEADER = 32 << 20
"""Bytes from the beginning of a GGUF file: a vocabulary of a quarter of a million tokens takes a third of them."""

Bias = tuple[int, float | bool]
"""A token and what is added to its logit; False: never (as llama.cpp has it)."""


@dataclass(frozen=True)
class StaticBias:
    """The biases of one policy over one vocabulary, both ways, in ascending ids."""

    allowed: tuple[int, ...]
    forbidden: tuple[int, ...]

    def entries(self, own: Iterable[Bias] = (), *, differences_only: bool = True) -> list[Bias]:
        """What the engine is told.

        Args:
            own: the request's biases: kept, but for those that would bring a forbidden token back.
            differences_only: whether each of the engine's samplers sees differences of logits alone.
        """
        if differences_only and len(self.allowed) < len(self.forbidden):
            return [*self._lifted, *(pair for pair in own if pair[0] in self._clean)]
        return [*own, *((token, False) for token in self.forbidden)]

    @cached_property
    def _lifted(self) -> tuple[Bias, ...]:
        return tuple((token, LIFT) for token in self.allowed)

    @cached_property
    def _clean(self) -> frozenset[int]:
        return frozenset(self.allowed)


class BiasSupply(PerPolicy[StaticBias]):
    """The biases of one model, made when they are first wanted and kept with it. Thread-safe.

    Args:
        vocabulary: reads it, once.
        digest: a hash of what it is read from.
        cache: keeps the biases by that hash.
    """

    def __init__(
        self,
        vocabulary: Callable[[], Vocabulary],
        *,
        digest: Callable[[], bytes] | None = None,
        cache: DiskCache | None = None,
    ) -> None:
        super().__init__(self._biases, ("mode", "allow", "emoji"), "token biases")
        self._read, self._digest, self._cache = vocabulary, digest, cache
        self._vocabulary: Vocabulary | None = None

    @classmethod
    def of_gguf(cls, path: Callable[[], Path], cache: DiskCache | None = None) -> BiasSupply:
        """For the vocabulary of a GGUF file (of several parts, the first)."""
        from role_engine.decoder.disk_cache import file_digest

        return cls(lambda: of_gguf(path()), digest=lambda: file_digest(path(), GGUF_HEADER), cache=cache)

    @classmethod
    def of_tokenizer_file(cls, path: Path, cache: DiskCache | None = None) -> BiasSupply:
        """For the vocabulary of a `tokenizer.json`."""
        from role_engine.decoder.disk_cache import file_digest
        from role_engine.decoder.vocabulary import Vocabulary

        return cls(lambda: Vocabulary.of_file(path), digest=lambda: file_digest(path), cache=cache)

    def _biases(self, policy: LanguagePolicy) -> StaticBias:
        import numpy as np

        from role_engine.decoder.classes import keep_characters
        from role_engine.decoder.static_ban import ever_clean, forbidden

        def make() -> Arrays:
            if self._vocabulary is None:
                self._vocabulary = self._read()
            self.reach("bans")
            return {"allowed": ever_clean(self._vocabulary, policy), "size": np.array(len(self._vocabulary))}

        self.reach("vocabulary")
        if self._cache is None or self._digest is None:
            made = make()
        else:
            keep_characters(self._cache)
            made = self._cache.arrays("biases", [self._digest(), policy.model_dump_json()], make)
        allowed, size = made["allowed"], int(made["size"])
        return StaticBias(tuple(allowed.tolist()), tuple(forbidden(allowed, size).tolist()))


def of_gguf(path: Path | str) -> Vocabulary:
    """The vocabulary of a GGUF file (of several parts, the first).

    Raises:
        InputError: it is none, or holds no vocabulary.
    """
    from role_engine.decoder.vocabulary import Vocabulary
    from role_engine.errors import InputError
    from role_engine.models.gguf_file import read_gguf

    header = read_gguf(Path(path))
    tokens, kinds = (header.get(f"tokenizer.ggml.{name}", list) for name in ("tokens", "token_type"))
    if not tokens or not kinds or len(tokens) != len(kinds):
        raise InputError("There is no vocabulary in it.", path=Path(path))
    return Vocabulary.of_gguf(header.get("tokenizer.ggml.model", str) or "", tokens, kinds)
