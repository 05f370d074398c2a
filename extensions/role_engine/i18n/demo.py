"""What the demo says, in Russian or in English: all its words in one place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from role_engine.i18n.violation_kinds import Language


@dataclass(frozen=True, slots=True)
class DemoTexts:
    """The demo's words; `{…}` are filled in.

    Attributes:
        decimal: what stands between units and tenths.
    """

    language: Language
    loading: str
    asking: str
    title: str
    no_role: str
    unguarded: str
    guarded: str
    marked: str
    attempts_of_reply: str
    broken: str
    n_of_m: str
    spans: str
    rejected: str
    attempts: str
    tokens: str
    thrown_away: str
    stripped: str
    seconds: str
    in_seconds: str
    again: str
    talk: str
    decimal: str


RUSSIAN = DemoTexts(
    language="ru",
    loading="Загружается модель…",
    asking="Вопросы: {n}, каждый дважды…",
    title="Модель: {model} · роль: {role} · режим: {mode} · начальное число: {seed}",
    no_role="нет",
    unguarded="без фильтра",
    guarded="с фильтром",
    marked="{mark} — то, чего фильтр не пропустил бы",
    attempts_of_reply="попыток: {attempts}, выброшено токенов: {tokens}",
    broken="испорчено ответов",
    n_of_m="{n} из {m}",
    spans="мест в ответах",
    rejected="отклонено по пути",
    attempts="попыток",
    tokens="токенов выдано",
    thrown_away="выброшено на один выданный",
    stripped="мест вырезано",
    seconds="время",
    in_seconds="{seconds} с",
    again="Другие ответы: {program} demo --seed {seed}",
    talk="Разговор: {program} chat",
    decimal=",",
)

ENGLISH = DemoTexts(
    language="en",
    loading="Loading the model…",
    asking="Questions: {n}, each asked twice…",
    title="Model: {model} · role: {role} · mode: {mode} · seed: {seed}",
    no_role="none",
    unguarded="guard off",
    guarded="guard on",
    marked="{mark}: what the guard would not have let through",
    attempts_of_reply="attempts: {attempts}, tokens thrown away: {tokens}",
    broken="replies broken",
    n_of_m="{n} of {m}",
    spans="spans in the replies",
    rejected="rejected on the way",
    attempts="attempts",
    tokens="tokens delivered",
    thrown_away="thrown away per token delivered",
    stripped="spans left out",
    seconds="time",
    in_seconds="{seconds} s",
    again="Other replies: {program} demo --seed {seed}",
    talk="A conversation: {program} chat",
    decimal=".",
)


TEXTS: Mapping[Language, DemoTexts] = {"ru": RUSSIAN, "en": ENGLISH}
