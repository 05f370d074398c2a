"""Roles with words that nothing else says, so that a prompt shows exactly where each part of a role went."""

from __future__ import annotations

ALPHA_SYSTEM = "Ты — альфа-сторож. Кодовое слово: ромашка."
ALPHA_REMINDER = "Напоминание альфы: отвечай про ромашку."
ALPHA_EXAMPLE = ("Пример вопроса альфы?", "Пример ответа альфы.")
BETA_SYSTEM = "Ты — бета-сторож. Кодовое слово: василёк."
BETA_REMINDER = "Напоминание беты: отвечай про василёк."

ALPHA = f"""\
name: Альфа
description: Роль для проверки подсказок.
system: |
  {ALPHA_SYSTEM}
examples:
  - user: {ALPHA_EXAMPLE[0]}
    assistant: {ALPHA_EXAMPLE[1]}
reminder: "{ALPHA_REMINDER}"
language: {{mode: strict}}
"""

BETA = f"""\
name: Бета
description: Вторая роль, чтобы их можно было перепутать.
system: |
  {BETA_SYSTEM}
reminder: "{BETA_REMINDER}"
language: {{mode: "off"}}
"""

TEMPLATED = f"""\
name: С шаблоном
system: |
  {ALPHA_SYSTEM}
template: qwen3-chatml
language: {{mode: strict}}
"""

# Keeps a guard busy for as long as its limits allow: most of the time is spent on text that nobody sees. (Under a mask
# nothing would be thrown away.)
STUBBORN = """\
name: Упрямая
system: |
  Ты отвечаешь только по-русски.
language: {mode: strict, attempts: 32, max_waste: 16, decoder: off}
"""

# Holds back whole sentences, and a model that never ends one is held back for ever.
SENTENCES = """\
name: Предложениями
system: |
  Ты отвечаешь только по-русски.
language: {mode: strict, hold: sentence, attempts: 32, max_waste: 16, decoder: off}
"""

ROLES = {
    "test-alpha": ALPHA,
    "test-beta": BETA,
    "test-templated": TEMPLATED,
    "test-stubborn": STUBBORN,
    "test-sentences": SENTENCES,
}
