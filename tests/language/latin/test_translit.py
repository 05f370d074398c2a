"""Russian in Latin letters, told from English and from names."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from role_engine.language import LanguagePolicy, check
from role_engine.language.latin.translit import is_no_name, is_translit, is_translit_run, kind_of
from tests.language.latin.foreign_phrases import FOREIGN
from tests.language.latin.foreign_phrases import RUSSIAN as RUSSIAN_IN_LATIN
from tests.language.sentences.sentence_samples import RUSSIAN

STRICT, BALANCED = LanguagePolicy(mode="strict"), LanguagePolicy(mode="balanced")
DATA = Path(os.environ.get("ROLE_ENGINE_TEST_DATA", "none"), "sentences", "ru.txt")

WORDS = """
privet spasibo sovershenno novym optimizatsii optimizaciya khorosho horosho zdravstvuyte pozhaluysta chelovek lyudi
ljudi otvet vopros sobytija deyatelnosti gosudarstvo soglasno naprimer obychno dannye zavisit razvitiya ob'yavlenie
schastye vremya zhizn mozhno kotoraya нет
""".split()[:-1]  # noqa: SIM905
ENGLISH = """
healthy fats summary here recycling problem poem deny delete username deploy backend frontend kubernetes docker redis
pandas numpy nginx privacy policy salsa sauna telegram marketing startup content manager example learning however
network schizophrenia graffiti khaki troika vodka the and with from this that have been title translation
""".split()  # noqa: SIM905
OF_BOTH = ["net", "on", "my", "no", "to", "a", "i", "da", "do", "tut", "dom", "CRM", "X", ""]


@pytest.mark.parametrize("word", WORDS)
def test_russian_words_are_known_by_one(word: str) -> None:
    assert is_translit(word)
    assert is_translit(word.capitalize())


@pytest.mark.parametrize("word", ENGLISH)
def test_english_words_are_not_taken_for_russian(word: str) -> None:
    assert not is_translit(word)
    assert not is_translit(word.upper())


@pytest.mark.parametrize("word", OF_BOTH)
def test_what_may_be_either_is_not_decided_alone(word: str) -> None:
    assert not is_translit(word)


@pytest.mark.parametrize("word", ["ščast’e", "koži", "čelovek"])
def test_accents_and_soft_signs_of_the_scholars_do_not_hide_it(word: str) -> None:
    assert is_translit(word)


@pytest.mark.parametrize(
    "run",
    [
        "privet, kak dela",
        "Net, eto ne on",
        "my vse tut",
        "Ja tebja ljublju",
        "eto ne moya problema",
        "on skazal, chto vsyo budet khorosho",
    ],
)
def test_words_of_both_go_with_the_others(run: str) -> None:
    assert kind_of(run) == "translit"


@pytest.mark.parametrize(
    "run",
    ["to be or not to be", "no problem", "i am a man", "on my own", "here is the summary", "da capo al fine", "do it"],
)
def test_english_with_words_of_both_stays_english(run: str) -> None:
    assert kind_of(run) == "latin"


@pytest.mark.parametrize("word", ["Privet", "Spasibo", "Zdravstvuyte", "Konechno", "Chto", "Kak", "Kak-to"])
def test_a_capital_makes_no_name_of_a_greeting(word: str) -> None:
    assert is_no_name(word)


@pytest.mark.parametrize(
    "word",
    ["Moskva", "Ivan", "Tolstoy", "Sberbank", "Yandex", "Kaspersky", "Gazprom", "Olga", "Lada", "Sputnik", "Vesna"],
)
def test_names_may_be_names(word: str) -> None:
    assert not is_no_name(word)
    assert check(f"Её зовут {word}, и это всё.", BALANCED).ok


def test_a_hyphen_before_a_capital_joins_a_name() -> None:
    assert is_no_name("Kak") and not is_no_name("Kak-Yo")


@given(st.text())
def test_no_text_breaks_it(text: str) -> None:
    is_translit(text)
    is_no_name(text)
    is_translit_run(text.split())
    kind_of(text)


class TestInText:
    @pytest.mark.parametrize("policy", [STRICT, BALANCED])
    @pytest.mark.parametrize("text", ["privet, kak dela", "Privet! Kak dela?", "spasibo bolshoye", "Ochen priyatno."])
    def test_a_line_of_it_is_refused_by_its_name(self, text: str, policy: LanguagePolicy) -> None:
        found = check(text, policy).violations
        assert {violation.kind for violation in found} == {"translit"}

    @pytest.mark.parametrize("policy", [STRICT, BALANCED])
    @pytest.mark.parametrize("word", ["sovershenno", "optimizatsii", "obychno", "khorosho"])
    def test_one_word_in_a_russian_sentence_is(self, word: str, policy: LanguagePolicy) -> None:
        found = check(f"Это {word} новый подход.", policy).violations
        assert [(violation.kind, violation.text) for violation in found] == [("translit", word)]

    @pytest.mark.parametrize("policy", [STRICT, BALANCED])
    def test_english_keeps_its_own_name(self, policy: LanguagePolicy) -> None:
        found = check("Это healthy fats, то есть полезные жиры.", policy).violations
        assert [(violation.kind, violation.text) for violation in found] == [("latin", "healthy fats")]

    def test_a_greeting_beside_russian_is_refused_though_it_has_a_capital(self) -> None:
        found = check("Privet, дорогой друг.", BALANCED).violations
        assert [(violation.kind, violation.text) for violation in found] == [("translit", "Privet")]

    def test_what_needs_several_words_is_late_or_blocks(self) -> None:
        text = "Ещё раз, по-русски: Kak Dela Segodnya, дорогой друг?"
        found = check(text, BALANCED).late
        assert [(violation.kind, violation.text) for violation in found] == [("translit", "Kak Dela Segodnya")]
        held = check(text, BALANCED.model_copy(update={"hold": "sentence"}))
        assert held.violations == found
        assert held.late == ()

    @pytest.mark.parametrize(
        "text",
        [
            "Адрес: Moskva, Tverskaya Ulitsa, Dom 7, квартира 12.",
            "Письмо пришло от <ivan.petrov@pochta.ru> и <yuri@komyakino.ru> вчера вечером.",
            "Функции `stat`, `fstat`, `lstat` читают состояние файла.",
        ],
    )
    def test_addresses_and_code_are_no_sentence(self, text: str) -> None:
        assert check(text, BALANCED).late == ()


SPELLINGS = {
    "passport": dict(
        zip("ёжхцчшщъыьэюя", ["e", "zh", "kh", "ts", "ch", "sh", "shch", "ie", "y", "", "e", "yu", "ya"], strict=True)
    ),
    "chat": dict(
        zip("ёжхцчшщъыьэюя", ["yo", "zh", "h", "ts", "ch", "sh", "sch", "", "y", "", "e", "yu", "ya"], strict=True)
    ),
    "chat with j": dict(
        zip("ёжхцчшщъыьэюя", ["jo", "zh", "h", "c", "ch", "sh", "sch", "", "y", "'", "e", "ju", "ja"], strict=True)
    ),
}
SAME = dict(zip("абвгдезийклмнопрстуф", "abvgdeziyklmnoprstuf", strict=True))


@pytest.mark.parametrize("scheme", SPELLINGS)
def test_most_words_and_nearly_every_run_are_found(scheme: str) -> None:
    lines = DATA.read_text("utf-8").splitlines() if DATA.is_file() else RUSSIAN[:4]
    table = str.maketrans(SAME | SPELLINGS[scheme])
    sentences = [[word.translate(table) for word in re.findall("[а-яё]+", line.lower())] for line in lines]
    words = [word for sentence in sentences for word in sentence if len(word) >= 5]
    runs = [sentence[at : at + 3] for sentence in sentences for at in range(0, len(sentence) - 2, 3)]
    few = not DATA.is_file()  # of a few words one is many per cent
    assert sum(map(is_translit, words)) >= (0.85 if few else 0.95) * len(words)
    assert sum(map(is_translit_run, runs)) >= (0.95 if few else 0.98) * len(runs)


class TestOtherLanguages:
    """French, German, Spanish, Italian, Latin and Portuguese inside Russian are `latin`, not `translit`."""

    @pytest.mark.parametrize("language", FOREIGN)
    def test_a_phrase_keeps_its_kind(self, language: str) -> None:
        assert [phrase for phrase in FOREIGN[language] if kind_of(phrase) != "latin"] == []
        for phrase in FOREIGN[language]:
            found = check(f"Он сказал так: {phrase}, и ушёл.", STRICT).violations
            assert {violation.kind for violation in found} == {"latin"}, phrase

    def test_russian_stays_translit(self) -> None:
        assert [phrase for phrase in RUSSIAN_IN_LATIN if kind_of(phrase) != "translit"] == ["net problem"]

    @pytest.mark.parametrize("word", ["vérifier", "straße", "mañana", "não", "città", "ve\u0301rifier"])
    def test_a_letter_that_no_spelling_of_russian_has_is_enough(self, word: str) -> None:
        assert not is_translit(word) and kind_of(word) == "latin"

    @pytest.mark.parametrize("word", ["vita", "dolce", "vais", "muito", "vaut"])
    def test_everyday_words_of_theirs_are_known(self, word: str) -> None:
        assert kind_of(word) == "latin"

    @pytest.mark.parametrize("word", ["kultura", "literatura", "vremena", "ljubov", "čelovek", "èto"])
    def test_words_that_russian_has_too_stay_russian(self, word: str) -> None:
        assert kind_of(word) == "translit"
