"""Requests in English: “translate this into French”, “answer in Spanish, please”, “how do you say it in German?”."""

from __future__ import annotations

import re
from collections.abc import Iterator

from role_engine.language.requests.languages import BY_ENGLISH, RUSSIAN
from role_engine.language.requests.message import QUOTED

_NAME = "|".join(sorted(BY_ENGLISH, key=len, reverse=True))
_NAMES = rf"(?P<languages>(?:{_NAME})(?:(?:\s*,\s*|\s*,?\s+and\s+|\s+or\s+)(?:in(?:to)?\s+)?(?:{_NAME}))*)\b"
_DIALECT = (
    r"(?:(?:plain|simple|simplified|traditional|good|proper|fluent|formal|informal|modern|american|british|brazilian"
    r"|mexican|standard|mandarin|the|both)\s+)*"
)
# What follows the name of a language that is one, and no adjective: not “in English literature”.
_ALONE = (
    rf"(?:\s+language)?(?=\s*(?:[,.:;!?()—–\-]|{QUOTED}|$|\d)|\s+(?:please|pls|and|or|to|for|about|with|only|too|now|then"
    r"|instead|as|so|by|using|the|a|an|this|that|these|those|my|me|our|your|his|her|its|how|what|why|when|where|who|i"
    r"|you|we|on|of|again|first|if|but|at|from|under|including|here|also|not|each|all|one|two|three|no|rather|even"
    r"|without)\b)"
)
_VERB = (
    r"(?:write|answer|reply|respond|say|tell|speak|talk|give|explain|describe|translate|summari[sz]e|use|switch|continue"
    r"|make|create|generate|compose|rewrite|rephrase|paraphrase|list|show|provide|output|repeat|do|put|render|convert"
    r"|count|sing|greet|name|start|keep|chat|draft|prepare|produce|finish|redo|phrase|express|introduce|congratulate"
    r"|print|return|teach)"
)
_BEFORE_VERB = (
    r"(?:^|[,;:.!?(—–]\s*|\b(?:please|pls|and|then|now|also|but|just|kindly|always|only|next|(?:can|could|would|will)\s+you"
    r"|you\s+(?:must|should|have\s+to|need\s+to|can|may|will)|let'?s|let\s+us|(?:want|need|like|love)\s+you\s+to|need\s+to"
    r"|help\s+me(?:\s+to)?|i(?:'d|\s+would)\s+like\s+to|ok(?:ay)?|so|hey|hi|hello)\s+)"
)
_VERB_FIRST = re.compile(
    rf"{_BEFORE_VERB}(?P<verb>{_VERB})\b(?P<between>[^.!?;]{{0,160}}?)\b(?:in|into|to)\s+{_DIALECT}{_NAMES}{_ALONE}",
    re.I,
)
_USE = re.compile(rf"{_BEFORE_VERB}(?P<verb>use|speak|talk)\s+(?:only\s+)?{_DIALECT}{_NAMES}{_ALONE}", re.I)
_HOW_TO_SAY = re.compile(
    rf"\b(?:how\s+(?:do|would|can|could|should|to)|what(?:\s+is|['’]s|\s+are|\s+does|\s+do))\b(?P<between>[^.!?;]{{0,160}}?)"
    rf"\bin\s+{_DIALECT}{_NAMES}{_ALONE}",
    re.I,
)
_SAYING = re.compile(rf"\b(?:say|write|spell|call|called|mean|translate|express|pronounce|is)\b|['’]s\b|{QUOTED}", re.I)
_VERSION = re.compile(
    r"(?:\b(?:give|need|want|make|provide|show|write|do|have|get|create|prepare|please|add|see|like|is)\b|['’]s\b|^)"
    rf"(?:\s*(?:me|us|a|an|the|this|now|please|its|also|for)\b)*\s*{_DIALECT}{_NAMES}\s+"
    r"(?:version|translation|variant|equivalent|word|phrase|text|term|name)\b",
    re.I,
)
_NEEDED = re.compile(
    r"\b(?:i\s+need|i\s+want|(?:can|could|may)\s+(?:i|we)\s+(?:get|have))\s+(?:(?!\bto\b)[^.!?;]){0,60}?"
    rf"\bin\s+{_DIALECT}{_NAMES}{_ALONE}",
    re.I,
)
_WORD_FOR = re.compile(rf"\bwhat(?:\s+is|['’]s)\s+the\s+{_NAMES}\s+(?:(?:word|term|phrase)\s+)?for\b", re.I)
_ELLIPTIC = re.compile(
    r"(?:(?:and|now|ok(?:ay)?|then|but|same|the|again|please|once|more|this|it|all|also|what|how|about)[\s,]+)*"
    rf"(?:(?:in(?:to)?|to)\s+)?{_DIALECT}{_NAMES}(?:\s+(?:language|version|translation))?"
    r"(?:[\s,]+(?:please|pls|now|too|only|this\s+time|instead|again))*[\s.!?]*(?::.*)?",
    re.I | re.S,
)
_NAMED = re.compile(_NAME, re.I)
_FORBIDDEN = re.compile(
    r"\b(?:don['’]?t|do\s+not|never|not|stop|avoid|without|instead\s+of|rather\s+than|no)\s+(?:\w+\s+){0,4}\Z", re.I
)
# Between a verb and the language: it belongs to something else, or is not wanted.
_NOT_THE_VERBS = re.compile(
    r"\s*(?:not|n'?t)\b|.*\b(?:not|written|published|made|available|spoken|who|which|that\s+(?:is|are|was))\s*$",
    re.I | re.S,
)
_MOVED = re.compile(r"\b(?:from|keyboard|interface|layout|phone|money|euros?|dollars?)\b", re.I)
_MOVING = frozenset({"switch", "convert", "put"})


def find_asked_in_english(sentence: str) -> Iterator[str]:
    """Codes of the languages that the sentence asks for text in."""
    found = (
        _ELLIPTIC.fullmatch(sentence.strip())
        or _verb_first(sentence)
        or _USE.search(sentence)
        or _VERSION.search(sentence)
        or _NEEDED.search(sentence)
        or _WORD_FOR.search(sentence)
        or _how_to_say(sentence)
    )
    if found is None:
        return
    asks_at = found.start("verb") if "verb" in found.re.groupindex else found.start()
    if _FORBIDDEN.search(sentence[:asks_at]):
        return
    for name in _NAMED.findall(found["languages"]):
        code = BY_ENGLISH[name.lower()].code
        if code != RUSSIAN:
            yield code


def _verb_first(sentence: str) -> re.Match[str] | None:
    at = 0
    while found := _VERB_FIRST.search(sentence, at):
        moved = found["verb"].lower() in _MOVING and _MOVED.search(found["between"])
        if not moved and not _NOT_THE_VERBS.match(found["between"]):
            return found
        at = found.start("verb") + 1
    return None


def _how_to_say(sentence: str) -> re.Match[str] | None:
    found = _HOW_TO_SAY.search(sentence)
    return found if found and _SAYING.search(found.group()) else None
