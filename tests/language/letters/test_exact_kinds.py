"""The kinds that are decided by letters alone. They mean the same in `strict` and in `balanced`."""

from __future__ import annotations

import pytest

from role_engine.language import LanguagePolicy, check
from tests.language.marking import BALANCED, STRICT, assert_refused

both_modes = pytest.mark.parametrize("policy", [STRICT, BALANCED], ids=["strict", "balanced"])

CLEAN = [
    "",
    " ",
    "Съешь же ещё этих мягких французских булок, да выпей чаю.",
    "ЁЖ и ёж",
    "и\u0306од, е\u0308ж: разложенные й и ё",
    "за\u0301мок и замо\u0301к, о\u0300 с другим ударением",
    "пере\u00adнос со знаком мягкого переноса",
    "10\u00a0000\u202fруб.\u2009— «ёлочки», „лапки“, “кавычки”, ‘одинарные’…",
    "№ 5, § 3, 20 °, 5 ₽ и 3 €, ½ и ¾",
    "2² + 3₃ = ①, 5 ≤ 6 ≈ 7 → 8 ⇒ 9 ∑ ∫ √",
    "строка\nдругая\r\nтретья\tстолбец\u2028разделитель\u2029абзац",
    "Улыбка 😀, семья 👩‍👩‍👧‍👦, рука 👍🏽, флаг 🇷🇺, клавиша 5️⃣, сердце ❤️",
    "Шотландия 🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
    "│ таблица │\n├─────────┤\n• пункт ◦ подпункт ✓ да ✗ нет ★",
    "кое-что, кто-нибудь, из-за",
    "5кг, 10км, в 2 раза",
    "Ⅷ век",
    "10 мкм, 3 кОм",
]

REFUSED = {
    "cjk": [
        "внезапно⟦建立⟧ город",
        "⟦你好⟧",
        "слово⟦。⟧Другое",
        "⟦ひらがな⟧ и ⟦カタカナー⟧",
        "⟦한국어⟧ язык",
        "⟦か\u3099⟧ с отдельным знаком",
        "⟦ＡＢＣ⟧ и ⟦，⟧ полной ширины",
        "⟦ㄅㄆ⟧ и ⟦々⟧",
    ],
    "script": [
        "он сказал ⟦مرحبا⟧",
        "⟦שלום⟧, ⟦ไทย⟧, ⟦हिन्दी⟧, ⟦ქართული⟧, ⟦Հայ⟧",
        "цифры ⟦٣٤⟧",
        "греческое ⟦λόγος⟧",
        "⟦مرحباً⟧ с огласовкой",
    ],
    "cyrillic": [
        "⟦він⟧ и ⟦її⟧ слово",
        "⟦ґанок⟧ ⟦ў⟧ ⟦ђ⟧ ⟦љ⟧ ⟦ә⟧ ⟦ғ⟧ ⟦қ⟧",
        "⟦у\u0306⟧ — краткое у из двух знаков",
        "⟦к\u0301⟧ — македонское",
        "дореформенное ⟦мѣсто⟧",
    ],
    "mixed": [
        "под ⟦ногami⟧",
        "⟦рyчка⟧ с чужой буквой",
        "идея ⟦вbetween⟧ слов",
        "самое ⟦Эlara⟧-слово",
        "⟦исследовательa⟧",
        "греческая буква в слове ⟦сοль⟧",
        "⟦вiн⟧ не по-украински",
    ],
    "garbage": [
        "знак ⟦\ufffd\ufe0f⟧ замены",
        "пло⟦\ufffd⟧хо",
        "⟦\x00⟧, ⟦\x07⟧, ⟦\x1b⟧, ⟦\x85⟧, ⟦\x0b⟧",
        "⟦\ue000⟧ и ⟦\U0010ffff⟧",
        "⟦\u0378⟧ не назначен",
        "⟦\ud800⟧ одинокий суррогат",
        "⟦\u0301⟧ ударение без буквы",
        "а⟦\u0301\u0301\u0301⟧ слишком много",
        "с⟦\u0336⟧л⟦\u0336⟧",
        "с⟦\u0301⟧лово",
        "⟦\u202e⟧текст⟦\u202c⟧",
        "сло⟦\u200b⟧во, сло⟦\u2060⟧во, ⟦\ufeff⟧слово, сло⟦\u200d⟧во, сло⟦\u200c⟧во",
        "а⟦\ufe0f⟧ с выбором начертания",
        "⟦\U000e0061\U000e0062⟧ спрятанные метки",
    ],
}


@both_modes
@pytest.mark.parametrize("text", CLEAN)
def test_russian_text_is_clean(text: str, policy: LanguagePolicy) -> None:
    assert check(text, policy).ok, check(text, policy)


@both_modes
@pytest.mark.parametrize(("kind", "marked"), [(kind, marked) for kind, texts in REFUSED.items() for marked in texts])
def test_what_is_refused(kind: str, marked: str, policy: LanguagePolicy) -> None:
    assert_refused(marked, policy, kind)


@both_modes
@pytest.mark.parametrize("text", ["Хорошо 😀", "5️⃣ шагов", "👩‍👩‍👧 семья"])
def test_emoji_are_a_matter_of_policy(text: str, policy: LanguagePolicy) -> None:
    without = policy.model_copy(update={"emoji": False})
    assert check(text, policy).ok
    assert [found.kind for found in check(text, without).violations] == ["garbage"]
    assert check("© ™ → ≠ №", without).ok


@pytest.mark.parametrize(
    "marked",
    [
        "Их звали Їжакевич и Івано-Франківськ.",
        "⟦Їжакевич⟧ начал речь. ⟦Її⟧ нет.",
        "город Київ, а по-местному ⟦київ⟧",
        "Новая строка:\n⟦Її⟧ звали",
    ],
)
def test_balanced_lets_a_name_in_another_cyrillic_alphabet_stand_inside_a_sentence(marked: str) -> None:
    assert_refused(marked, BALANCED, "cyrillic")


def test_parts_of_a_word_in_their_own_alphabets_are_not_mixed() -> None:
    for text in ("CRM-агентство", "Docker'а", "Docker’а", "5G-сеть", "x-координата", "IT‑компания"):
        assert check(text, BALANCED).ok, text
        assert {found.kind for found in check(text, STRICT).violations} == {"latin"}, text


def test_an_escape_sequence_does_not_join_the_russian_word_after_it() -> None:
    assert check('{"text": "строка\\nПривет"}', BALANCED).ok


@pytest.mark.parametrize("move", ["Кf3", "Фxd5+", "Крh8", "Лfd1", "Сb5?", "(Кe7)"])
def test_a_chessman_and_its_square_are_not_mixed(move: str) -> None:
    assert check(f"Белые играют {move}, и чёрные сдаются.", BALANCED).ok
    assert not check(move, STRICT).ok


@pytest.mark.parametrize("marked", ["⟦Кf⟧ да", "⟦Кf⟧9", "⟦Кz⟧3", "⟦Дf⟧3", "⟦Кf⟧33", "⟦скf⟧3"])
def test_what_is_no_square_of_a_chessboard_is_mixed(marked: str) -> None:
    assert_refused(marked, BALANCED, "mixed")
