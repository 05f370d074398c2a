"""Whether a sentence in Russian letters is Russian, with every identifier there is, and without one."""

from __future__ import annotations

import logging
import os
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from role_engine.language.sentences import identifiers
from role_engine.language.sentences.identifiers import (
    FastText,
    LangDetect,
    identifier,
    judges_sentences,
    use_identifier,
)
from role_engine.language.sentences.identify import is_russian, plain_letters
from tests.language.sentences.sentence_samples import FOREIGN, RUSSIAN

DATA = Path(os.environ.get("ROLE_ENGINE_TEST_DATA", "none"), "sentences")
PACKAGES = {"fasttext": "fasttext", "langdetect": "langdetect", "words": "role_engine"}


@pytest.fixture(autouse=True)
def by_the_environment() -> Iterator[None]:
    yield
    use_identifier()


@pytest.fixture(params=PACKAGES)
def engine(request: pytest.FixtureRequest) -> str:
    pytest.importorskip(PACKAGES[request.param], reason="this language identifier is not installed")
    use_identifier(request.param)
    return str(request.param)


@pytest.mark.parametrize("sentence", RUSSIAN)
def test_russian_is_russian(engine: str, sentence: str) -> None:
    assert is_russian(sentence)


@pytest.mark.parametrize("sentence", FOREIGN)
def test_a_neighbour_in_russian_letters_is_not(engine: str, sentence: str) -> None:
    assert not is_russian(sentence)


@pytest.mark.parametrize(
    "sentence", ["", " ", "…", "1990", "А", "\ud800" * 50, "ы" * 10_000, "а\u0301" * 100, "\x00" * 60]
)
def test_whatever_the_text_there_is_an_answer_and_it_is_russian(engine: str, sentence: str) -> None:
    assert is_russian(sentence) in (True, False)


def test_the_same_sentence_always_gets_the_same_answer(engine: str) -> None:
    answers = [[is_russian(sentence) for sentence in RUSSIAN + FOREIGN] for _ in range(3)]
    assert answers[0] == answers[1] == answers[2]


@pytest.mark.skipif(not DATA.is_dir(), reason="ROLE_ENGINE_TEST_DATA names no folder with sentences/")
@pytest.mark.parametrize(
    ("name", "bulgarian", "others"), [("fasttext", 0.02, 0.01), ("langdetect", 0.02, 0.015), ("words", 0.05, 0.015)]
)
def test_sentences_of_eight_languages(name: str, bulgarian: float, others: float) -> None:
    pytest.importorskip(PACKAGES[name], reason="this language identifier is not installed")
    use_identifier(name)
    passing = {path.stem: _share_passing(path) for path in DATA.glob("??.txt")}
    assert passing.pop("ru") >= 0.995
    assert passing["bg"] <= bulgarian
    assert len(passing) == 7
    assert sum(passing.values()) / 7 <= others


def _share_passing(path: Path) -> float:
    """Of the sentences of 40 letters or more: by their letters, and where these are Russian by their language."""
    sentences = [line for line in path.read_text("utf-8").splitlines() if len(re.findall(r"[^\W\d_]", line)) >= 40]
    russian_letters = [line for line in sentences if not re.search("[Ѐ-ӿ]", re.sub("[А-Яа-яЁё]", "", line))]
    return sum(map(is_russian, russian_letters)) / len(sentences)


class TestTheChoice:
    def test_the_environment_names_one(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("ROLE_ENGINE_IDENTIFIER", "words")
        use_identifier()
        assert identifier() is None
        assert judges_sentences()

    def test_none_judges_no_sentence(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("ROLE_ENGINE_IDENTIFIER", "none")
        use_identifier()
        assert not judges_sentences()

    def test_an_unknown_one_is_named_in_the_log_and_the_default_is_used(
        self, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        monkeypatch.setenv("ROLE_ENGINE_IDENTIFIER", "fastext")
        use_identifier()
        assert judges_sentences()
        assert "fastext" in caplog.text
        assert "fasttext" in caplog.text

    def test_a_program_that_asks_for_an_unknown_one_is_told(self) -> None:
        with pytest.raises(ValueError, match="lingua"):
            use_identifier("lingua")


class Broken:
    name = "fasttext"

    def __init__(self) -> None:
        raise RuntimeError("the model is cut short")


class Mistaken:
    name = "fasttext"

    def odds(self, sentence: str) -> float:
        return -1.0


class Failing:
    """Works when it is loaded and never again."""

    name = "fasttext"

    def __init__(self) -> None:
        self.asked = 0

    def odds(self, sentence: str) -> float:
        self.asked += 1
        if self.asked > 1:
            raise OSError("gone")
        return 1.0


@pytest.mark.parametrize("first", [Broken, Mistaken])
def test_one_that_does_not_work_is_logged_once_and_the_next_one_used(
    first: type, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    pytest.importorskip("langdetect", reason="this language identifier is not installed")
    monkeypatch.setattr(identifiers, "IDENTIFIERS", (first, LangDetect))
    use_identifier()
    found = [identifier() for _ in range(3)]
    assert isinstance(found[0], LangDetect)
    assert found[0] is found[1] is found[2]
    assert len([record for record in caplog.records if record.levelno >= logging.WARNING]) == 1


def test_without_any_the_words_judge(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identifiers, "IDENTIFIERS", ())
    use_identifier()
    assert identifier() is None
    assert all(map(is_russian, RUSSIAN))
    assert not any(map(is_russian, FOREIGN))


def test_one_that_fails_on_a_sentence_leaves_it_to_the_words(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(identifiers, "IDENTIFIERS", (Failing,))
    use_identifier()
    undecided = "Проверка, сборка, упаковка, отгрузка, доставка, выгрузка, разгрузка, приёмка."
    assert all(is_russian(undecided) for _ in range(5))


def test_words_that_are_sure_ask_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = Failing()
    monkeypatch.setattr(identifiers, "IDENTIFIERS", (lambda: engine,))
    use_identifier()
    assert is_russian("Если вы хотите, чтобы этот текст был понятен, который день думаю об этом.")
    assert not is_russian(FOREIGN[0])
    assert engine.asked == 0


def test_it_is_loaded_once_whoever_asks_first(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[object] = []
    together = threading.Event()

    class Slow(Failing):
        def __init__(self) -> None:
            super().__init__()
            together.wait()
            made.append(self)

    monkeypatch.setattr(identifiers, "IDENTIFIERS", (Slow,))
    use_identifier()
    threads = [threading.Thread(target=identifier) for _ in range(8)]
    for thread in threads:
        thread.start()
    together.set()
    for thread in threads:
        thread.join()
    assert len(made) == 1


def test_nothing_is_downloaded(monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    def no_network(*_: object) -> None:
        raise AssertionError("the network was asked for")

    pytest.importorskip("fasttext", reason="this language identifier is not installed")
    monkeypatch.setattr(socket.socket, "connect", no_network)
    assert FastText().odds(RUSSIAN[0]) > 0


def test_words_are_put_together_before_they_are_looked_up() -> None:
    assert plain_letters("Бо\u0301льшии\u0306 CRM-план, 5 шт.") == "Больший план шт"
