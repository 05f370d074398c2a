"""The policy's grammar for a reply that has begun: its root is the state behind what stands already.

llama.cpp matches a grammar from the first generated token on and knows nothing of the prompt, so a reply that goes on
in the middle of a word, or behind its reasoning, needs a root of its own. The rules are the same for every root.
"""

from __future__ import annotations

import re
from functools import lru_cache

from role_engine.decoder.gbnf import gbnf
from role_engine.language.markup.reasoning_formats import THINK
from role_engine.language.policy import LanguagePolicy

_RULE = re.compile(r"^(s\d+) ::= (.*)$", re.MULTILINE)
_CLASS = re.compile(r"^(c\d+) ::= \[(.*)\]$", re.MULTILINE)
_ROOT = re.compile(r"^root ::= .*$", re.MULTILINE)
_CHARACTER = re.compile(r"\\x([0-9A-F]{2})|\\u([0-9A-F]{4})|\\U([0-9A-F]{8})|(.)", re.DOTALL)


class ResumedGrammar:
    """The grammar of one policy, and its way through a text."""

    def __init__(self, policy: LanguagePolicy) -> None:
        self._text = gbnf(policy, common=True)  # llama.cpp takes several times as long for the whole one
        self._free_thinking = policy.in_thinking == "free"
        classes = {name: _ranges(characters) for name, characters in _CLASS.findall(self._text)}
        self._steps = {
            name: [(classes[way.split()[0]], way.split()[1]) for way in ways.split(" | ") if way != '""']
            for name, ways in _RULE.findall(self._text)
        }

    def behind(self, text: str) -> str:
        """The grammar of what may follow `text`.

        Where the policy refuses that text (the prompt of a completion may be in English), only its last word counts.
        """
        if not text.strip():
            return self._text
        if self._free_thinking:
            _, closed, rest = text.rpartition(THINK.closer)
            if THINK.opener in (rest if closed else text):
                return self._rooted("t0")
            text = rest if closed else text
        state = self._state(text)
        if state is None:
            words = text.split()
            state = self._state(words[-1]) if words and not text[-1].isspace() else None
        return self._rooted(state or "s0")

    def _rooted(self, state: str) -> str:
        return _ROOT.sub(f"root ::= {state}", self._text, count=1)

    def _state(self, text: str) -> str | None:
        state = "s0"
        for char in text:
            point = ord(char)
            for ranges, behind in self._steps[state]:
                if any(first <= point <= last for first, last in ranges):
                    state = behind
                    break
            else:
                return None
        return state


@lru_cache(maxsize=8)
def _of(policy: LanguagePolicy) -> ResumedGrammar:
    return ResumedGrammar(policy)


def write_resumed_grammar(policy: LanguagePolicy, text: str) -> str:
    """The grammar, in GBNF, of what may follow `text` under `policy`, whose mode is not `off`."""
    # Only what the grammar depends on, so that policies that differ in the rest share theirs.
    return _of(
        LanguagePolicy(mode=policy.mode, allow=policy.allow, in_thinking=policy.in_thinking, emoji=policy.emoji)
    ).behind(text)


def _ranges(characters: str) -> list[tuple[int, int]]:
    """«а-яё\\x2D» → the ranges; only a hyphen that is not escaped makes one."""
    found: list[tuple[int, int]] = []
    pieces = [(match.group(0), _point(match)) for match in _CHARACTER.finditer(characters)]
    at = 0
    while at < len(pieces):
        first = last = pieces[at][1]
        if at + 2 < len(pieces) and pieces[at + 1][0] == "-":
            last, at = pieces[at + 2][1], at + 2
        found.append((first, last))
        at += 1
    return found


def _point(match: re.Match[str]) -> int:
    code = match.group(1) or match.group(2) or match.group(3)
    return int(code, 16) if code else ord(match.group(4))
