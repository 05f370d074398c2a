"""Texts that a guard must survive, and what must hold of each: for the tests, and for `tools/fuzz_guard.py`."""

# ruff: noqa: E501 - tables of words
from __future__ import annotations

import random
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from role_engine.guard.stream import StreamGuard
from role_engine.language import LanguagePolicy, Scanner, Violation, check

BALANCED = LanguagePolicy(mode="balanced")
# What opens and closes zones.
ZONES = (
    "`", "``", "```", "\n```\n", "\n```python\n", "\n~~~\n", "<code>", "</code>", "<pre>", "</pre>", "<kbd>", "<b>", "</b>", '<a href="',
    '">', "<!--", "-->", "{{", "}}", "{%", "%}", "{#a}", "(((", ")))", "<<a,", ">>", "$", "$$", "\\(", "\\)", "\\[", "\\]", "\n\\[\n", "\n\\]\n",
    "\\begin{cases}", "\\end{cases}", "\\text{", "}", "\\frac{a}{b}", "^2", "_{", "\n\n    ", "\n    x = 1\n", "\n\t", "::\n\n  ",
    "\n.. note:: ", "\n.. code-block:: c\n\n  ", "\n[source,js]\n----\n", "\n----\n", "---\nkey: ", "\n---\n", "\n:::tip ", "\n!!! note ",
    "\n> [!NOTE] ", "\n:attr: ", "\nimage::x[", "](/a", ' "', "][", "[^1]", "\n[id]: http://a.b", "https://a.b/", "a@b.c", "~/", ".env", "%D0%BA",
)  # fmt: skip
MARKERS = (
    "<think>", "</think>", "<seed:think>", "</seed:think>", "<tool_call>", "</tool_call>", "[TOOL_CALLS]", " [TOOL_CALLS] ", "<|im_end|>", "<c|>",
    "<|channel|>", "analysis", "final", "<|message|>", "<|end|>", "<|start|>assistant", "<｜a｜>", "<|", "|>", "<", ">", "[", "<thi",
)  # fmt: skip
WORDS = (
    "слово", "Слово", "он", "о", "С", "и", "в", "привет", "Мир", "рyчка", "ногami", "Aв", "Aт", "HE", "MOCKBA", "c", "o", "A", "C", "B", "y",
    "However", "Title", "hello", "healthy fats", "http", "as", "of", "Py", "Git", "Docker'а", "CRM-отдел", "New York", "privet", "kak", "IV",
    "Мірошник", "мѣсто", "Київ", "建立", "文", "。", "α", "αβ", "Δx", "λόγος", "م", "ก", "x", "5", "km", "²", "слов", "You have to go there",
)  # fmt: skip
# Words that lean on those beside them.
NAMES = (
    "Python", "Python — это", "Node.js", "Company", "New", "York", "Times", "the", "The", "of", "for", "and", "in", "a", "I", "print", "true", "null", "const", "let",
    "SELECT", "FROM", "Save", "Settings", "OK", "Title:", "numpy", "kubectl", "left-pad", "e-mail", "rock'n'roll", "Rosa", "canina", "coli", "in vitro", "et al",
    "(reinforcement learning)", "(англ. ", "от лат. ", "(cost per action)", "(переобучение)", "Overfitting", "«The Lord of", "Rings»", "“let it", "be”",
    "компания", "язык", "функция", "нажмите", "метод", "глагол", "команда", "очень", "этот", "это", "— это язык", "стоит", "версии", "3.5", "2023", "Docker",
    "CSS", "HTML-код", "pH", "dx", "sin", "Am", "sus4", "e4", "Кf3", "px", "rem", "Ctrl+C", "IV", "http/https", "if", "return", "x = y", "def f(a):", "import os",
)  # fmt: skip
SIGNS = (
    " ", " ", " ", " ", " ", " ", " ", "  ", "\n", "\n", "\n\n", "\r\n", "\t", "\u00a0", "\u2028", "\u3000", ". ", ", ", ": ", "; ", "! ", "…", "-", "— ", "'",
    "«", "»", '"', "“", "(", ")", "/", "\\", "\\n", "**", "_", "- ", "1. ", "| ", "#", "=", "+", "%", "&", "@", "!!!!!!", "????", "::",
)  # fmt: skip
ODD = (
    "\u0301", "\u0306", "\u0308", "\u0338", "\u200b", "\u200d", "\u00ad", "\ufeff", "\ufe0f", "\u20e3", "\u202e", "\ufffd", "\ue000", "\x00", "\x1b", "\x85",
    "\ud83d", "\udc4d", "\ud800", "👍", "🏽", "👩\u200d", "🇷", "🇺", "❤", "ℹ", "Ⓐ", "ⓑ", "ツ", "K", "Ω", "µ", "ﬁ", "Ａ", "１",
)  # fmt: skip
GROUPS = (WORDS, WORDS, NAMES, SIGNS, SIGNS, SIGNS, ZONES, MARKERS, ODD)
# Running text, most words of it with a blank before.
RUNNING = (WORDS, NAMES, NAMES, SIGNS)
FORMS: tuple[Any, ...] = ("", "", "", "NFD", "NFC", "NFKD")
LONG = ("ы" * 70, "x" * 70, " " * 70, "a " * 40, "слово " * 14, "x + y = z \\cdot " * 8)


