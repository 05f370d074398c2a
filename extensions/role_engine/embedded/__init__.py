"""The embedded model: a Qwen3 of a million parameters that speaks readable Russian and slips the way real models do.

It is there for the demo, for tests and for developers; nobody should ask it for advice. `MODEL` is its directory,
ready for transformers; `export_gguf` writes it for llama.cpp. Importing this needs neither torch nor transformers. What
made it is `tools/embedded_model/` of the project's repository.
"""

from __future__ import annotations

from pathlib import Path

from role_engine.embedded.gguf_export import export_gguf

MODEL = Path(__file__).resolve().parent / "model"
"""The directory of the shipped weights."""

DEMO_QUESTIONS = (
    "Зачем человеку сон?",
    "Что такое дружба?",
    "Почему память важна для людей?",
    "Как понять время?",
    "Расскажи коротко об осени.",
    "Правда ли, что привычка меняет человека?",
    "Что делать, когда не хватает терпения?",
    "Как рассказать ребёнку о звуке?",
    "Можно ли жить без музыки?",
    "Что даёт нам чтение?",
)
"""The ten questions of the demo; the model was taught none of them."""

__all__ = ["DEMO_QUESTIONS", "MODEL", "export_gguf"]
