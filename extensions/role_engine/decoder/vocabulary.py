"""What bytes each token of a tokenizer stands for.

Read from a `tokenizer.json`, an object of `tokenizers` or of transformers, or the arrays of a GGUF file: byte-level BPE
(GPT-2's alphabet), SentencePiece with its `▁` and `<0x0A>`, added tokens, gaps between ids.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from role_engine.decoder.disk_cache import Arrays, DiskCache
from role_engine.errors import InputError
from role_engine.language.markup.markers import ANSWER, THINKING, TOOL_CALLS

# Tokens that are part of these are text, even where the tokenizer calls them special.
_MARKERS = "".join((*THINKING, *THINKING.values(), *ANSWER, *TOOL_CALLS, *TOOL_CALLS.values()))
_UNKNOWN = -1
_GAP = "\u0000"


def byte_alphabet() -> dict[int, str]:
    """Byte → the printable character that byte-level BPE writes for it (GPT-2's table)."""
    plain = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    table = {byte: chr(byte) for byte in plain}
    others = (byte for byte in range(256) if byte not in table)
    return table | {byte: chr(256 + count) for count, byte in enumerate(others)}


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """The bytes of all tokens, one after the other.

    Attributes:
        data: the bytes.
        starts: [size + 1]: token `i` is `data[starts[i]:starts[i + 1]]`; empty for a gap or a special token.
        ends: ids that end a reply.
    """

    data: NDArray[np.uint8]
    starts: NDArray[np.int64]
    ends: frozenset[int] = field(default_factory=frozenset)

    def __len__(self) -> int:
        return len(self.starts) - 1

    def token(self, token_id: int) -> bytes:
        """The bytes of one token."""
        return self.data[self.starts[token_id] : self.starts[token_id + 1]].tobytes()

    @cached_property
    def digest(self) -> str:
        """A hash of everything that a mask depends on."""
        found = hashlib.blake2b(self.data.tobytes(), digest_size=16)
        found.update(self.starts.tobytes())
        found.update(json.dumps(sorted(self.ends)).encode())
        return found.hexdigest()

    @classmethod
    def of_tokens(cls, tokens: Sequence[bytes | None], ends: Iterable[int] = ()) -> Vocabulary:
        """From the bytes of each id; None or empty for ids that stand for no text."""
        sizes = np.fromiter((len(token) if token else 0 for token in tokens), np.int64, len(tokens))
        data = np.frombuffer(b"".join(token for token in tokens if token), np.uint8)
        return cls(data, np.concatenate([[0], np.cumsum(sizes)]), frozenset(ends))

    @classmethod
    def of_tokenizer(
        cls, tokenizer: Any, ends: Iterable[int] | None = None, *, cache: DiskCache | None = None
    ) -> Vocabulary:
        """From a `tokenizers.Tokenizer`, or a fast tokenizer of transformers.

        Args:
            ends: ids that end a reply. Default: every special token whose text is no marker of reasoning or tool calls.
            cache: keeps what was read, by all that the tokenizer is.

        Raises:
            InputError: the tokenizer cannot say what bytes its tokens stand for.
        """
        backend = getattr(tokenizer, "backend_tokenizer", tokenizer)
        if not hasattr(backend, "to_str"):
            raise InputError(
                f"{type(tokenizer).__name__} does not say what bytes its tokens stand for.",
                hint="A fast tokenizer (of the package `tokenizers`) does.",
            )
        if cache is None:
            return _of_backend(backend, ends)
        kept = cache.arrays("vocabulary", [backend.to_str()], lambda: _of_backend(backend, None).arrays())
        return cls(kept["data"], kept["starts"], frozenset(kept["ends"].tolist() if ends is None else ends))

    def arrays(self) -> Arrays:
        """All that it is, as arrays."""
        return {"data": self.data, "starts": self.starts, "ends": np.array(sorted(self.ends), np.int64)}

    @classmethod
    def of_file(cls, path: Path, ends: Iterable[int] | None = None) -> Vocabulary:
        """From a `tokenizer.json`. Raises `InputError` where it is none."""
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            model = content["model"]["vocab"]
            vocabulary = (
                model if isinstance(model, dict) else {piece: number for number, (piece, _) in enumerate(model)}
            )
            added = {token["id"]: (token["content"], token["special"]) for token in content["added_tokens"]}
            return _read(_by_id(vocabulary), added, content["decoder"], ends)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise InputError(f"This is no tokenizer.json ({error}).", path=path) from error

    @classmethod
    def of_gguf(
        cls, model: str, tokens: Sequence[str], kinds: Sequence[int], ends: Iterable[int] | None = None
    ) -> Vocabulary:
        """From the arrays of a GGUF file: `tokenizer.ggml.model`, `.tokens` and `.token_type`.

        `kinds`: 1 normal, 2 unknown, 3 control, 4 user-defined, 5 unused, 6 byte, as llama.cpp counts them.
        """
        plain = [token if kinds[number] in (1, 6) else "" for number, token in enumerate(tokens)]
        added = {
            number: (token, kinds[number] != 4) for number, token in enumerate(tokens) if kinds[number] in (2, 3, 4)
        }
        decoder = {"type": "ByteLevel" if model == "gpt2" else "ByteFallback"}
        return _read(plain, added, decoder, ends)


def _of_backend(backend: Any, ends: Iterable[int] | None) -> Vocabulary:
    """From a `tokenizers.Tokenizer`."""
    decoder = json.loads(backend.decoder.__getstate__()) if backend.decoder is not None else None
    added = {number: (token.content, token.special) for number, token in backend.get_added_tokens_decoder().items()}
    return _read(_tokens(backend), added, decoder, ends)


# The longest gap between ids that is looked over.
_LONGEST_GAP = 1 << 16


def _tokens(backend: Any) -> list[str]:
    """The tokens of a `tokenizers.Tokenizer` by id; asking for them one by one is faster than for all as a dict."""
    wanted, found, number, last = backend.get_vocab_size(with_added_tokens=True), list[str](), 0, 0
    token_of = backend.id_to_token
    while wanted and number - last < _LONGEST_GAP:
        token = token_of(number)
        found.append(token or "")
        number += 1
        if token is not None:
            wanted, last = wanted - 1, number
    return found[:last]


def _by_id(vocabulary: Mapping[str, int]) -> list[str]:
    tokens = [""] * (max(vocabulary.values(), default=-1) + 1)
    for token, number in vocabulary.items():
        tokens[number] = token
    return tokens


def _read(
    tokens: list[str],
    added: Mapping[int, tuple[str, bool]],
    decoder: Mapping[str, Any] | None,
    ends: Iterable[int] | None,
) -> Vocabulary:
    tokens += [""] * (max(added, default=-1) + 1 - len(tokens))
    for number in added:
        tokens[number] = ""
    data, sizes = _byte_level(tokens) if "ByteLevel" in _kinds(decoder) else _pieces(tokens)
    starts = np.concatenate([[0], np.cumsum(sizes)])
    shown = {number: text.encode() for number, (text, special) in added.items() if not special or text in _MARKERS}
    special = frozenset(number for number in added if number not in shown)
    found = Vocabulary(data, starts, special if ends is None else frozenset(ends))
    return _with(found, shown) if shown else found


def _kinds(decoder: Mapping[str, Any] | None) -> set[str]:
    """The types of a decoder and of those it is made of."""
    if not decoder:
        return set()
    return {decoder.get("type", ""), *(kind for part in decoder.get("decoders", ()) for kind in _kinds(part))}


def _byte_level(tokens: list[str]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    codes = np.frombuffer(_GAP.join(tokens).encode("utf-32-le"), np.uint32)
    table = np.full(0x180, _UNKNOWN, np.int32)
    for byte, char in byte_alphabet().items():
        table[ord(char)] = byte
    (gaps,) = np.nonzero(codes == 0)
    ends = np.concatenate([gaps, [len(codes)]])
    sizes = np.diff(np.concatenate([[-1], ends])) - 1
    letters = codes[codes != 0]
    if len(letters) and (letters.max() >= 0x180 or (table[letters] == _UNKNOWN).any()):
        return _mixed(tokens)
    return table[letters].astype(np.uint8), sizes.astype(np.int64)


def _joined(found: list[bytes]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    return np.frombuffer(b"".join(found), np.uint8), np.fromiter(map(len, found), np.int64, len(found))


def _mixed(tokens: list[str]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Byte-level tokens, some of which are written as they are."""
    bytes_of = {char: byte for byte, char in byte_alphabet().items()}
    return _joined(
        [
            bytes(bytes_of[char] for char in token) if all(char in bytes_of for char in token) else token.encode()
            for token in tokens
        ]
    )


def _pieces(tokens: list[str]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    return _joined([_piece(token) for token in tokens])


def _piece(token: str) -> bytes:
    """SentencePiece: `<0x0A>` is a byte, `▁` a space."""
    if len(token) == 6 and token.startswith("<0x") and token.endswith(">"):
        try:
            return bytes([int(token[3:5], 16)])
        except ValueError:
            pass
    return token.replace("▁", " ").encode("utf-8", "replace")


def _with(vocabulary: Vocabulary, shown: Mapping[int, bytes]) -> Vocabulary:
    """The vocabulary with other bytes for some ids."""
    parts, sizes, at = [], np.diff(vocabulary.starts), 0
    for number in sorted(shown):
        start = int(vocabulary.starts[number])
        parts += [vocabulary.data[at:start], np.frombuffer(shown[number], np.uint8)]
        at, sizes[number] = int(vocabulary.starts[number + 1]), len(shown[number])
    data = np.concatenate([*parts, vocabulary.data[at:]])
    return Vocabulary(data, np.concatenate([[0], np.cumsum(sizes)]), vocabulary.ends)
