"""What is asked of guarded replies, as one judgement, which a filter that merely deletes does not pass."""

from __future__ import annotations

import re
import statistics
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from role_engine import LanguagePolicy, check
from role_engine.bench.replies.oracle import name_foreign
from tests.tools.embedded_model.lost_words import lost_words

# Share of replies in `balanced` with a small Latin word that was left in doubt.
FOREIGN_IN_DOUBT = 0.05
FAILED = 0.02
LENGTH = 0.9
WASTE = 0.15
MANY = 200
"""Of fewer replies a share, or a median, says less, and a little more is let through."""
FAILED_OF_FEW = 2  # replies, besides
LENGTH_OF_FEW = 0.85
WORDS_LOST = 0.1
"""More than in the unguarded replies: at temperature 1 the model now and then drops a word by itself."""

_WORD = re.compile(r"[^\W\d_]+")
_QUOTED = re.compile(r"«[^«»]*»")


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply, and what the one that made it says about it."""

    question: str
    text: str
    failed: bool = False
    stripped: int = 0
    rejected: int = 0
    delivered: int = 1


@dataclass(frozen=True, slots=True)
class Numbers:
    """Shares of replies, but for `length` and `waste`.

    Attributes:
        foreign_allowed: in `balanced` a small Latin word in doubt stays; in `strict` none does.
        failed: with a spot that could not be generated cleanly, or one that was left out.
        length: the median, as a share of the unguarded replies'.
        waste: tokens thrown away per token delivered.
        words_lost, words_lost_unguarded: with a sentence out of which a word has gone.
    """

    replies: int
    violating: float
    foreign: float
    failed: float
    length: float
    waste: float
    words_lost: float
    words_lost_unguarded: float
    foreign_allowed: float = 0.0

    @property
    def faults(self) -> list[str]:
        """What is not as it should be."""
        many = self.replies >= MANY
        asked = {
            "violations": self.violating == 0,
            "foreign letters": self.foreign <= self.foreign_allowed,
            "failed": self.failed <= FAILED + (0 if many else FAILED_OF_FEW / self.replies),
            "too short": self.length >= (LENGTH if many else LENGTH_OF_FEW),
            "waste": self.waste <= WASTE,
            "words lost": self.words_lost <= self.words_lost_unguarded + WORDS_LOST,
        }
        return [name for name, kept in asked.items() if not kept]


def judge(replies: Sequence[Reply], unguarded: Sequence[str], policy: LanguagePolicy) -> Numbers:
    """Judge replies against the same prompts' replies without a guard."""
    count = len(replies)
    return Numbers(
        replies=count,
        violating=sum(violates(reply.text, reply.question, policy) for reply in replies) / count,
        foreign=sum(bool(out_of_place(reply.text, policy)) for reply in replies) / count,
        failed=sum(reply.failed or reply.stripped > 0 for reply in replies) / count,
        length=statistics.median(len(reply.text) for reply in replies) / statistics.median(map(len, unguarded)),
        waste=sum(reply.rejected for reply in replies) / sum(reply.delivered for reply in replies),
        words_lost=sum(bool(lost_words(reply.text, reply.question)) for reply in replies) / count,
        words_lost_unguarded=sum(
            bool(lost_words(text, reply.question)) for text, reply in zip(unguarded, replies, strict=True)
        )
        / count,
        foreign_allowed=FOREIGN_IN_DOUBT if policy.mode == "balanced" else 0.0,
    )


def violates(text: str, question: str, policy: LanguagePolicy) -> bool:
    return not check(text, policy, [question]).ok


def out_of_place(text: str, policy: LanguagePolicy) -> list[str]:
    """What is foreign by Unicode names alone.

    In `balanced` Latin words may be names (a capital), titles (in quotes) or variables (one letter).
    """
    if policy.mode == "balanced":
        text = _QUOTED.sub(lambda title: _without_latin_words(title[0]), text)
        text = _without_latin_words(text, names_only=True)
    return name_foreign(text)


def _without_latin_words(text: str, *, names_only: bool = False) -> str:
    def kept(word: re.Match[str]) -> str:
        latin = all(unicodedata.name(letter, "").startswith("LATIN ") for letter in word[0])
        return "" if latin and (not names_only or word[0][0].isupper() or len(word[0]) == 1) else word[0]

    return _WORD.sub(kept, text)


def deleting_filter(question: str, text: str, policy: LanguagePolicy) -> Reply:
    """What many programs do instead: the reply as it came, without the spans that may not pass."""
    while spans := check(text, policy, [question]).violations:
        for span in reversed(spans):
            text = text[: span.start] + text[span.end :]
    text = re.sub(r"\s+([,.;:!?…])", r"\1", re.sub(r" {2,}", " ", text)).strip()
    return Reply(question, text)
