"""Conversations about foreign words: what asks for them, and what a reply may then hold inside Russian sentences."""

from __future__ import annotations

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from role_engine.guard.stream import StreamGuard
from role_engine.language import LanguagePolicy, Scanner, Verdict, Violation, check
from role_engine.language.alphabets import CJK, FLAGS, OTHER_SCRIPT
from role_engine.language.requests.request import request_in
from tests.language.marking import BALANCED, STRICT, assert_refused, unmarked
from tests.language.requests.dialogues import (
    ABOUT_OTHER_THINGS,
    ABOUT_WORDS,
    SECOND_ABOUT_OTHER_THINGS,
    SECOND_ABOUT_WORDS,
    SLIPS_IN_LESSONS,
    Dialogue,
)
from tests.language.texts import TAILS, WILD_TEXT, WORDS, pieces_of

LESSON = ["Объясни разницу между make и do"]
LESSONS = st.sampled_from(
    [
        LESSON, ["Что значит иероглиф 爱?"], ["Научи меня спрягать глагол être"], ["Напиши промпт для Midjourney"],
        ["Объясни Present Perfect", "а ещё пример"], ["Какие падежи есть в греческом языке?"],
    ]
)  # fmt: skip
FOREIGN = (
    "have", "Have", "I have gone", "important", "However", "to be", "made", "I went there yesterday.", "very", "(", ")",
    "«have»", "**do**", "очень", "это", "вы можете", "глагол", "значит", ",", ", ", " — ", ": ", ".", ". ", "\n",
    "\n- ", " ", " ", "для вас", "свой", "爱", "你好", "λόγος", "nǐ hǎo", "/θruː/", "X" * 70, "a b c d e f g h",
    "|", "и", '"',
)  # fmt: skip
MINGLED = st.lists(st.sampled_from((*FOREIGN, *FOREIGN, *WORDS)), max_size=30).map("".join)
# Words in places that the Russian behind them decides.
IN_PLACE = st.lists(
    st.tuples(
        st.sampled_from(
            ["Вы можете ", "Это ", "очень ", "нужно ", "После ", "глагол ", "ваш ", "Мы ", "часто ", "", "«"]
        ),
        st.sampled_from(
            ["improve", "helpful", "have", "However", "let me show you how it works in all", "I have gone"]
        ),
        st.sampled_from(
            [
                " свой ",
                " для вас",
                ".",
                "! ",
                ", а не has",
                " и has ",
                " превращается в ",
                " случаях",
                " — ",
                ", он ",
                " ",
            ]
        ),
    ).map("".join),
    min_size=1,
    max_size=6,
).map("".join)
# The signs of transcriptions left out.
_ANOTHER_SCRIPT = regex.compile(rf"[[{CJK}{OTHER_SCRIPT}]--[\u02b0-\u02ff]]", FLAGS)


@pytest.mark.parametrize("dialogue", [*ABOUT_WORDS, *SECOND_ABOUT_WORDS], ids=str)
def test_the_reply_passes_because_it_is_about_foreign_words(dialogue: Dialogue) -> None:
    assert check(dialogue.reply, BALANCED, dialogue.messages) == Verdict(relaxed=dialogue.language)
    assert not check(dialogue.reply, BALANCED).ok
    assert not check(dialogue.reply, STRICT, dialogue.messages).ok


@pytest.mark.parametrize("dialogue", [*ABOUT_OTHER_THINGS, *SECOND_ABOUT_OTHER_THINGS], ids=str)
def test_the_reply_is_refused_because_it_is_about_other_things(dialogue: Dialogue) -> None:
    verdict = check(dialogue.reply, BALANCED, dialogue.messages)
    assert not verdict.ok
    assert verdict.relaxed is None


@pytest.mark.parametrize("dialogue", SLIPS_IN_LESSONS, ids=lambda dialogue: dialogue.reply[:40])
def test_a_slip_in_a_lesson_is_refused(dialogue: Dialogue) -> None:
    assert_refused(dialogue.reply, BALANCED, context=dialogue.messages)
    assert not check(unmarked(dialogue.reply)[0], STRICT, dialogue.messages).ok


