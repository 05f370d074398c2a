"""What is known of a model without loading it."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

Kind = Literal["base", "instruct", "unsure"]
Roles = Literal["trained", "tokens", "none", "unsure"]
Thinking = Literal["switch", "always", "possible", "none"]
Says = Literal["eos", "name", "template", "sampling"]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class KindEvidence(_Part):
    """One thing that speaks for base or instruct.

    Attributes:
        source: the file, or the key of a GGUF file, that says it.
        about: what it is about: the token that ends a reply, a name, the chat template, recommended sampling.
        found: what stands there.
        points_to: what it speaks for; `unsure`: it proves nothing, and is listed because it is often taken for proof.
        weight: 3 strong, 2 middling, 1 weak, 0 none.
    """

    source: str
    about: Says
    found: str
    points_to: Kind
    weight: int


class Token(_Part):
    """An entry of the vocabulary. `special`: hidden when text is decoded without special tokens."""

    id: int
    text: str
    special: bool


class OwnToken(_Part):
    """A token of this project's: a switch of a mode, a role, a tool. Untrained it does nothing."""

    text: str
    kind: str
    trained: bool


class VocabularyReport(_Part):
    """Tokens against rows of the embedding.

    Attributes:
        tokens: entries of the tokenizer, added ones included; None: no tokenizer that can be read.
        rows: of the embedding.
        spare: rows that no entry takes; in a GGUF file entries called `[PAD…]`.
        reserved: entries that stand in the tokenizer and mean nothing (`<unused7>`, `<|reserved_special_token_7|>`).
        special: every added token, in the order of ids.
        bos, eos, pad, unk: as the tokenizer names them.
        ends: tokens that end a reply, by generation_config, else config, else the tokenizer.
    """

    tokens: int | None = None
    rows: int | None = None
    spare: int | None = None
    reserved: int = 0
    special: tuple[Token, ...] = ()
    bos: str | None = None
    eos: str | None = None
    pad: str | None = None
    unk: str | None = None
    ends: tuple[str, ...] = ()


class RoleSupport(_Part):
    """«Есть ли роли в модели?»

    Attributes:
        verdict: `trained`: an instruct model, it was trained on roles; `tokens`: a base model whose tokenizer has their
            marks and that was not trained to answer in them; `none`: neither.
        tokens: marks of turns and roles in the tokenizer.
        template: whether there is a chat template.
        system: whether that has a place for a system message; None without one, or where it cannot be rendered.
        problem: in one line, why the template cannot be rendered or shows no role; None: it can, or there is none.
        added: tokens that `tokens add` gave it; those that nobody has trained count for nothing else.
    """

    verdict: Roles
    tokens: tuple[str, ...] = ()
    template: bool = False
    system: bool | None = None
    problem: str | None = None
    added: tuple[OwnToken, ...] = ()


class ThinkingSupport(_Part):
    """Reasoning before the answer.

    Attributes:
        verdict: `switch`: the template turns it on and off (`enable_thinking`); `always`: the template opens it before
            every reply; `possible`: the tokens are there or the template keeps reasoning apart, nothing switches it.
        tokens: marks of reasoning in the tokenizer.
    """

    verdict: Thinking
    tokens: tuple[str, ...] = ()


class Rope(_Part):
    """Rotary positions. `scaling`: None, `yarn`, `llama3`, `linear` …; `original`: the context before scaling."""

    theta: float | None = None
    scaling: str | None = None
    factor: float | None = None
    original: int | None = None


class ContextLength(_Part):
    """Tokens that the model looks back on. `tokenizer_limit`: `model_max_length`, where it says something."""

    length: int | None = None
    sliding_window: int | None = None
    tokenizer_limit: int | None = None
    rope: Rope = Rope()


class Experts(_Part):
    """A mixture of experts: how many there are in a layer, and how many of them read each token."""

    count: int
    per_token: int | None = None


class Size(_Part):
    """Figures of the network; `parameters` are counted from the tensors' shapes (None: there are none to count)."""

    hidden: int | None = None
    layers: int | None = None
    heads: int | None = None
    kv_heads: int | None = None
    head_dim: int | None = None
    intermediate: int | None = None
    parameters: int | None = None


class AdapterTarget(_Part):
    """Matrices of one name and shape that a LoRA can sit on: `shape` is (out, in), for stacked experts (experts, …)."""

    module: str
    shape: tuple[int, ...]
    count: int


class ModelReport(_Part):
    """See `inspect_model`."""

    path: Path
    format: Literal["huggingface", "gguf"]
    name: str
    architecture: str
    kind: Kind
    evidence: tuple[KindEvidence, ...]
    roles: RoleSupport
    thinking: ThinkingSupport
    vocabulary: VocabularyReport
    context: ContextLength
    size: Size
    experts: Experts | None = None
    tied_head: bool | None = None
    quantization: str | None = None
    adapter_targets: tuple[AdapterTarget, ...] = ()
    notes: tuple[str, ...] = ()
