"""The matrices that a LoRA can sit on, grouped: what decides whether an adapter fits is their names and shapes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from role_engine.models.report import AdapterTarget

_NUMBER = re.compile(r"(?<=\.)\d+(?=\.)")
_GGUF_NAMES = {
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_qkv": "self_attn.qkv_proj",
    "attn_output": "self_attn.o_proj",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
    "ffn_gate_inp": "mlp.gate",
    "ffn_gate_exps": "mlp.experts.gate_proj",
    "ffn_up_exps": "mlp.experts.up_proj",
    "ffn_down_exps": "mlp.experts.down_proj",
}
"""llama.cpp's names and those of Hugging Face; its converters are called so in both directions."""


def adapter_targets(shapes: Iterable[tuple[str, tuple[int, ...]]]) -> tuple[AdapterTarget, ...]:
    """Matrices inside of layers, in the order of their first appearance; numbers in names become `*`.

    Args:
        shapes: names of tensors as Hugging Face has them, and shapes as (out, in).
    """
    counted: Counter[tuple[str, tuple[int, ...]]] = Counter()
    for name, shape in shapes:
        module = name.removesuffix(".weight")
        stacked = name.endswith(("experts.gate_up_proj", "experts.down_proj"))  # transformers 5 keeps experts so
        if len(shape) >= 2 and (module != name or stacked) and _NUMBER.search(module):
            counted[_NUMBER.sub("*", module), shape] += 1
    return tuple(AdapterTarget(module=module, shape=shape, count=n) for (module, shape), n in counted.items())


def as_huggingface(name: str, shape: tuple[int, ...]) -> tuple[str, tuple[int, ...]]:
    """A tensor of a GGUF file under the name and with the shape that it has in Hugging Face's files."""
    head, _, rest = name.partition(".")
    if head == "blk":
        number, _, rest = rest.partition(".")
        stem, _, suffix = rest.partition(".")
        name = f"model.layers.{number}.{_GGUF_NAMES.get(stem, stem)}.{suffix}"
    return name, tuple(reversed(shape))