def test_there_are_sixty_of_each_and_none_twice() -> None:
    for dialogues in (ABOUT_WORDS, ABOUT_OTHER_THINGS):
        assert len({dialogue.messages for dialogue in dialogues}) == len(dialogues) >= 60


def test_a_rule_that_only_looks_for_latin_letters_or_for_a_lessons_words_fails_here() -> None:
    def latin(message: str) -> bool:
        return regex.search("[a-z]", message) is not None

    def lesson(message: str) -> bool:
        return any(stem in message.lower() for stem in ("слов", "значит", "отлич", "английск", "глагол", "разниц"))

    for rule in (latin, lesson, lambda message: latin(message) or lesson(message)):
        assert sum(rule(one.user) for one in ABOUT_WORDS) - sum(rule(one.user) for one in ABOUT_OTHER_THINGS) < 45


@pytest.mark.parametrize(
    ("messages", "codes"),
    [
        (["Чем латинское «et» отличается от французского «et»?"], ("la", "fr")),
        (["Как произносится „Eichhörnchen“?"], ("de",)),
        (["Что означает memento mori?"], ("la",)),
        (["Что значит слово ありがとう?"], ("ja",)),
        (["Как читается 사랑?"], ("ko",)),
        (["Как переводится habibi — حبيبي?"], ("ar",)),
        (["Что значит по-английски 爱?"], ("en", "zh")),
        (["Разбери предложение на латыни: veni, vidi, vici"], ("la",)),
    ],
)  # fmt: skip
def test_the_language_is_the_one_named_or_the_one_of_the_words(messages: list[str], codes: tuple[str, ...]) -> None:
    found = request_in(messages)
    assert found is not None
    assert found.codes == codes
    assert found.about_words


@pytest.mark.parametrize(
    "last",
    [
        "а ещё три примера", "теперь в вопросительной форме", "ещё", "а отрицание?", "можно ещё примеров?",
        "с переводом", "а во множественном числе?", "продолжай", "проверь меня", "а как это произносится?",
        "went, gone", "I has done it",
        "не понял, объясни ещё раз", "more examples please", "1. was 2. were 3. не знаю",
    ],
)  # fmt: skip
def test_a_short_message_goes_on_with_the_lesson(last: str) -> None:
    found = request_in(["Объясни Past Simple", last])
    assert found is not None
    assert found.about_words
    assert request_in(["Объясни Past Simple", "спасибо!", last, last]) == found
    assert request_in(["Расскажи о вулканах", last]) is None
    assert request_in([last]) is None


@pytest.mark.parametrize(
    "last",
    [
        "спасибо", "а какая погода завтра?", "теперь расскажи о вулканах", "Посоветуй фильм", "а кто такой Пушкин?",
        "Ещё три примера вулканов в Италии, и объясни, почему они извергаются, если там нет гор, и кто их открыл",
        "Что приготовить на ужин?", "а сколько стоит билет в Лондон?", "давай лучше поговорим о музыке",
    ],
)  # fmt: skip
def test_a_message_that_turns_to_something_else_does_not(last: str) -> None:
    assert request_in(["Объясни Past Simple", last]) is None


def test_it_is_gone_on_with_from_no_farther_than_the_last_lesson() -> None:
    assert request_in(["Объясни Past Simple", "Расскажи о вулканах", "ещё пример"]) is None
    assert request_in(["Переведи на английский: привет", "теперь то же по-русски"]) is None
    assert request_in(["Переведи на английский: привет", "ещё вариант"]) == request_in(["Переведи на английский: дом"])


@pytest.mark.parametrize("material", ["Жил-был старик со старухой. " * 3, "Жил-был старик со старухой. " * 40_000])
def test_what_is_handed_over_does_not_ask(material: str) -> None:
    handed = f"Перескажи текст: {material} Что значит break the ice? Помоги выучить неправильные глаголы. {material}"
    assert request_in([handed]) is None
    assert request_in([f"Что значит фраза break the ice в этом тексте?\n\n{material}"]) is not None