def _normalised(piece: str, form: Any) -> str:
    return (
        unicodedata.normalize(form, piece)
        if form and not any("\ud800" <= char <= "\udfff" for char in piece)
        else piece
    )


PIECES = st.one_of(
    *(
        st.builds(_normalised, st.sampled_from(group), st.sampled_from(FORMS))
        if group is WORDS
        else st.sampled_from(group)
        for group in GROUPS
    ),
    st.sampled_from(LONG),
    st.sampled_from(NAMES).map(lambda name: f" {name}"),
    st.text(alphabet=st.characters(exclude_categories=()), max_size=3),
)
TEXTS = st.lists(PIECES, max_size=14).map("".join)
POLICIES = st.builds(
    LanguagePolicy,
    mode=st.sampled_from(["balanced", "balanced", "strict"]),
    in_thinking=st.sampled_from(["free", "same"]),
    hold=st.sampled_from(["word", "sentence"]),
    allow=st.sampled_from([(), (), ("hello", "New York")]),
    emoji=st.booleans(),
    tolerance=st.sampled_from([0.5, 0.5, 0.0, 1.0]),
)
MESSAGES: tuple[tuple[str, ...], ...] = (
    *((),) * 4,
    ("Расскажи про Hello World и GitHub",),
    ("Переведи на английский: мир",),
    ("Что значит However?",),
    ("Переведи на болгарский: мир",),
)
CONTEXTS = st.sampled_from(MESSAGES)


@dataclass(frozen=True)
class Case:
    """A text, what it is held to, and the sizes of the pieces that it arrives in."""

    text: str
    policy: LanguagePolicy
    context: tuple[str, ...] = ()
    sizes: tuple[int, ...] = (1,)

    def pieces(self) -> list[str]:
        found, at, turn = [], 0, 0
        while at < len(self.text):
            size = self.sizes[turn % len(self.sizes)]
            found.append(self.text[at : at + size])
            at, turn = at + size, turn + 1
        return found


CASES = st.builds(
    Case,
    TEXTS,
    POLICIES,
    CONTEXTS,
    st.lists(st.sampled_from([1, 1, 1, 2, 3, 5, 8, 40]), min_size=1, max_size=6).map(tuple),
)


