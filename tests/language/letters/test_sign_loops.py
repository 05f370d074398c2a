"""Signs in a loop are garbage; rules, tables, leaders, masks and smiles are not."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from role_engine.language import LanguagePolicy, Scanner, Violation, check
from role_engine.language.alphabets import PLAIN_TEXT
from role_engine.language.letters.sign_loops import COMMAS, sign_loops
from tests.language.marking import BALANCED, STRICT, assert_refused
from tests.language.texts import pieces_of

both_modes = pytest.mark.parametrize("policy", [STRICT, BALANCED], ids=["strict", "balanced"])

LOOPS = (
    "⟦@@@@@@@@!!!!!!!!⟧",
    "И вот ⟦'/'/'/'/'/'/⟧ так",
    "⟦%%%%%%%%%%%%⟧",
    "Ого⟦!?!?!?!?!?!?!?⟧",
    "Нет⟦!!!!!!!!!!!!⟧ Да",
    "⟦&&&&&&&&&&&&⟧",
    "⟦$#$#$#$#$#$#$⟧#",
    "Слово⟦,,,,,,,,,,,,,,,,⟧ и слово",
    "Ха⟦)))))))))))))))))))))))))⟧",
    "⟦(((((((((((((((((((((((((((⟧",
    "⟦!-!-!-!-!-!-!⟧",
    "⟦€€€€€€€€€€€€⟧",
    "⟦¡¡¡¡¡¡¡¡¡¡¡¡⟧",
    "Он сказал.⟦!!!!!!!!!!!!⟧",
    'Слово ⟦""""""""""""⟧ тут',
)

NONE = (
    "Нет!!!!!!!!!!!",
    "Ха)))))))))))))))))",
    "Ха" + ")" * 24,
    ":-))))))))))))))",
    "-" * 80,
    "=" * 40,
    "* * * * * * * * * * * * *",
    "*****************",
    "________________",
    "~~~~~~~~~~~~~~~~~",
    "Глава первая.................... 5",
    "· · · · · · · · · · · · · ·",
    "………………………………",
    "|---|:---:|---:|---|",
    "| :---: | :---: |",
    "+------+------+------+",
    "Имя: ______________ (подпись)",
    "+7 (***) ***-**-**",
    "Сам ты б****",
    "<!------------------->",
    "------------->",
    "[##########..........]",
    "/********************/",
    "//----------------//",
    "    ^~~~~~~~~~~~~~~~",
    "Имя\n''''''''''''''''\n\nИмя\n\"\"\"\"\"\"\"\"\"\"\"\"\"\"",
    "////////////////////\n;;;;;;;;;;;;;;;;;;;;",
    "😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀",
    "★★★★★★★★★★★★☆☆☆",
    "██████████████░░░░░░",
    "┌──────────────┐",
    "— Ну и ну!.. — «„“»",
    "@#$%&! и ещё ?!",
    "1!2!3!4!5!6!7!8!9!",
    "Он «(„“)»?! (См.: [1], [2], {3}.)",
)


@both_modes
@pytest.mark.parametrize("marked", LOOPS)
def test_a_loop_is_garbage(marked: str, policy: LanguagePolicy) -> None:
    assert_refused(marked, policy, "garbage")


@both_modes
@pytest.mark.parametrize("text", NONE)
def test_what_people_draw_is_none(text: str, policy: LanguagePolicy) -> None:
    for whole in (text, f"Вот:\n\n{text}\n\nВсё."):
        assert check(whole, policy).ok, whole


@pytest.mark.parametrize(
    "text",
    [
        "Код `@@@@@@@@@@@@@@@@` тут.",
        "```\n@@@@@@@@@@@@@@@@\n%%%%%%%%%%%%%%%%\n```\n",
    ],
)
def test_code_is_not_looked_at_in_balanced(text: str) -> None:
    assert check(text, BALANCED).ok


def test_an_endless_loop_is_known_from_its_first_chunk() -> None:
    scanner = Scanner(STRICT, halt=True)
    said = 0
    while not any(isinstance(event, Violation) for event in scanner.feed("!")):
        said += 1
        assert said < 66


def test_one_that_begins_in_what_is_decided_starts_with_the_rest() -> None:
    assert sign_loops("!!!!!!", "да !!!!!!") == [(0, 6)]
    assert sign_loops("!!!!!", "да !!!!!!") == []
    scanner = Scanner(STRICT, tail="Да!!!!!!!!")
    assert [(event.start, event.end) for event in scanner.feed("!!!! Нет.") if isinstance(event, Violation)] == [(0, 4)]


SIGNS = "!?@%&$#'\"/\\;,.:()[]{}<>|-=*_~^+`«»…—–·№°§€₽×→ аЯ1z\n"
TEXTS = st.lists(
    st.one_of(
        st.builds(lambda unit, times: (unit * times)[:70], st.text(SIGNS, min_size=1, max_size=4), st.integers(1, 40)),
        st.text(SIGNS, max_size=8),
        st.sampled_from(["Слово ", "слово", "\n", "😀", "```", " Docker "]),
    ),
    max_size=8,
).map("".join)


@both_modes
@given(data=st.data(), text=TEXTS)
def test_any_split_tells_the_same(data: st.DataObject, text: str, policy: LanguagePolicy) -> None:
    scanner = Scanner(policy)
    events = [event for piece in data.draw(pieces_of(text)) for event in scanner.feed(piece)] + scanner.finish()
    found = tuple(event for event in events if isinstance(event, Violation))
    assert found == check(text, policy).violations


@given(text=TEXTS)
def test_no_short_cut_hides_one(text: str) -> None:
    """What is plain holds none, and in `strict`, where nothing is code, each one lies in what is refused."""
    loops = [
        (start + at, end + at)
        for at, chunk in ((found.start(), found.group()) for found in re.finditer(r"\S+", text))
        for start, end in sign_loops(chunk, text[max(0, at - 64) : at])
        if len(chunk) <= 64 and "<" not in chunk  # what is before that sign is decided without it
    ]
    if PLAIN_TEXT.fullmatch(text) and COMMAS not in text:
        assert not loops
    spans = [(found.start, found.end) for found in check(text, STRICT).violations]
    for start, end in loops:
        assert all(any(first <= at < last for first, last in spans) for at in range(start, end))


@both_modes
@pytest.mark.parametrize(
    ("text", "loop"),
    [
        ("вот /.../.../.../.../.../.../... тут", True),
        ("вот \\/\\/\\/\\/\\/\\/\\/\\/\\/\\/\\/\\/\\/ тут", True),
        ("вот /.../.../.../... тут", False),
        ("вот ../../../../../../../../../../ тут", False),
        ("|:--|:--|:--|:--|:--|:--|:--|:--|:--|", False),
        ("+---+---+---+---+---+---+---+---+", False),
        ("~*~*~*~*~*~*~*~*~*~*~*~*~*~*~*", False),
    ],
)
def test_signs_that_repeat(text: str, loop: bool, policy: LanguagePolicy) -> None:
    assert [found.kind for found in check(text, policy).violations] == ["garbage"] * loop


@pytest.mark.parametrize(
    ("text", "loop"),
    [
        ("вот " + "`3.8` " * 12 + "тут", True),
        ("вот " + "\\, = " * 16 + "тут", True),
        ("вот " + "\\, = " * 5 + "тут", False),
        ("~ " * 40, False),
        ("0 " * 60, False),
        ("| 0 " * 20 + "|", False),
        ("| `0` | " + "слово | `0` | " * 12, False),
        ("от 5 < 6, от 6 < 7, " * 6, False),
    ],
)
def test_text_without_letters_that_repeats_in_strict(text: str, loop: bool) -> None:
    assert bool(check(text, STRICT).violations) is loop
    assert {found.kind for found in check(text, STRICT).violations} <= {"garbage"}


@both_modes
def test_a_broken_character_in_a_loop_is_of_it(policy: LanguagePolicy) -> None:
    assert [found.text for found in check("!!!!!!\ufffd=????", policy).violations] == ["!!!!!!\ufffd=????"]
