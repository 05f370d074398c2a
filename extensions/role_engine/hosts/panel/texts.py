"""All that the panel says, in Russian and in English."""

from __future__ import annotations

from typing import Any

from role_engine.hosts.kind_names import Language

RUSSIAN, ENGLISH = 0, 1

TEXTS: dict[str, tuple[str, str]] = {
    # --- under the chat
    "role": ("Роль", "Role"),
    "mode": ("Язык ответа", "Reply language"),
    "thinking": ("Размышление", "Thinking"),
    "as role": ("как у роли", "as the role says"),
    "as server": ("как в настройках", "as in the settings"),
    "no role": ("без роли", "no role"),
    "no thinking": ("без размышлений", "no thinking"),
    "more roles": ("Показаны первые {shown} ролей из {all}; остальные — на вкладке Role Engine.",
                   "The first {shown} roles of {all} are listed; the others are on the Role Engine tab."),
    "strict": ("строго: только кириллица", "strict: Cyrillic only"),
    "balanced": ("как русский редактор", "balanced: as a Russian editor"),
    "off": ("без проверки", "off: no check"),
    "reload": ("Перечитать роли", "Read roles again"),
    "unfiltered": ("Показать без фильтра", "Show without the filter"),
    # --- the status of a reply
    "clean": ("чисто", "clean"),
    "unchecked": ("без проверки", "not checked"),
    "rejected": ("отклонено {count} {fragments}, потеряно {seconds} с",
                 "{count} {fragments} rejected, {seconds} s lost"),
    "stripped": ("вырезано {count}", "{count} left out"),
    "tokens": ("{count} ток.", "{count} tok."),
    "ended length": ("достигнут предел длины", "the length limit was reached"),
    "ended content_filter": ("прерван: не удалось написать чисто", "ended: it could not be written cleanly"),
    "ended cancelled": ("остановлен", "stopped"),
}  # fmt: skip


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
    text = TEXTS[key][RUSSIAN if language == "ru" else ENGLISH]
    return text.format(**values) if values else text


def counted(language: Language, count: int, russian: tuple[str, str, str], english: tuple[str, str]) -> str:
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