def random_case(dice: random.Random) -> Case:
    """A case as `CASES` draws one, several times as fast."""
    pieces, groups = [], RUNNING if dice.random() < 0.3 else GROUPS
    for _ in range(dice.randint(1, 14)):
        group = dice.choice(groups) if dice.random() < 0.98 else LONG
        if groups is RUNNING and dice.random() < 0.7:
            pieces.append(" ")
        piece = dice.choice(group)
        pieces.append(_normalised(piece, dice.choice(FORMS)) if group is WORDS else piece)
        if dice.random() < 0.02:
            pieces.append(chr(dice.randrange(0x110000)))
    policy = LanguagePolicy(
        mode=dice.choice(("balanced", "balanced", "strict")),
        in_thinking=dice.choice(("free", "same")),
        hold=dice.choice(("word", "sentence")),
        allow=dice.choice(((), (), ("hello", "New York"))),
        emoji=dice.random() < 0.7,
        tolerance=dice.choice((0.5, 0.5, 0.0, 1.0)),
    )
    context = dice.choice(MESSAGES)
    sizes = tuple(dice.choice((1, 1, 1, 2, 3, 5, 8, 40)) for _ in range(dice.randint(1, 6)))
    return Case("".join(pieces), policy, context, sizes)


def fault_of(case: Case) -> str:  # noqa: C901 - a branch for each thing that a guard owes
    """What does not hold of a case, "" where all does."""
    text, policy, context = case.text, case.policy, case.context
    verdict = check(text, policy, context)
    at = 0
    for found in verdict.violations:
        if not at <= found.start < found.end <= len(text) or found.text != text[found.start : found.end]:
            return f"no span in order: {found}"
        at = found.end
    scanner = Scanner(policy, context)
    events = [event for piece in case.pieces() for event in scanner.feed(piece)] + scanner.finish()
    violations = tuple(event for event in events if isinstance(event, Violation))
    if violations != verdict.violations or tuple(scanner.late) != verdict.late or scanner.relaxed != verdict.relaxed:
        return f"a split changes the verdict: {violations} and not {verdict.violations}"
    whole = StreamGuard(policy, context)
    out = whole.feed(text) + whole.finish()
    guard = StreamGuard(policy, context)
    shown, released = "", []
    for piece in case.pieces():
        if new := guard.feed(piece):
            shown += new
            released.append(shown)
    shown += guard.finish()
    if shown != out:
        return f"a split changes what is released: {shown!r} and not {out!r}"
    if guard.violation != (verdict.violations[0] if verdict.violations else None):
        return f"the guard stops at {guard.violation}, and not where the check does"
    if not text.startswith(out):
        return "what is released is not the text"
    if guard.violation and (refused := check(out, policy, context).violations):
        return f"what is released is not clean: {out!r} {refused}"
    for prefix in released[-8:]:
        if foul := [found for found in check(prefix, policy, context).violations if found.kind in EXACT]:
            return f"a released beginning is not clean: {prefix!r} {foul}"
    rest = stripped(case)
    if refused := check(rest, policy, context).violations:
        return f"what is stripped is not clean: {rest!r} {refused}"
    return ""


EXACT = ("cjk", "script", "cyrillic", "mixed", "garbage")


def stripped(case: Case) -> str:
    """The text through a guard, every violation left out."""
    return strip_all(case.pieces(), StreamGuard(case.policy, case.context))


def strip_all(pieces: Iterable[str], guard: StreamGuard) -> str:
    """All that a guard releases of the pieces, every violation left out."""
    out = ""
    for piece in pieces:
        out += guard.feed(piece)
        while guard.violation:
            out += guard.strip()
    out += guard.finish()
    while guard.violation:
        out += guard.strip()
    return out


def minimised(case: Case) -> Case:
    """The shortest case found that still has the fault, by leaving parts out."""
    kind = fault_of(case).partition(":")[0]

    def still(one: Case) -> bool:
        return fault_of(one).partition(":")[0] == kind

    for sizes in ((1,), (max(len(case.text), 1),), *((size,) for size in case.sizes)):
        if still(shorter := Case(case.text, case.policy, case.context, sizes)):
            case = shorter
            break
    if still(plainer := Case(case.text, LanguagePolicy(mode=case.policy.mode), (), case.sizes)):
        case = plainer
    part = max(len(case.text) // 2, 1)
    while part:
        at = 0
        while at < len(case.text):
            shorter = Case(case.text[:at] + case.text[at + part :], case.policy, case.context, case.sizes)
            if still(shorter):
                case = shorter
            else:
                at += part
        part //= 2
    return case
