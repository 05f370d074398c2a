"""All that is said to people, by key, in Russian and in English; `{…}` in a text are filled in.

The texts lie by place in the modules beside this one. The engine's errors speak English; `role_problems` has them in
Russian.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from role_engine.i18n.chat import CHAT_TEXTS
from role_engine.i18n.demo import DEMO_TEXTS
from role_engine.i18n.jobs import JOB_TEXTS
from role_engine.i18n.model_report import MODEL_REPORT_TEXTS
from role_engine.i18n.panel import PANEL_TEXTS
from role_engine.i18n.role_form import ROLE_FORM_TEXTS
from role_engine.i18n.violation_kinds import VIOLATION_KIND_TEXTS

Language = Literal["ru", "en"]

CATALOGUE: Mapping[str, tuple[str, str]] = {
    **PANEL_TEXTS,
    **ROLE_FORM_TEXTS,
    **JOB_TEXTS,
    **CHAT_TEXTS,
    **DEMO_TEXTS,
    **MODEL_REPORT_TEXTS,
    **VIOLATION_KIND_TEXTS,
}
"""Russian, English."""


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of one place in one language: `Texts("ru", "chat")("you")` is `say("ru", "chat you")`."""

    language: Language
    place: str

    def __call__(self, key: str, **values: Any) -> str:
        return say(self.language, f"{self.place} {key}", **values)


def language_of(accepted: str | None) -> Language:
    """The page's language by a browser's `Accept-Language`: the first of its languages that we speak.

    A browser that names other languages only gets English, one that names none Russian.
    """
    wanted: list[tuple[float, str]] = []
    for part in (accepted or "").split(","):
        name, _, quality = part.strip().partition(";q=")
        try:
            wanted.append((-float(quality or 1), name.strip().lower().split("-")[0]))
        except ValueError:
            continue
    names = [name for _, name in sorted(wanted, key=lambda pair: pair[0]) if name]
    found = next((name for name in names if name in ("ru", "en")), None)
    return "ru" if found == "ru" or not names else "en"


def say(language: Language, key: str, **values: Any) -> str:
    """The text of `key`.

    Raises:
        KeyError: there is none.
    """
    text = CATALOGUE[key][language == "en"]
    return text.format(**values) if values else text


def pluralize(language: Language, count: int, russian: tuple[str, str, str], english: tuple[str, str]) -> str:
    """The word for `count` things: («фрагмент», «фрагмента», «фрагментов»), ("fragment", "fragments")."""
    if language == "en":
        return english[count != 1]
    if count % 10 == 1 and count % 100 != 11:
        return russian[0]
    return russian[1] if count % 10 in (2, 3, 4) and count % 100 not in (12, 13, 14) else russian[2]


def number(language: Language, value: float, digits: int = 1) -> str:
    """A decimal as the language writes it."""
    written = f"{value:.{digits}f}"
    return written.replace(".", ",") if language == "ru" else written


def name_violation_kind(language: Language, kind: str) -> str:
    """What a kind of violation is called; a kind that nobody has named is its own name."""
    key = f"violation {kind}"
    return say(language, key) if key in CATALOGUE else kind
