"""Asking an engine and reading its chunks; and, for the engine on Transformers, watching what its model does."""

from __future__ import annotations

from threading import Event
from typing import Any

from role_engine.backends.base import Backend, Chunk, GenerationRequest
from tests.backends import tiny_model

GREEDY = {"temperature": 0}
PROMPT = "Философ молча смотрел"
LENGTH = 40


def ask(prompt: str = PROMPT, *, max_tokens: int | None = LENGTH, **what: Any) -> GenerationRequest:
    return GenerationRequest(prompt=prompt, max_tokens=max_tokens, **{"options": GREEDY, **what})


def run(backend: Backend, request: GenerationRequest) -> list[Chunk]:
    return list(backend.stream(request, cancel=Event()))


def text_of(chunks: list[Chunk]) -> str:
    return "".join(chunk.text for chunk in chunks)


def ids_of(chunks: list[Chunk]) -> list[int]:
    return [token for chunk in chunks for token in chunk.token_ids or ()]


def encode(text: str) -> list[int]:
    return list(tiny_model.tokenizer().encode(text, add_special_tokens=False))


def generated(model: Any, prompt: str, length: int = LENGTH, **how: Any) -> list[int]:
    """What Transformers' own loop makes of it."""
    import torch

    ids = torch.tensor([encode(prompt)])
    whole = model.generate(ids, attention_mask=torch.ones_like(ids), max_new_tokens=length, do_sample=False, **how)
    return list(whole[0, ids.shape[1] :].tolist())


def cut_after(chunks: list[Chunk], tokens: int) -> str:
    """The text of the first tokens, to a place where a character ends."""
    text, seen = "", 0
    for chunk in chunks:
        if seen >= tokens:
            break
        seen, text = seen + chunk.token_count, text + chunk.text
    return text


def ids_within(chunks: list[Chunk], text: str) -> int:
    size, tokens = 0, 0
    for chunk in chunks:
        size += len(chunk.text)
        if size > len(text):
            break
        tokens += chunk.token_count
    return tokens


class Spy:
    """Counts what a model reads: the lengths of its inputs."""

    def __init__(self, model: Any) -> None:
        self.lengths: list[int] = []
        self._handle = model.register_forward_pre_hook(self._note, with_kwargs=True)

    def _note(self, module: Any, args: Any, kwargs: Any) -> None:
        self.lengths.append(kwargs["input_ids"].shape[-1])

    def take(self) -> list[int]:
        found, self.lengths = self.lengths, []
        return found

    def __enter__(self) -> Spy:
        return self

    def __exit__(self, *_: object) -> None:
        self._handle.remove()


class Scripted:
    """Makes a model write these tokens, whatever it is asked, and then end."""

    def __init__(self, model: Any, script: list[int]) -> None:
        self._script = iter([*script, tiny_model.tokenizer().eos_token_id])
        self._handle = model.register_forward_hook(self._write)

    def _write(self, module: Any, args: Any, output: Any) -> None:
        import torch

        output.logits = torch.zeros_like(output.logits)
        output.logits[..., next(self._script)] = 50.0

    def __enter__(self) -> Scripted:
        return self

    def __exit__(self, *_: object) -> None:
        self._handle.remove()


def byte(value: int) -> int:
    """The token of one byte."""
    from role_engine.backends.detokenizer import _BYTE_OF

    char = next(char for char, there in _BYTE_OF.items() if there == value)
    return int(tiny_model.tokenizer().convert_tokens_to_ids(char))
