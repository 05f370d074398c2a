"""What the demo says."""

from __future__ import annotations

DEMO_TEXTS: dict[str, tuple[str, str]] = {
    "demo loading": ("Загружается модель…", "Loading the model…"),
    "demo asking": ("Вопросы: {n}, каждый дважды…", "Questions: {n}, each asked twice…"),
    "demo title": (
        "Модель: {model} · роль: {role} · режим: {mode} · начальное число: {seed}",
        "Model: {model} · role: {role} · mode: {mode} · seed: {seed}",
    ),
    "demo no role": ("нет", "none"),
    "demo unguarded": ("без фильтра", "guard off"),
    "demo guarded": ("с фильтром", "guard on"),
    "demo marked": ("{mark} — то, чего фильтр не пропустил бы", "{mark}: what the guard would not have let through"),
    "demo attempts of reply": (
        "попыток: {attempts}, выброшено токенов: {tokens}",
        "attempts: {attempts}, tokens thrown away: {tokens}",
    ),
    "demo broken": ("испорчено ответов", "replies broken"),
    "demo n of m": ("{n} из {m}", "{n} of {m}"),
    "demo spans": ("мест в ответах", "spans in the replies"),
    "demo rejected": ("отклонено по пути", "rejected on the way"),
    "demo attempts": ("попыток", "attempts"),
    "demo tokens": ("токенов выдано", "tokens delivered"),
    "demo thrown away": ("выброшено на один выданный", "thrown away per token delivered"),
    "demo stripped": ("мест вырезано", "spans left out"),
    "demo seconds": ("время", "time"),
    "demo in seconds": ("{seconds} с", "{seconds} s"),
    "demo again": ("Другие ответы: {program} demo --seed {seed}", "Other replies: {program} demo --seed {seed}"),
    "demo talk": ("Разговор: {program} chat", "A conversation: {program} chat"),
}  # fmt: skip
