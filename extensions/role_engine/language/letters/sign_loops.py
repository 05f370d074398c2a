"""Signs in a loop: «@@@@@@@@!!!!!!!!», «'/'/'/'/'/'/», «!?!?!?!?!?!?».

What a rule, a table, a leader, a mask or an ellipsis is made of («-----», «|:--|», «.....», «________», «***», «· · ·»)
is no loop however long, nor is a row of pictures; brackets are one from 25 on, since a Russian smile has many. Twelve
signs without white space between them are looked at at a time: they are a loop where half of them or more are of
another kind, and no more than four are different. So are 24 that repeat two to six signs over and over, one of them at
least of another kind: «/.../.../.../»; folders above each other («../../») are none. And so is what repeats over 48
characters, blanks and numbers included, without a letter and with one of the signs that lead into code and formulas:
«`3.8` `3.8` `3.8` …», «\\\\, = \\\\, = …».
"""

from __future__ import annotations

import re

import regex

from role_engine.language.alphabets import CJK, EMOJI, FLAGS, LINE_END, RULING_MARKS

LOOP = 12
"""So many signs may be a loop."""
LOOP_OF_BRACKETS = 25
COMMAS = "," * LOOP
"""Commas join signs of all kinds; by themselves they are a loop."""
_DIFFERENT = 4
REPEATED, LONGEST_PERIOD = 24, 6
# The same of text with blanks in it.
REPEATED_TEXT, LONGEST_TEXT_PERIOD = 48, 20
_LEADS_IN = regex.compile(r"[`$\\<]")
_NO_LETTERS = regex.compile(rf"[^\p{{L}}\p{{M}}{EMOJI}{CJK}]{{{REPEATED_TEXT},}}", FLAGS)
_FOLDERS = frozenset({"../", "./.", "/.."})

# Underlines of titles and comments out of one sign that begins the line.
_OWN_LINE = frozenset("\"'/;")
_AT_LINE_START = regex.compile(rf"(?:\A|{LINE_END})[ \t]*\Z", FLAGS)

_RUN = regex.compile(rf"[[\p{{P}}\p{{S}}]--[{EMOJI}{CJK}]]{{{LOOP},}}", FLAGS)
_RULING = regex.compile(rf"[\p{{So}}\p{{Pd}}\u2190-\u21ff\u2500-\u25ff{RULING_MARKS}]", FLAGS)
# In `re`, which is much faster: no text without it has a run.
_MAY_BE_RUN = re.compile(rf"[^A-Za-z0-9А-Яа-яЁё\s]{{{LOOP}}}")
_BRACKETS = frozenset("()[]{}")


def sign_loops(text: str, before: str = "") -> list[tuple[int, int]]:
    """(start, end) of the loops of signs in `text`, which follows on `before`; one that began there starts at 0."""
    leads_in = _LEADS_IN.search(text) is not None
    if not leads_in and len(text) < LOOP and (not before or before[-1].isspace() or before[-1].isalnum()):
        return []
    whole, offset = before + text, len(before)
    loops = _repeated_text(whole, offset) if leads_in and len(whole) >= REPEATED_TEXT else []
    if _MAY_BE_RUN.search(whole):
        loops += [loop for run in _RUN.finditer(whole) for loop in _loops_in(run.group(), run.start(), whole)]
    seen = [(max(start, offset) - offset, end - offset) for start, end in _joined(loops) if end > offset]
    return seen


def _loops_in(run: str, at: int, whole: str) -> list[tuple[int, int]]:
    kinds = "".join(
        "," if char == "," else "(" if char in _BRACKETS else "-" if _RULING.match(char) else "!" for char in run
    )
    if kinds.count("-") == len(kinds):  # nothing but what rules are made of
        return []
    if len(set(run)) == 1 and run[0] in _OWN_LINE and _AT_LINE_START.search(whole, 0, at):
        return []
    loops: list[tuple[int, int]] = []
    for size in (LOOP, LOOP_OF_BRACKETS):
        for start in range(len(run) - size + 1):
            if _is_loop(kinds, start, start + size) and len(set(run[start : start + size])) <= _DIFFERENT:
                loops.append((start, start + size))
    loops += _repeats(run, kinds)
    return [(at + start, at + end) for start, end in (_without_edges(kinds, *loop) for loop in _joined(loops))]


def _joined(loops: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The stretches in order, those that touch as one."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(loops):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _repeated_text(whole: str, offset: int) -> list[tuple[int, int]]:
    """What repeats without a letter and goes on behind `offset`."""
    found = []
    for stretch in _NO_LETTERS.finditer(whole):
        text, at = stretch.group(), stretch.start()
        if stretch.end() <= offset:
            continue
        for period in range(2, LONGEST_TEXT_PERIOD + 1):
            for start, end in _periodic(text, period):
                unit = text[start : start + period]
                if end - start >= REPEATED_TEXT and _LEADS_IN.search(unit) and len(set(unit)) > 1:
                    found.append((at + start, at + end))
    return found


def _periodic(text: str, period: int) -> list[tuple[int, int]]:
    """The stretches of `text` in which each character is the one `period` before it."""
    found, start = [], 0
    for at in range(period, len(text) + 1):
        if at == len(text) or text[at] != text[at - period]:
            found.append((start, at))
            start = at - period + 1
    return found


def _is_loop(kinds: str, start: int, end: int) -> bool:
    size, others = end - start, kinds.count("!", start, end)
    if size == LOOP:
        return others * 2 >= LOOP or kinds.count(",", start, end) == LOOP
    return (others + kinds.count("(", start, end)) * 2 > size


def _repeats(run: str, kinds: str) -> list[tuple[int, int]]:
    """Where the run repeats two to six signs over and over."""
    found = []
    for period in range(2, LONGEST_PERIOD + 1):
        for start, end in _periodic(run, period):
            unit = run[start : start + period]
            folders = any((folder * LONGEST_PERIOD).startswith(unit) for folder in _FOLDERS)
            if end - start >= REPEATED and not folders and len(set(unit)) > 1 and "!" in kinds[start : start + period]:
                found.append((start, end))
    return found


def _without_edges(kinds: str, start: int, end: int) -> tuple[int, int]:
    """A loop without the full stop, dash or rule that it begins or ends with."""
    while kinds[start] == "-":
        start += 1
    while kinds[end - 1] == "-":
        end -= 1
    return start, end
