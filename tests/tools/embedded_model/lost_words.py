"""Sentences of the corpus that have lost the word at which the model slips: what a filter leaves that only deletes.

Every slip stands in the place of a clean word, so a reply that is generated again there holds that word (or another
one), and a reply out of which the slip was cut holds none. The model itself was never taught such a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from tools.embedded_model.defects import WEAK
from tools.embedded_model.openings import OPENINGS
from tools.embedded_model.questions import all_questions
from tools.embedded_model.sentences import ANY, BODY, CLOSINGS, EXAMPLES
from tools.embedded_model.topics import TOPICS, Topic

Words = tuple[str, ...]
"""A sentence's words in small letters, without its punctuation."""

_END = re.compile(r"[.!?…\n]+")
_WORD = re.compile(r"\w+")
_WEAK: tuple[Words, ...] = tuple(tuple(clean.split()) for clean in WEAK)


def lost_words(reply: str, question: str) -> list[str]:
    """The sentences of a reply that are the corpus's own, but for a missing word."""
    return [" ".join(words) for words in _sentences(reply) if words in _about_one() or words in _about_two(question)]


def _sentences(text: str) -> list[Words]:
    return [words for part in _END.split(text.lower()) if (words := tuple(_WORD.findall(part)))]


@cache
def _about_one() -> frozenset[Words]:
    return _with_a_gap(text for topic in TOPICS for text in _said_about(topic))


@cache
def _about_two(question: str) -> frozenset[Words]:
    asked = next(one for one in all_questions() if one.text == question)
    return _with_a_gap(pattern.format(**asked.slots) for pattern in BODY["pair"]) if asked.second else frozenset()


def _said_about(topic: Topic) -> Iterator[str]:
    bodies = [patterns for intent, patterns in BODY.items() if intent != "pair"]
    for patterns in (*OPENINGS.values(), *bodies, ANY, *CLOSINGS.values()):
        yield from (pattern.format(**topic.slots()) for pattern in patterns)
    for fact in topic.facts:
        yield fact
        yield from (lead.format(fact=fact[0].lower() + fact[1:], Fact=fact) for lead in EXAMPLES)


def _with_a_gap(texts: Iterator[str]) -> frozenset[Words]:
    whole = {words for text in texts for words in _sentences(text)}
    return frozenset(rest for words in whole for rest in _without_one(words) if rest and rest not in whole)


def _without_one(words: Words) -> Iterator[Words]:
    for weak in _WEAK:
        size = len(weak)
        for start in range(len(words) - size + 1):
            if words[start : start + size] == weak:
                yield words[:start] + words[start + size :]
