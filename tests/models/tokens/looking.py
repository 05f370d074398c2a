"""What the tests of adding and removing add, and how they look at a directory."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from role_engine.models.tokens import TokensRequest, TurnMarkers, mode_token, pad_token, role_token, tool_tokens

MODES = (mode_token("recursion"), mode_token("think"), mode_token("conflict"))
LOGICIAN = role_token("logician", "Логик. Проверяет рассуждения по шагам.")
EVERYTHING = TokensRequest(tokens=(*MODES, LOGICIAN, *tool_tokens(), pad_token()))
OWN = TurnMarkers(start="<|turn|>", end="<|/turn|>")


def loaded(path: Path) -> Any:
    import transformers

    return transformers.AutoModelForCausalLM.from_pretrained(path, dtype="auto").eval()


def logits(model: Any, ids: list[int]) -> Any:
    import torch

    with torch.no_grad():
        return model(torch.tensor([ids])).logits[0]


def files(path: Path) -> dict[str, bytes]:
    return {str(file.relative_to(path)): file.read_bytes() for file in sorted(path.rglob("*")) if file.is_file()}


def read(path: Path, name: str) -> dict[str, Any]:
    return json.loads((path / name).read_text("utf-8"))
