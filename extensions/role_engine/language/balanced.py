"""As a Russian editor would have it: names, terms, code and formulas stay in Latin letters, foreign words do not.

A window is read as blocks that are let through whole (`latin/blocks.py`) and as single words (`latin/terms.py`); what
neither covers is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import regex

from role_engine.language.allow import find_allowed, inside
from role_engine.language.alphabets import FLAGS, GREEK, LATIN, LOOK_AHEAD, SPACE, SPACE_IN_LINE, SPACES
from role_engine.language.decision import Decision, chunk_end, one_run
from role_engine.language.latin.blocks import Block, Blocks, reach
from role_engine.language.latin.context import UserContext
from role_engine.language.latin.free_shapes import ESCAPED_BYTE
from role_engine.language.latin.lexicon import look_up
from role_engine.language.latin.line import LineContext
from role_engine.language.latin.terms import JudgedWord, judge_terms
from role_engine.language.latin.translit import kind_of
from role_engine.language.letters.exact import Findings, RefusedLetters, examine, word_before
from role_engine.language.letters.lookalikes import ENDS_IN_NEED, NEEDS_NEXT, lookalikes
from role_engine.language.letters.refused_letters import letters_refused
from role_engine.language.letters.sign_loops import sign_loops
from role_engine.language.markup.formulas import FORMULA_AHEAD
from role_engine.language.markup.markers import CONTROL
from role_engine.language.markup.tags import BRACES_AHEAD
from role_engine.language.policy import LanguagePolicy
from role_engine.language.verdict import Kind
from role_engine.language.window import Window

# How much of a window that is cut off by the look-ahead's limit is decided with it, in characters.
SURE_OF = LOOK_AHEAD // 2

# A later chunk that may be a marker, code or markup is decided by itself; so is a sentence, where sentences are held.
_A_WALL = re.compile(rf"`|<(?=[A-Za-z/!<])|<(?![^|>\s<]*[\s<])|{BRACES_AHEAD}|(?<!\S)(?:{FORMULA_AHEAD})")
_A_MARKER = regex.compile(rf"(?<!{SPACE_IN_LINE}){SPACE_IN_LINE}+(?:\[[A-Z/]|~~~)", FLAGS)
_A_SENTENCE = regex.compile(rf"(?<=[.!?…])[»”\"')\]]*{SPACE_IN_LINE}", FLAGS)
_NEEDS_NEXT = re.compile(rf"{NEEDS_NEXT.pattern}[^\w]*\Z")
_LAST_SPACE = regex.compile(f"{SPACE}+[^{SPACE}]*\\Z", FLAGS)
# Text in which no letter or sign can be wrong by itself.
_FAULTLESS = re.compile("[ -~А-Яа-яЁё\u00a0«»„“”’–—…№•]*")
_TWO_ALPHABETS = re.compile("[A-Za-z][А-Яа-яЁё]|[А-Яа-яЁё][A-Za-z]")
_SIGNS = "№№№"
_LATIN_WORD = re.compile("[A-Za-z']+")
# Shorter words are of any language.
SHORTEST_TELLING = 4
_A_GREEK = regex.compile(GREEK, FLAGS)
_TWO_GREEK = regex.compile(rf"{GREEK}{{2}}", FLAGS)
_A_LATIN = regex.compile(LATIN, FLAGS)


def decide_letters(
    chunk: str, before: str, policy: LanguagePolicy, *, in_free_token: bool = False, in_formula: bool = False
) -> Decision:
    """Judge a chunk without Latin letters, or (`in_free_token`, `in_formula`) one whose Latin is free for its place."""
    allowed = find_allowed(chunk, before, policy.allow)
    found = examine(*_without_escapes(chunk, before), emoji=policy.emoji)
    refused = letters_refused(chunk, found, before, policy)
    if not in_formula and (greek := _greek(chunk, found, before)):
        refused = sorted(refused + greek, key=_by_start)
    return Decision(
        len(chunk), [span for span in refused if not inside(span.start, span.end, allowed)], in_free_token=in_free_token
    )


def decide(
    window: Window,
    policy: LanguagePolicy,
    context: UserContext,
    technical: int = 0,
    observe: Callable[[int, JudgedWord], None] | None = None,
) -> Decision:
    """Judge the window's chunk, and as many of the chunks after it as the same text decides.

    Decided together are: clean chunks up to the first that is not clean, or the chunks that a refused run touches.

    Args:
        technical: how much the text before it is about code: 0, 1 or 2.
        observe: is told of each word that was weighed and is decided, with its offset in the window.
    """
    text, line = window.text, LineContext(window)
    blocks = Blocks(line, window.before, policy)
    verdict = judge_terms(line, blocks.all, context, policy.tolerance, technical)
    together = blocks.all
    exact = _exact(text, line, window, policy, blocks)
    words = _rows(text, [word for word in verdict.refused if not _overlaps(word, exact)])
    refused = sorted(exact + words, key=_by_start)
    walls = [found.start() for found in _A_WALL.finditer(text, window.chunk)]
    end = window.chunk if context.request else _sure_end(window, policy, walls)
    wall = next((at for at in walls if not _within(at, together)), len(text)) if walls else len(text)
    end = min(reach(text, end, together), wall)
    spans: list[RefusedLetters] = []
    if refused and refused[0].start < end:
        if clean := _clean_end(text, refused[0].start, together):
            end = clean
        else:
            spans = [span for span in refused if span.end <= wall]
            end, spans = _run_end(text[:wall], spans, max(window.chunk, refused[0].end), together)
    spans = [span._replace(kind=_kind(text[span.start : span.end])) if span.kind == "latin" else span for span in spans]
    leaning = verdict.depends_until + [(start, until) for (start, _), until in blocks.leaning.items()]
    if not spans and ENDS_IN_NEED.search(text, 0, end):
        leaning.append((0, end + len(text[end:]) - len(text[end:].lstrip()) + 1))
    # What stands was judged beside what is refused behind it, and is judged anew where that is left out.
    leaning += [(0, later.end) for later in refused if later.start >= end][:1]
    depends_until = max(
        [window.depends_until if window.after else 0, *(until for start, until in leaning if start < end)]
    )
    if observe is not None:
        for judged in verdict.judged:
            if (start := judged.word.start - line.offset) < end:
                observe(start, judged)
    in_free_token = end == window.chunk == LOOK_AHEAD and any(start < end <= until for start, until in blocks.free)
    return Decision(end, spans, depends_until, in_free_token)


def _within(at: int, blocks: list[Block]) -> bool:
    return any(start < at < until for start, until in blocks)


def _without_escapes(text: str, before: str) -> tuple[str, str]:
    """The text with signs for the escaped bytes of an address («%D0%BA»), and what stands before it."""
    if "%" not in text and "%" not in before[-2:]:
        return text, before
    whole = ESCAPED_BYTE.sub(_SIGNS, before + text)
    return whole[len(before) :], whole[: len(before)]


def _overlaps(word: Block, spans: list[RefusedLetters]) -> bool:
    return any(span.start < word[1] and word[0] < span.end for span in spans)


def _rows(text: str, words: list[Block]) -> list[RefusedLetters]:
    """The words as spans; those that only a space separates make one."""
    rows: list[RefusedLetters] = []
    for start, end in words:
        if rows and start - rows[-1].end == 1 and text[start - 1] in SPACES:
            rows[-1] = RefusedLetters("latin", rows[-1].start, end)
        else:
            rows.append(RefusedLetters("latin", start, end))
    return rows


def _run_end(
    text: str, refused: list[RefusedLetters], until: int, together: list[Block]
) -> tuple[int, list[RefusedLetters]]:
    """The end of the chunks that are decided with those up to `until`, and the spans refused in them.

    No run of refused words and no block is cut in two.
    """
    end, spans = one_run(text, refused, reach(text, chunk_end(text, until), together))
    furthest = max([reach(text, end, together), *(span.end for span in spans)])
    return (end, spans) if furthest == end else _run_end(text, refused, furthest, together)


def _sure_end(window: Window, policy: LanguagePolicy, walls: list[int]) -> int:
    """How much of the window can be decided at once: chunks whose own windows would show the same text.

    `walls`: where later chunks begin that are decided by themselves.
    """
    text, chunk = window.text, window.chunk
    end = len(text)
    if window.stop == "limit":
        end = max(chunk, min(end, SURE_OF))
    if walls and walls[0] < end:
        end = max(chunk, len(text[: walls[0]].rstrip()))
    if ("[" in text or "~" in text) and end > chunk and (marker := _A_MARKER.search(text, chunk, end)):
        end = marker.start()
    if policy.hold == "sentence" and end > chunk and (sentence := _A_SENTENCE.search(text, chunk, end)):
        end = max(chunk, sentence.start())
    if window.stop == "cyrillic" and end == len(text) > chunk and (needy := _NEEDS_NEXT.search(text, chunk)):
        end = max(chunk, needy.start())
    if chunk < end < len(text) and not text[end].isspace() and (last := _LAST_SPACE.search(text, 0, end)):
        end = max(chunk, last.start())
    return end


def _clean_end(text: str, start: int, together: list[Block]) -> int:
    """Where the chunks before the one that holds `start` end, no block being cut in two; 0 where there are none."""
    while last := _LAST_SPACE.search(text, 0, start):
        end = last.start()
        cut = [at for at, until in together if at < end < until]
        if not cut:
            return end
        start = min(cut)
    return 0


def _exact(
    text: str, line: LineContext, window: Window, policy: LanguagePolicy, blocks: Blocks
) -> list[RefusedLetters]:
    """The spans of the exact kinds in the window."""
    spans: list[RefusedLetters] = []
    whole = window.before[-1:] + text
    if not _FAULTLESS.fullmatch(whole) or _TWO_ALPHABETS.search(whole) or sign_loops(text, window.before):
        found = examine(*_without_escapes(text, window.before), emoji=policy.emoji)
        spans = letters_refused(text, found, window.before, policy)
        spans += [
            word for word in _greek(text, found, window.before) if not inside(word.start, word.end, blocks.formulas)
        ]
        spans = [span for span in spans if not inside(span.start, span.end, blocks.unread)]
    offset = line.offset
    for start, end in lookalikes(line.whole, offset, offset + len(text), window.after):
        word = start - offset, end - offset
        if not inside(*word, blocks.all) and not _overlaps(word, spans):
            spans.append(RefusedLetters("mixed", *word))
    if "<" in text[1:]:
        tags = [tag.span() for tag in CONTROL.finditer(text, 1) if inside(*tag.span(), blocks.all)]
        spans = [span for span in spans if not inside(span.start, span.end, tags)]
        spans += [RefusedLetters("garbage", *tag) for tag in tags]
    return spans


def _kind(run: str) -> Kind:
    """`translit` or `latin`; English by most of its words is not even looked at."""
    words = [word for word in _LATIN_WORD.findall(run) if len(word) >= SHORTEST_TELLING]
    if len(words) > 1 and sum(look_up(word).ordinary for word in words) * 2 > len(words):
        return "latin"
    return kind_of(run)


def _by_start(span: RefusedLetters) -> int:
    return span.start


def _greek(text: str, found: Findings, before: str) -> list[RefusedLetters]:
    """The words with Greek letters that are refused."""
    if not found.words or text.isascii():
        return []
    begun = word_before(before)
    kinds = ((_greek_kind(text[start:end] if start else begun + text[:end]), start, end) for start, end in found.words)
    return [RefusedLetters(kind, start, end) for kind, start, end in kinds if kind]


def _greek_kind(word: str) -> Kind | None:
    """Why a run of letters with Greek in it is refused; a variable, alone or with an index, is not."""
    if word.isascii() or not _A_GREEK.search(word):
        return None
    letters = sum(char.isalpha() for char in word)
    if _A_LATIN.search(word):
        return "mixed" if letters > 3 or _TWO_GREEK.match(word) else None
    return "script" if letters > 1 else None
