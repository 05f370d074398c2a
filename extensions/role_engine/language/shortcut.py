"""The verdict on short and usual text, without the scanner's windows: the same, several times as soon.

Usual is what Cyrillic and ASCII keyboards write. Where no chunk and no run of Latin words comes near the look-ahead, no
limit of the scanner shows. `strict` then judges each word by its letters. So does `balanced` where no letter is Latin;
Latin words it weighs, and leaves to the scanner.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from role_engine.language.alphabets import LOOK_AHEAD, plain_text
from role_engine.language.latin.translit import kind_of
from role_engine.language.letters.exact import Findings, RefusedLetters
from role_engine.language.letters.refused_letters import letters_refused
from role_engine.language.letters.sign_loops import COMMAS
from role_engine.language.policy import LanguagePolicy
from role_engine.language.sentences.identifiers import judges_sentences
from role_engine.language.sentences.units import UnjudgedText, read
from role_engine.language.verdict import Verdict, Violation
from role_engine.language.window import MEMORY

_LONGEST_TEXT = 1000
_LONGEST_CHUNK, _LONGEST_CHUNK_BY_LATIN = LOOK_AHEAD - 4, 20
# A run, the rest of its first chunk and that of its last one lie within one window.
_LONGEST_RUN = LOOK_AHEAD - 2 * _LONGEST_CHUNK_BY_LATIN

# Letters of the Cyrillic block; what else is in it are signs and combining marks.
_CYRILLIC = "\u0400-\u0481\u048a-\u04ff"
_OTHER_CYRILLIC = "\u0400\u0402-\u040f\u0450\u0452-\u0481\u048a-\u04ff"
# All of ASCII but those at which markers, escapes, code and formulas begin.
_USUAL = {
    "strict": re.compile(plain_text(f"{_CYRILLIC}A-Za-z")),
    "balanced": re.compile(plain_text(_CYRILLIC)),
}
_A_LATIN = re.compile("[A-Za-z]")
_A_CYRILLIC = re.compile(f"[{_CYRILLIC}]")
_FOREIGN = re.compile(f"[A-Za-z{_OTHER_CYRILLIC}]+")
_QUOTE = re.compile('[«“„">]')
_OLD = re.compile("[ѣѳѵіѢѲѴІ]")
_WORD_BEFORE = re.compile(rf"[A-Za-z{_CYRILLIC}]{{0,{LOOK_AHEAD}}}\Z")
_REST_OF_WORD = re.compile(f"[A-Za-z{_CYRILLIC}]*")
_SAME_RUN = re.compile(rf"(?!.*\s\s)[^\n\r\u2028\u2029A-Za-z{_CYRILLIC}]{{0,4}}")
_CHUNK_BEFORE = re.compile(r"\S*\Z")


def verdict_on_usual(text: str, policy: LanguagePolicy, context: Sequence[str] = ()) -> Verdict | None:
    """What the scanner would say, or None where it has to be asked."""
    usual = _USUAL.get(policy.mode)
    if (
        usual is None
        or policy.allow
        or context
        or len(text) > _LONGEST_TEXT
        or not usual.fullmatch(text)
        or COMMAS in text
        or (policy.mode == "balanced" and "[" in text)
    ):
        return None
    longest = max(map(len, text.split()), default=0)
    if longest > _LONGEST_CHUNK or (longest > _LONGEST_CHUNK_BY_LATIN and _A_LATIN.search(text)):
        return None
    found = _foreign_words(text, policy)
    if found is None:
        return None
    if judges_sentences():
        refused = [(span.start, span.end) for span in found]
        if any(unit.finding for unit in read(UnjudgedText(), text, "", refused, last=True)[1]):
            return None
    return Verdict(tuple(_violation(text, span) for span in found))


def _foreign_words(text: str, policy: LanguagePolicy) -> list[RefusedLetters] | None:
    """The words that are not Russian by their letters, runs of Latin ones as one; None where a run is too long."""
    found: list[RefusedLetters] = []
    seen = 0
    for foreign in _FOREIGN.finditer(text):
        if foreign.start() < seen:  # the rest of a word
            continue
        begin = _WORD_BEFORE.search(text, max(0, foreign.start() - LOOK_AHEAD), foreign.start())
        rest = _REST_OF_WORD.match(text, foreign.end())
        start, seen = begin.start() if begin else 0, rest.end() if rest else 0
        if not _A_LATIN.search(text, start, seen):
            if not _may_stand(text, start, seen, policy):
                found.append(RefusedLetters("cyrillic", start, seen))
        elif _A_CYRILLIC.search(text, start, seen):
            found.append(RefusedLetters("mixed", start, seen))
        elif found and found[-1].kind == "latin" and _SAME_RUN.fullmatch(text, found[-1].end, start):
            found[-1] = RefusedLetters("latin", found[-1].start, seen)
        else:
            found.append(RefusedLetters("latin", start, seen))
        if found and found[-1].kind == "latin" and seen - found[-1].start > _LONGEST_RUN:
            return None
    return found


def _may_stand(text: str, start: int, end: int, policy: LanguagePolicy) -> bool:
    """Whether a word of another Cyrillic alphabet is a name, or quoted."""
    if policy.mode == "strict":
        return False
    if not text[start].isupper() and not (_OLD.search(text, start, end) and _QUOTE.search(text, 0, start)):
        return False
    begin = _CHUNK_BEFORE.search(text, max(0, start - LOOK_AHEAD), start)
    chunk = begin.start() if begin else start
    word = RefusedLetters("cyrillic", start - chunk, end - chunk)
    return not letters_refused(
        text[chunk:end], Findings(other_cyrillic=[word]), text[max(0, chunk - MEMORY) : chunk], policy
    )


def _violation(text: str, span: RefusedLetters) -> Violation:
    word = text[span.start : span.end]
    return Violation(kind_of(word) if span.kind == "latin" else span.kind, span.start, span.end, word)
