"""«Только кириллица»: every Latin letter is refused, whatever it is good for."""

from __future__ import annotations

import regex

from role_engine.language.allow import find_allowed, inside
from role_engine.language.alphabets import FLAGS, GREEK, SIGN_LETTERS
from role_engine.language.decision import Decision, one_run
from role_engine.language.latin.translit import kind_of
from role_engine.language.letters.exact import RefusedLetters, examine
from role_engine.language.policy import LanguagePolicy
from role_engine.language.verdict import Kind
from role_engine.language.window import Window

_A_GREEK = regex.compile(GREEK, FLAGS)
_SIGN = regex.compile(rf"{SIGN_LETTERS}(?!\ufe0f)", FLAGS)


def decide(window: Window, policy: LanguagePolicy) -> Decision:
    """Judge the window's chunk; a run of Latin words is followed to its end and refused as one span."""
    text = window.text
    allowed = find_allowed(text, window.before, policy.allow)
    end = max([window.chunk, *(until for at, until in allowed if at < window.chunk)])
    spans = _spans(text[:end], window, policy, allowed)
    if spans and spans[-1].kind == "latin" and end < len(text):
        spans = _spans(text, window, policy, allowed)
    end, spans = one_run(text, spans, end)
    return Decision(end, [span._replace(kind=_kind(text, span)) for span in spans])


def _kind(text: str, span: RefusedLetters) -> Kind:
    return kind_of(text[span.start : span.end]) if span.kind == "latin" else span.kind


def _spans(text: str, window: Window, policy: LanguagePolicy, allowed: list[tuple[int, int]]) -> list[RefusedLetters]:
    found = examine(text, window.before, emoji=policy.emoji)
    spans = found.refused + found.other_cyrillic
    if text.isascii():
        spans += [RefusedLetters("latin", *word) for word in found.words]
    else:
        signs = (sign.span() for sign in _SIGN.finditer(text))
        spans += [
            RefusedLetters("script", *sign)
            for sign in signs
            if not any(span.start <= sign[0] < span.end for span in found.refused)
        ]
        spans += [RefusedLetters("script" if _A_GREEK.search(text, *word) else "latin", *word) for word in found.words]
    if allowed:
        spans = [span for span in spans if not inside(span.start, span.end, allowed)]
    spans.sort(key=lambda span: span.start)
    return spans
