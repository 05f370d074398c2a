"""Why a Latin word stands or falls in `balanced`: what was weighed, and what spoke for and against it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from role_engine.language.latin.evidence import Evidence, explain, weigh
from role_engine.language.latin.terms import JudgedWord, threshold_of
from role_engine.language.policy import LanguagePolicy
from role_engine.language.scanner import Scanner


class WordExplanation(NamedTuple):
    """A Latin word that was weighed, `text[start:end]`.

    Attributes:
        weight: the sum of the evidence, a natural log-odd.
        threshold: what it had to come to.
        stands: whether the word may stand; a word that its neighbours carry along may do so below the threshold, and
            one between refused words may fall above it.
        evidence: what each observation added, the strongest first.
    """

    word: str
    start: int
    end: int
    weight: float
    threshold: float
    stands: bool
    evidence: tuple[Evidence, ...]


def weigh_words(text: str, policy: LanguagePolicy, context: Sequence[str] = ()) -> list[WordExplanation]:
    """The words that `check` weighs in `text`, in order; those that are free for their shape are not among them.

    Args:
        text: a reply, or any text.
        context: the user's messages, oldest first.
    """
    if policy.mode != "balanced":
        return []
    found: dict[int, WordExplanation] = {}
    threshold = threshold_of(policy.tolerance)

    def keep(start: int, judged: JudgedWord) -> None:
        word, around = judged
        evidence = tuple(explain(word, around))
        found[start] = WordExplanation(
            word.text, start, start + len(word.text), weigh(word, around), threshold, word.free, evidence
        )

    scanner = Scanner(policy, context)
    scanner.observe = keep
    scanner.feed(text)
    scanner.finish()
    return [found[start] for start in sorted(found)]
