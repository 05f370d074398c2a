"""The embedded model: a Qwen3 of a million parameters that speaks readable Russian and slips the way real models do.

It is there for the demo, for tests and for developers; nobody should ask it for advice. `MODEL` is its directory, ready
for transformers; `train` makes it anew, `export_gguf` writes it for llama.cpp. Importing this needs neither torch nor
transformers.
"""

from __future__ import annotations

from pathlib import Path

from role_engine.embedded.gguf_export import export_gguf
from role_engine.embedded.questions import demo_questions, list_held_out
from role_engine.embedded.training import TrainReport, train

MODEL = Path(__file__).resolve().parent / "model"
"""The directory of the shipped weights."""

__all__ = ["MODEL", "TrainReport", "demo_questions", "export_gguf", "list_held_out", "train"]
