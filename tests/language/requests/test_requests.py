"""Which messages ask for text in another language."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from role_engine.language.requests import find_requested_language, find_requested_languages
from role_engine.language.requests.languages import LANGUAGES, RUSSIAN
from tests.language.requests.dialogues import KEEP, RELAX, Dialogue

ADJECTIVES = sorted({(language.stem, language.code) for language in LANGUAGES if language.stem})
NOUNS = sorted({(noun, language.code) for language in LANGUAGES for noun in language.noun})
ENGLISH_NAMES = sorted({(language.english, language.code) for language in LANGUAGES})


def expected(code: str) -> str | None:
    return None if code == RUSSIAN else code


@pytest.mark.parametrize("dialogue", RELAX, ids=str)
def test_what_asks(dialogue: Dialogue) -> None:
    assert find_requested_language(dialogue.user) == dialogue.language


@pytest.mark.parametrize("dialogue", KEEP, ids=str)
def test_what_looks_alike(dialogue: Dialogue) -> None:
    assert find_requested_language(dialogue.user) is None


def test_there_are_sixty_of_each_and_none_twice() -> None:
    assert len({dialogue.user for dialogue in RELAX}) == len(RELAX) >= 60
    assert len({dialogue.user for dialogue in KEEP}) == len(KEEP) >= 60
    assert len({dialogue.language for dialogue in RELAX}) >= 20


def test_a_rule_that_only_looks_for_a_language_or_for_a_verb_fails_here() -> None:
    def named(message: str) -> bool:
        return any(language.stem and language.stem in message.lower() for language in LANGUAGES)

    def verb(message: str) -> bool:
        return any(stem in message.lower() for stem in ("перев", "напиши", "ответь", "скажи"))

    for rule in (named, verb, lambda message: named(message) and verb(message)):
        assert sum(rule(dialogue.user) for dialogue in RELAX) - sum(rule(dialogue.user) for dialogue in KEEP) < 45


@pytest.mark.parametrize(("stem", "code"), ADJECTIVES)
def test_every_language_in_its_russian_forms(stem: str, code: str) -> None:
    for message in (
        f"Переведи на {stem}ий",
        f"переведи на {stem}ий язык эту фразу",
        f"Напиши на {stem}ом",
        f"Ответь мне на {stem}ом языке.",
        f"Скажи по-{stem}и «да»",
        f"дай {stem}ий вариант",
    ):
        assert find_requested_language(message) == expected(code), message
    for message in (f"Расскажи о {stem}ом языке", f"Переведи с {stem}ого на русский", f"Не отвечай на {stem}ом"):
        assert find_requested_language(message) is None, message


@pytest.mark.parametrize(("noun", "code"), NOUNS)
def test_every_language_by_its_noun(noun: str, code: str) -> None:
    assert find_requested_language(f"Переведи на {noun}") == code


@pytest.mark.parametrize(("name", "code"), ENGLISH_NAMES)
def test_every_language_in_english(name: str, code: str) -> None:
    name = name.capitalize()
    for message in (f"Translate this into {name}.", f"please answer in {name}", f"How do you say «да» in {name}?"):
        assert find_requested_language(message) == expected(code), message
    for message in (f"Translate from {name} to Russian", f"Do not answer in {name}", f"I am learning {name}."):
        assert find_requested_language(message) is None, message


@pytest.mark.parametrize(
    ("message", "codes"),
    [
        ("Переведи на немецкий и французский", ("de", "fr")),
        ("Переведи на английский, а потом на китайский", ("en", "zh")),
        ("Ответь на русском и на английском", ("en",)),
        ("Translate it into Spanish and Portuguese, please", ("es", "pt")),
    ],
)
def test_several_languages(message: str, codes: tuple[str, ...]) -> None:
    assert find_requested_languages(message) == codes


@pytest.mark.parametrize(
    "message",
    [
        "Что значит «переведи на английский»?",
        'Он написал: "translate this into English". О чём он?',
        "Исправь ошибки:\n\n> Ответь на английском, пожалуйста",
        "Перескажи текст:\n\nЖил-был король. Переведи на английский. Answer in English.",
        "Проверь код:\n```python\n# answer in English\nprint('переведи на английский')\n```",
        "Объясни строку `Please reply in French`.",
    ],
)
def test_what_is_quoted_or_handed_over_is_not_the_users_own(message: str) -> None:
    assert find_requested_language(message) is None


@pytest.mark.parametrize("material", ["Жил-был старик со старухой. " * 3, "Жил-был старик со старухой. " * 40_000])
def test_the_request_may_stand_before_or_behind_the_material(material: str) -> None:
    assert find_requested_language(f"Переведи на английский:\n\n{material}") == "en"
    assert find_requested_language(f"{material}\n\nПереведи это на английский.") == "en"
    assert find_requested_language(f"Сократи этот текст:\n\n{material}\n\nОтветь по-немецки, пожалуйста.") == "de"
    assert find_requested_language(f"{material}\nНа английском языке говорят во многих странах.\n{material}") is None


@settings(deadline=None)
@given(st.text(max_size=300), st.sampled_from([dialogue.user for dialogue in (*RELAX, *KEEP)]))
def test_no_message_breaks_it(noise: str, message: str) -> None:
    for text in (noise, noise + message, message + noise):
        assert all(code in {language.code for language in LANGUAGES} for code in find_requested_languages(text))