ASK = """
    объясните разницу между словами house и home
    Как переводится фраза "piece of cake"?
    подскажите артикль перед словом university
    хочу понять времена группы Continuous, объясни на пальцах
    Придумай 10 предложений на английском с переводом на тему путешествия
    Как по-английски "мне всё равно"?
    чем can отличается от be able to
    Скажи, правильно ли: He is taller then me
    Какое слово лишнее: apple, banana, carrot, orange?
    помоги с домашкой по английскому, раскрой скобки: She (go) to school every day
    Как будет множественное число от child
    Какая разница в произношении ship и sheep?
    Напиши транскрипцию слова queue
    расскажи про сослагательное наклонение во французском
    Придумай остроумную подпись к фото на английском для инсты
    как понять выражение no worries
    Переведи и объясни: "Break a leg!"
    почему в слове knight не читается k
    Мне надо попрактиковать английский, давай диалог в аэропорту
    Is it correct to say "I am boring"?
    Можешь разобрать предложение If I were you, I would go по частям?
    как читается слово colonel
    Какие слова англичане заимствовали из французского?
    Придумай название стартапа латиницей
    Как выучить неправильные глаголы?
"""
ASK_NOTHING = """
    что значит ошибка Segmentation fault?
    как переводится на английский счёт деньги
    Что такое машинное обучение?
    чем отличается SSD от HDD
    Составь предложение для инвестора
    Проверь мой код на ошибки: for x in list: print(x)
    что значит в JavaScript ===?
    Кто такие хиппи и откуда это слово?
    Придумай заголовок для резюме менеджера
    Расскажи о правилах футбола в Англии
    сколько букв в русском алфавите
    Что за фильм Inception, стоит смотреть?
    Кто победил, Real Madrid или Barcelona?
    Что лучше купить, Samsung Galaxy или iPhone?
    How do I fix my bike?
    Explain the theory of relativity
    Какие существительные в русском не склоняются?
    как выучить английский?
    Объясни разницу между make и do, без единого английского слова
"""


@pytest.mark.parametrize("message", [line.strip() for line in ASK.strip().splitlines()])
def test_more_that_ask(message: str) -> None:
    found = request_in([message])
    assert found is not None
    assert found.about_words


@pytest.mark.parametrize("message", [line.strip() for line in ASK_NOTHING.strip().splitlines()])
def test_more_that_look_alike(message: str) -> None:
    assert request_in([message]) is None


def test_the_words_that_the_user_names_are_remembered() -> None:
    found = request_in(["Чем make отличается от do? И от kick?"])
    assert found is not None
    assert found.named == {"make", "do", "kick"}
    assert_refused("Это make для вас.", BALANCED, context=["Чем make отличается от do?"])


IN_SENTENCES = [
    "После he глагол have превращается в has, а вместо do ставят does.",
    "В Past Simple добавляем -ed: worked, played.",
    "I have gone значит, что человека здесь нет.",
    "Слова wolf, knife и leaf меняют f на v.",
    "С months и years берут предлог in, с днями недели on.",
    "Здесь нужно went, а не gone.",
    "Правильный ответ — это went.",
    "Как видите, she работает как he.",
    "Пример в настоящем. My brother often goes to the mountains with his old friends. Теперь в прошедшем.",
    "Сравните: сильное must и мягкое should.",
    "Прилагательное quick даёт наречие quickly.",
    "Наречие often встаёт перед глаголом, а yesterday — в конец.",
    "Произносится как /θruː/, а не /ˈðəʊ/.",
]
USED_THERE = [
    "Этот глагол используется очень ⟦frequently⟧ в речи.",
    "Теперь давайте посмотрим на следующий ⟦example⟧ с другим временем.",
    "Как видите, здесь нет никакой ⟦difference⟧ между формами.",
    "Если вы хотите ⟦speak⟧ свободно, занимайтесь каждый день.",
    "Обратите внимание на следующие ⟦thoughts⟧.",
    "Не забывайте ⟦practice⟧ новые слова ежедневно.",
    "⟦Actually⟧, всё проще, чем кажется.",
    "Давайте начнём с ⟦basic⟧ правил.",
    "Я рад ⟦help⟧ вам с английским!",
    "Вы можете ⟦easily⟧ запомнить это правило.",
    "Это ⟦useful⟧ слово для путешествий.",
    "Конечно, сейчас ⟦let me show you how this verb works in⟧ разных предложениях.",
    "Это очень ⟦helpful⟧ в работе.",
    "Повторяйте правило, чтобы ⟦remember⟧ его надолго.",
    "Надеюсь, это было ⟦useful⟧!",
    "⟦Therefore⟧, он меняет форму.",
    "Это ваш новый ⟦habit⟧ на каждый день.",
    "Мы ⟦simply⟧ добавляем окончание.",
    "под ⟦ногami⟧ глагол have",
    "глагол have ⟦你好⟧ значит",
    "глагол have ⟦\u200b⟧ значит",
]  # fmt: skip


