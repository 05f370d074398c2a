"""What the embedded model can talk about: nouns with the case forms that sentences need, and some facts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, cast

from tools.embedded_model.topic_table import TABLE

Gender = Literal["м", "ж", "с"]

_AGREEING: dict[str, dict[str, str]] = {
    "м": {"him": "его", "of_him": "него", "need": "нужен", "dear": "важен", "like": "похож", "whole": "весь"},
    "ж": {"him": "её", "of_him": "неё", "need": "нужна", "dear": "важна", "like": "похожа", "whole": "вся"},
    "с": {"him": "его", "of_him": "него", "need": "нужно", "dear": "важно", "like": "похоже", "whole": "всё"},
}

_VOWELS = "аоуэи"
_CONSONANTS = "бвгджзйклмнпрстфхцчшщ"


@dataclass(frozen=True, slots=True)
class Topic:
    """One noun, always in the singular.

    Attributes:
        cases: nominative, genitive, dative, accusative, instrumental, prepositional.
        gender: for the words that agree with it.
        meaning: what goes behind «это»; its nominative and accusative are the same.
        facts: complete sentences about it.
    """

    cases: tuple[str, str, str, str, str, str]
    gender: Gender
    meaning: str
    facts: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.cases[0]

    def slots(self, suffix: str = "") -> dict[str, str]:
        """What a sentence pattern may name: {g} for the genitive, {about} for «о сне», {N} for a capital letter."""
        nominative, genitive, dative, accusative, instrumental, prepositional = self.cases
        slots = {
            "n": nominative,
            "g": genitive,
            "d": dative,
            "a": accusative,
            "i": instrumental,
            "p": prepositional,
            "about": f"{'об' if prepositional[0] in _VOWELS else 'о'} {prepositional}",
            "with": f"{_with(instrumental)} {instrumental}",
            "meaning": self.meaning,
            **_AGREEING[self.gender],
        }
        slots |= {name.capitalize(): word[0].upper() + word[1:] for name, word in slots.items()}
        return {name + suffix: word for name, word in slots.items()}


def _with(word: str) -> str:
    return "со" if word[0] in "сз" and word[1] in _CONSONANTS else "с"


def _topic(block: str) -> Topic:
    forms, meaning, *facts = block.splitlines()
    *cases, gender = forms.split()
    if len(cases) != 6 or gender not in _AGREEING:
        raise ValueError(f"Not six cases and a gender: {forms!r}")
    return Topic(cast("tuple[str, str, str, str, str, str]", tuple(cases)), cast(Gender, gender), meaning, tuple(facts))


TOPICS: tuple[Topic, ...] = tuple(_topic(block) for block in TABLE.strip().split("\n\n"))
