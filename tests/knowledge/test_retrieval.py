"""Questions in other word forms than the text's, and questions that nothing answers. See retrieval/README.md."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from role_engine.knowledge.bm25 import Bm25Retriever
from role_engine.knowledge.retriever import Ranking
from role_engine.knowledge.stems import SnowballStems, words

HERE = Path(__file__).parent / "retrieval"
TOP = 3


class Unstemmed:
    """Words as they stand."""

    def __init__(self, cached: int = 0) -> None:
        pass

    def __call__(self, text: str) -> list[str]:
        return words(text)


class Written(NamedTuple):
    paragraphs: dict[str, str]
    questions: list[tuple[str, str]]
    unanswerable: list[str]


@pytest.fixture(scope="module")
def written() -> Written:
    paragraphs: dict[str, str] = {}
    topic, number = "", 0
    for line in (HERE / "paragraphs.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            topic, number = line[2:], 0
        elif line:
            number += 1
            paragraphs[f"{topic}-{number}"] = line
    lines = (HERE / "questions.tsv").read_text(encoding="utf-8").splitlines()
    questions = [(answer, question) for answer, question in (line.split("\t") for line in lines)]
    return Written(paragraphs, questions, (HERE / "unanswerable.txt").read_text(encoding="utf-8").splitlines())


def ranking(written: Written, stems: type, folder: Path) -> Ranking:
    retriever = Bm25Retriever(stems)
    retriever.build(list(written.paragraphs.values()), folder, lambda done, of: None)
    return retriever.open(folder)


def found(written: Written, index: Ranking) -> int:
    """Questions whose paragraph is among the first three."""
    ids = list(written.paragraphs)
    return sum(answer in [ids[hit.number] for hit in index.rank(asked, TOP)] for answer, asked in written.questions)


def test_the_set_is_what_it_says(written: Written) -> None:
    assert (len(written.paragraphs), len(written.questions), len(written.unanswerable)) == (300, 100, 50)
    assert {answer for answer, _ in written.questions} <= set(written.paragraphs)
    assert len(set(written.paragraphs.values())) == 300


def test_the_right_paragraph_is_found_and_what_nothing_answers_gets_nothing(written: Written, tmp_path: Path) -> None:
    index = ranking(written, SnowballStems, tmp_path)
    assert found(written, index) >= 90
    answered = [question for question in written.unanswerable if index.rank(question, TOP)]
    assert len(answered) <= 5, answered


@pytest.mark.parametrize("threshold", [True, False])
def test_stemming_finds_far_more(
    written: Written, tmp_path: Path, threshold: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not threshold:
        for name in ("COVERAGE", "ALONE", "BESIDE"):
            monkeypatch.setattr(f"role_engine.knowledge.bm25.{name}", 0.0)
    (tmp_path / "stemmed").mkdir()
    (tmp_path / "plain").mkdir()
    stemmed = found(written, ranking(written, SnowballStems, tmp_path / "stemmed"))
    plain = found(written, ranking(written, Unstemmed, tmp_path / "plain"))
    assert stemmed >= plain + 10
    assert stemmed >= 90


def test_a_question_at_the_end_of_a_long_message_is_found(written: Written, tmp_path: Path) -> None:
    index = ranking(written, SnowballStems, tmp_path)
    story = "Вчера мы долго ехали через поле. Дождь лил стеной. Потом застряли у переправы и ждали трактор. " * 200
    (hit,) = index.rank(story + "Кстати, опасна ли для кошек лилия?", 1)
    assert list(written.paragraphs)[hit.number] == "кошки-9"


def test_one_text_alone(tmp_path: Path) -> None:
    retriever = Bm25Retriever()
    retriever.build(["Кота зовут Барсик, ему семь лет."], tmp_path, lambda done, of: None)
    index = retriever.open(tmp_path)
    assert [hit.number for hit in index.rank("Как зовут кота?", 3)] == [0]
    assert index.rank("Как зовут собаку?", 3) == []
    assert index.rank("?!", 3) == []


def test_texts_without_words(tmp_path: Path) -> None:
    retriever = Bm25Retriever()
    retriever.build(["— — —", "и не о"], tmp_path, lambda done, of: None)
    assert retriever.open(tmp_path).rank("Где чеснок?", 3) == []


def test_in_a_small_file_a_word_that_it_lacks_does_not_outweigh_those_that_it_has(tmp_path: Path) -> None:
    retriever = Bm25Retriever()
    retriever.build(["Кота зовут Барсик, ему семь лет."], tmp_path, lambda done, of: None)
    assert retriever.open(tmp_path).rank("Сколько лет коту соседки Марины?", 3)


def test_beside_a_full_answer_a_passing_mention_is_left_out(tmp_path: Path) -> None:
    retriever = Bm25Retriever()
    texts = ["Чеснок сажают в октябре.", "Опоздавших сажают на балкон.", "Чеснок хранят зимой."]
    retriever.build(texts, tmp_path, lambda done, of: None)
    assert {hit.number for hit in retriever.open(tmp_path).rank("Когда сажать чеснок?", 3)} == {0}