@pytest.mark.parametrize("text", IN_SENTENCES)
def test_words_that_a_sentence_is_about_pass(text: str) -> None:
    assert_refused(text, BALANCED, context=LESSON)
    assert check(text, BALANCED, LESSON).relaxed == "en"


@pytest.mark.parametrize("marked", USED_THERE)
def test_words_in_place_of_russian_ones_do_not(marked: str) -> None:
    assert_refused(marked, BALANCED, context=LESSON)


@pytest.mark.parametrize(
    ("request_", "marked"),
    [
        ("Что значит иероглиф 爱?", "Иероглиф 爱 читается ài и значит «любовь»."),
        ("Что значит иероглиф 爱?", "внезапно⟦建立⟧ город, а ⟦hello there⟧ нет"),
        ("Какие падежи есть в греческом языке?", "Слово λόγος в родительном падеже — λόγου."),
        ("Что значит слово привіт в украинском?", "Привіт — украинское «привет», їжак — «ёж»."),
        ("Объясни артикли в английском", "Артикль the ⟦世界⟧ и a."),
    ],
)
def test_only_the_language_that_it_is_about_passes(request_: str, marked: str) -> None:
    assert_refused(marked, BALANCED, context=[request_])


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(st.data(), st.one_of(IN_PLACE, MINGLED, WILD_TEXT), LESSONS, st.sampled_from(["word", "sentence"]), TAILS)
def test_pieces_make_no_difference(data: st.DataObject, text: str, context: list[str], hold: str, tail: str) -> None:
    policy = LanguagePolicy(mode="balanced", hold=hold)  # type: ignore[arg-type]

    def scan(pieces: list[str]) -> tuple[list[Violation], str | None]:
        scanner = Scanner(policy, context, tail)
        events = [event for piece in pieces for event in scanner.feed(piece)] + scanner.finish()
        return [event for event in events if isinstance(event, Violation)], scanner.relaxed

    assert scan([text]) == scan(data.draw(pieces_of(text)))


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(st.one_of(IN_PLACE, MINGLED), LESSONS, st.sampled_from(["word", "sentence"]))
def test_what_a_guard_delivers_over_resumes_is_clean(text: str, context: list[str], hold: str) -> None:
    policy = LanguagePolicy(mode="balanced", hold=hold)  # type: ignore[arg-type]
    guard = StreamGuard(policy, context)
    delivered = guard.feed(text) + guard.finish()
    for word in (" слово", " для вас", " свой", "\n", " and", ", а не has", "。", ": ", ", что"):
        if guard.violation is None:
            break
        guard = guard.resume()
        delivered += guard.feed(word + text[:40]) + guard.finish()
    assert check(delivered, policy, context).ok


@settings(max_examples=200, deadline=None)
@given(st.one_of(MINGLED, WILD_TEXT))
def test_a_lesson_of_english_lets_no_other_script_through(text: str) -> None:
    def foreign(context: list[str]) -> list[int]:
        refused = check(text, BALANCED, context).violations
        return [
            found.start()
            for found in _ANOTHER_SCRIPT.finditer(text)
            if not any(one.start <= found.start() < one.end for one in refused)
        ]

    assert set(foreign(LESSON)) <= set(foreign([]))


@settings(deadline=None)
@given(MINGLED, LESSONS)
def test_strict_never_relaxes(text: str, context: list[str]) -> None:
    assert check(text, STRICT, context) == check(text, STRICT)


@settings(deadline=None)
@given(st.text(max_size=300), st.sampled_from([one.user for one in (*ABOUT_WORDS, *ABOUT_OTHER_THINGS)]))
def test_no_message_breaks_it(noise: str, message: str) -> None:
    for messages in ([noise], [noise + message], [message, noise], [message + noise, noise]):
        found = request_in(messages)
        assert found is None or (found.codes and "ru" not in found.codes)
