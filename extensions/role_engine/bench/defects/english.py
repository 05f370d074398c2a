"""The bilingual list: which English word stands for a Russian one."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Literal

Part = Literal["noun", "adjective", "verb", "other", "technical"]

# A stem with any of these is a form of the word. They hold more than any one word has: what is asked is whether a word
# that does occur belongs to the stem.
_ENDINGS = {
    "n": " а я о е ё у ю ы и ь й ой ей ою ею ом ем ём ам ям ах ях ов ев ёв ами ями ью ьи"
    " ия ии ию ией ием ие ий иям иях иями",
    "a": " а о е ы и ый ий ой ая яя ое ее ые ие ого его ому ему ом ем ым им ых их ую юю ою ею ыми ими",
    "v": "ть ти ю у ешь ёшь ишь ет ёт ит ем ём им ете ёте ите ют ут ят ат л ла ло ли й йте и ь ьте"
    " ться тся лся лась лись ется ётся ится ются утся ятся атся юсь усь емся имся"
    " ил ила или ал ала али ел ела ели ать ять ить еть нуть",
}


@cache
def translations() -> dict[Part, dict[str, tuple[str, ...]]]:
    """Part of speech → Russian form, in small letters → the English words for it."""
    found: dict[Part, dict[str, tuple[str, ...]]] = {}
    forms: dict[str, tuple[str, ...]] = {}
    for line in files("role_engine.bench.defects").joinpath("data/russian_english.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            forms = found.setdefault(line.strip("[]"), {})  # type: ignore[arg-type]
        elif line and not line.startswith("#"):
            english, _, russian = line.partition(" = ")
            for form in _forms(russian):
                if english not in forms.get(form, ()):
                    forms[form] = (*forms.get(form, ()), english)
    return found


def english_for(word: str, *parts: Part) -> tuple[str, ...]:
    """The English words for a Russian one, in any case; of any part of speech but `technical` where none is named."""
    table = translations()
    found: dict[str, None] = {}
    for part in parts or ("noun", "adjective", "verb", "other"):
        found.update(dict.fromkeys(table[part].get(word.lower(), ())))
    return tuple(found)


@cache
def english_words(part: Part) -> tuple[str, ...]:
    """All English words of a section, each once, in the list's order."""
    return tuple(dict.fromkeys(word for words in translations()[part].values() for word in words))


def _forms(russian: str) -> list[str]:
    forms = []
    for word in russian.split():
        stem, slash, endings = word.partition("/")
        forms += [stem + ending for ending in _ENDINGS[endings].split(" ")] if slash else [word]
    return forms
