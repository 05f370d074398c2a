"""A text cut into paragraphs: nothing is lost, and inside a paragraph only sentences are parted."""

from __future__ import annotations

from itertools import pairwise

import regex
from hypothesis import given
from hypothesis import strategies as st

from role_engine.knowledge.chunks import LONGEST, LONGEST_SENTENCE, chunks
from role_engine.prompts.sentences import sentence_spans

PROSE = st.lists(
    st.sampled_from(
        [
            "Сажают чеснок. ", "Когда? ", "В октябре! ", "\n", "\n\n", "# Заголовок\n", "## Внутри\n\n", "###\n",
            "```python\n", "```\n", "# не заголовок\n", "- пункт\n", "1. первый\n", "Вот что:\n\n", "слово ",
            "Очень длинное предложение, в котором много слов и мало смысла, " * 5, "\u2028", "\x0c", "т. е. ", "…",
        ]
    ),
    max_size=60,
).map("".join)  # fmt: skip
HEADING = regex.compile(r"^ {0,3}#{1,6}[ \t].*$", regex.MULTILINE)


@given(PROSE | st.text(max_size=300))
def test_nothing_is_lost_and_nothing_is_there_twice(text: str) -> None:
    found = chunks(text)
    place, left = 0, []
    for chunk in found:
        assert chunk.start >= place, "chunks overlap or are out of order"
        assert chunk.text == text[chunk.start : chunk.end]
        assert chunk.text == chunk.text.strip() != ""
        left.append(text[place : chunk.start])
        place = chunk.end
    left.append(text[place:])
    shown = {" ".join(heading.split()) for chunk in found for heading in chunk.headings}
    for line in "".join(left).splitlines():
        if line.strip():
            heading = " ".join(line.strip().strip("#").split())
            assert line.strip().startswith("#"), f"{line!r} is lost"
            assert not heading or heading in shown or any(heading in " ".join(one.text.split()) for one in found)


@given(PROSE)
def test_a_paragraph_is_cut_between_sentences_only(text: str) -> None:
    found = chunks(text)
    for before, after in pairwise(found):
        between = text[before.end : after.start]
        if between.strip() or regex.search(r"\n\s*\n", between) or before.headings != after.headings:
            continue  # two paragraphs
        if len(before.text) > LONGEST_SENTENCE // 2:
            continue  # no prose
        whole = text[before.start : after.end]
        ends = {end for _, end in sentence_spans(whole)}
        assert any(before.end - before.start <= end <= after.start - before.start for end in ends), whole


@given(PROSE)
def test_chunks_are_short_unless_one_sentence_is_not(text: str) -> None:
    for chunk in chunks(text):
        assert len(chunk.text) <= LONGEST or len(sentence_spans(chunk.text)) == 1
        assert len(chunk.text) <= LONGEST_SENTENCE


def test_paragraphs_with_their_headings() -> None:
    found = chunks(
        "Вступление.\n\n# Огород\n\n## Чеснок\nСажают.\nПоливают.\n\nУбирают.\n\n## Лук\n\nЧистят.\n\n# Сад\n\nРастёт."
    )
    assert [(chunk.headings, chunk.text) for chunk in found] == [
        ((), "Вступление."),
        (("Огород", "Чеснок"), "Сажают.\nПоливают."),
        (("Огород", "Чеснок"), "Убирают."),
        (("Огород", "Лук"), "Чистят."),
        (("Сад",), "Растёт."),
    ]


def test_a_heading_with_nothing_under_it_is_a_chunk() -> None:
    found = chunks("# Пусто\n\n# Сад\n\nРастёт.\n\n## Конец\n")
    assert [(chunk.headings, chunk.text) for chunk in found] == [
        ((), "Пусто"),
        (("Сад",), "Растёт."),
        (("Сад",), "Конец"),
    ]


def test_a_lead_in_goes_with_what_it_leads_in() -> None:
    assert [chunk.text for chunk in chunks("Нужны:\n\n- лопата\n- вода\n\nДальше.")] == [
        "Нужны:\n\n- лопата\n- вода",
        "Дальше.",
    ]


def test_code_with_blank_lines_and_hashes_is_one_chunk() -> None:
    code = "```python\n# не заголовок\n\nx = 1\n```"
    assert [chunk.text for chunk in chunks(f"До.\n\n{code}\n\nПосле.")] == ["До.", code, "После."]


def test_a_long_paragraph() -> None:
    sentence = "Каждую весну старый садовник обходит яблони и записывает в тетрадь, какая перезимовала. "
    found = chunks(sentence * 30)
    assert len(found) > 3
    assert all(chunk.text.endswith("перезимовала.") and chunk.text.startswith("Каждую") for chunk in found)


def test_a_text_without_sentences_is_cut_between_words() -> None:
    found = chunks("слово " * 5000)
    assert all(set(chunk.text.split()) == {"слово"} for chunk in found)
    assert sum(len(chunk.text.split()) for chunk in found) == 5000


def test_a_long_list_is_cut_before_its_marks() -> None:
    found = chunks("\n".join(f"- Пункт {number}: сделать это и то, и ещё кое-что." for number in range(60)))
    assert len(found) > 2
    assert all(chunk.text.startswith("- Пункт") and chunk.text.endswith(".") for chunk in found)
