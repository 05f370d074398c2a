"""Kinds of Latin words, by the tables: a term, a name, a command, a word that no table knows."""

from __future__ import annotations

from functools import lru_cache

import regex

from role_engine.language.latin.free_shapes import ALL_CAPITALS, JOINERS
from role_engine.language.latin.lexicon import look_up
from role_engine.language.latin.translit import is_no_name
from role_engine.language.latin.usage import UNUSED, usage_of
from role_engine.language.latin.word_table import WordTable
from role_engine.language.latin.words import Sort, sort_of

# On the scale of the usage table.
OFTEN_CODE = 3

TERMS = WordTable("terms.txt")
PARTS = regex.compile(r"[\-‐‑./&+_]+")

# What a word is, for what stands beside it; the further down, the rarer in a slip.
CLASSES = ("none", "ordinary", "function", "other", "Word", "term", "Name", "shape")


def case_of(text: str) -> int:
    """0: small letters, 1: a capital, 2: capitals."""
    if ALL_CAPITALS.fullmatch(text):
        return 2
    return 1 if text[0].isupper() else 0


@lru_cache(maxsize=4096)
def count_keeping_sources(text: str) -> int:
    """How many sources leave a word in its case."""
    usage = usage_of(text)
    return usage.small_sources if text[0].islower() else usage.capital_sources


def is_keyword(text: str) -> bool:
    """Whether a query language or a programming language has the word."""
    return "k" in TERMS.find(text.casefold())


@lru_cache(maxsize=4096)
def is_english_compound(text: str) -> bool:
    """Whether it is made of ordinary English words, in small letters, and no author leaves it: «portion-control»."""
    parts = text.split("-")
    if len(parts) < 2 or not text.islower() or usage_of(text) is not UNUSED or TERMS.find(text):
        return False
    return all(len(part) > 1 and look_up(part).ordinary and "c" not in TERMS.find(part) for part in parts)


@lru_cache(maxsize=4096)
def is_package(text: str) -> bool:
    """Whether it is the name of a command, a package or a service, and nothing that English has: «aliyun»."""
    marks = TERMS.find(text) if text.islower() else ""
    return "c" in marks and usage_of(text).english < 3 and not look_up(text).ordinary and not is_no_name(text)


@lru_cache(maxsize=4096)
def is_command(text: str) -> bool:
    """Whether it is the name of a command or a package, or authors often write it as code: «git», «npm», «set»."""
    return "c" in TERMS.find(text) or look_up(text).tool or usage_of(text).code >= OFTEN_CODE


@lru_cache(maxsize=4096)
def is_latin(text: str) -> bool:
    """Whether science, medicine, law or letters write the word in Latin."""
    return bool(set(TERMS.find(text.casefold())) & set("sl"))


@lru_cache(maxsize=4096)
def class_of(text: str) -> str:
    """One of `CLASSES`."""
    entry, usage = look_up(text), usage_of(text)
    if text.casefold() in JOINERS or entry.function:
        return "function"
    if any(char.isdigit() or char == "_" for char in text) or sort_of(text) is Sort.SHAPED:
        return "shape"
    if text[0].isupper():
        return "Name" if entry.name or not entry.ordinary else "Word"
    if usage.small_sources >= 2 and (usage.english < 5 or (usage.translated or 0) < 3):
        return "term"
    return "ordinary" if entry.ordinary else "other"


@lru_cache(maxsize=4096)
def is_stranger(text: str) -> bool:
    """Whether no table knows the word, nor its parts."""
    if len(text) < 3 or any(char.isdigit() for char in text):
        return False
    entry = look_up(text)
    if entry.ordinary or entry.name or entry.tool or usage_of(text) is not UNUSED or TERMS.find(text.casefold()):
        return False
    parts = [part for part in PARTS.split(text) if part]
    return len(parts) < 2 or any(len(part) > 2 and is_stranger(part) for part in parts)
