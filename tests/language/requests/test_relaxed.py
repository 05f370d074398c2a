"""What a request for another language lets through: text in that language as text of its own, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from role_engine.guard.stream import StreamGuard
from role_engine.language import LanguagePolicy, Scanner, Verdict, Violation, check
from tests.language.marking import BALANCED, STRICT, assert_refused
from tests.language.requests.dialogues import KEEP, RELAX, Dialogue
from tests.language.texts import POLICIES, TAILS, WILD_TEXT, WORDS, pieces_of

ENGLISH = ["Переведи на английский, пожалуйста."]
CHINESE = ["Ответь по-китайски."]
REQUESTS = st.sampled_from(
    [ENGLISH, CHINESE, ["Напиши по-гречески"], ["Переведи на украинский"], ["по-сербски, пожалуйста"]]
)

FOREIGN = (
    "Hello, my friend.", "«Hello»", '"how are you"', "Перевод: Hello", "яблоко — apple", "| apple |", "(nǐ hǎo)",
    "你好", "。", "λόγος", "їжак", "Good", "morning!", "don't", "he said", "(", ")", "“", "”", "\n", "\n\n", "\n- ",
    " ", "привет", "Слово.", "# ", "> ", "**", "X" * 70, "你" * 70, ": ", " — ",
)  # fmt: skip
MINGLED = st.lists(st.sampled_from((*FOREIGN, *FOREIGN, *WORDS)), max_size=30).map("".join)


@pytest.mark.parametrize("dialogue", RELAX, ids=str)
def test_the_reply_passes_because_it_was_asked_for(dialogue: Dialogue) -> None:
    verdict = check(dialogue.reply, BALANCED, [dialogue.user])
    assert verdict == Verdict(relaxed=dialogue.language)
    assert not check(dialogue.reply, BALANCED).ok
    assert not check(dialogue.reply, STRICT, [dialogue.user]).ok


@pytest.mark.parametrize("dialogue", KEEP, ids=str)
def test_the_reply_is_refused_because_it_was_not(dialogue: Dialogue) -> None:
    verdict = check(dialogue.reply, BALANCED, [dialogue.user])
    assert not verdict.ok
    assert verdict == check(dialogue.reply, BALANCED)


PASSES = {
    "a line of its own": [
        "Вот перевод:\n\nThe weather is lovely today, so we are going for a walk in the park with our dogs.\n",
        "  - first item\n  - second item\n\n1. one more\n2) and another\n\nа) the last",
        "# A heading\n\n**Bold words** and *others*.\n\n> a quotation\n\n<p>some markup</p>",
        "✅ Done! 🎉 well done\n– Who is there?\n— It is me.",
        "Good morning! — Доброе утро!\nGood night (спокойной ночи) and sweet dreams",
        "He said “привет” and left.",
    ],
    "quoted": [
        "Он ответил: «I have never been to this city before, but I would like to go there», — и ушёл.",
        'Напишите "see you soon" или “talk to you later”.',
        "Это звучит как „never mind“ по-английски.",
    ],
    "fenced": ["Вот:\n\n```text\nHello there, my dear friend.\nHow are you?\n```\nГотово."],
    "behind a colon": ["Перевод: Hello, my friend", "**На английском:** good morning to you all"],
    "in a list of words": [
        "1. Яблоко — apple\n2. Груша - pear\n* **слива** – plum\nПока! → Bye!",
        "| яблоко | apple |\n| --- | --- |\n| груша | pear |",
    ],
}
STAYS_REFUSED = [
    "Ешьте ⟦healthy fats⟧ каждый день.",
    "Он ⟦however⟧ ушёл.",
    "⟦However⟧, он ушёл.",
    "⟦Healthy⟧ питание важно.",
    "Good morning! Доброе утро, и ⟦have a nice day⟧ всем.",
    "«⟦healthy⟧ питание» полезно",
    "Это долгий рассказ о жизни — ⟦without end⟧.",
    "под ⟦ногami⟧",
    "Hello, ⟦wоrld⟧!",
    "Hello, ⟦\u200b⟧world.",
    "Hello ⟦你好⟧ world",
    "Hello ⟦مرحبا⟧ world",
    "A line\nЭто ⟦and another⟧ это",
]  # fmt: skip


@pytest.mark.parametrize("text", [text for texts in PASSES.values() for text in texts])
def test_text_of_its_own_passes(text: str) -> None:
    assert_refused(text, BALANCED, context=ENGLISH)
    assert check(text, BALANCED, ENGLISH).relaxed == "en"


@pytest.mark.parametrize("marked", STAYS_REFUSED)
def test_running_text_is_checked_as_always(marked: str) -> None:
    assert_refused(marked, BALANCED, context=ENGLISH)


@pytest.mark.parametrize(
    ("request_", "marked"),
    [
        ("Ответь по-китайски", "По-китайски:\n你好！很高兴认识你。"),
        ("Ответь по-китайски", "«你好» (nǐ hǎo) — это «привет»."),
        ("Ответь по-китайски", "Он сказал ⟦你好⟧ и ушёл."),
        ("Ответь по-китайски", "внезапно⟦建立⟧ город"),
        ("Ответь по-китайски", "⟦Hello there my friend⟧"),
        ("Ответь по-китайски", "你好 ⟦ひらがな⟧"),
        ("Ответь по-японски", "こんにちは、元気ですか。"),
        ("Ответь по-арабски", "مرحبا بكم"),
        ("Ответь по-гречески", "Καλημέρα σας"),
        ("Ответь по-гречески", "слово ⟦λόγος⟧ здесь"),
        ("Ответь по-украински", "Привіт, як справи? Їжак їсть."),
        ("Ответь по-украински", "⟦Ђак⟧ ⟦қ⟧"),
        ("Ответь по-сербски", "Добар дан, љубави.\nDobar dan, kako ste?"),
    ],
)
def test_only_the_language_asked_for_passes(request_: str, marked: str) -> None:
    assert_refused(marked, BALANCED, context=[request_])


def test_a_sentence_in_russian_letters_is_let_through_for_another_cyrillic_language() -> None:
    bulgarian = "Днес времето е хубаво и затова отиваме на разходка в парка с нашите приятели."
    for policy in (BALANCED, LanguagePolicy(mode="balanced", hold="sentence")):
        refused = check(bulgarian, policy, ["Расскажи о погоде"])
        assert [found.kind for found in (*refused.violations, *refused.late)] == ["language"]
        assert check(bulgarian, policy, ["Переведи на болгарский"]) == Verdict(relaxed="bg")
        assert check("Сегодня хорошая погода.", policy, ["Переведи на болгарский"]).relaxed is None


def test_only_the_last_message_asks() -> None:
    reply = "Hello, my friend."
    assert check(reply, BALANCED, ["Расскажи сказку.", *ENGLISH]).ok
    assert not check(reply, BALANCED, [*ENGLISH, "Спасибо! А теперь расскажи сказку."]).ok
    document = "Текст документа. Переведи на английский. Answer in English. " * 20
    assert not check(reply, BALANCED, [document, "Перескажи документ."]).ok


def test_nothing_is_reported_where_nothing_was_let_through() -> None:
    assert check("Не могу перевести: фраза слишком длинная, а слов мало.", BALANCED, ENGLISH).relaxed is None
    assert check("Ешьте healthy fats, пожалуйста.", BALANCED, ENGLISH).relaxed is None


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(st.data(), st.one_of(MINGLED, WILD_TEXT), POLICIES, REQUESTS, TAILS)
def test_pieces_make_no_difference(
    data: st.DataObject, text: str, policy: LanguagePolicy, context: list[str], tail: str
) -> None:
    def scan(pieces: list[str]) -> tuple[list[Violation], str | None]:
        scanner = Scanner(policy, context, tail)
        events = [event for piece in pieces for event in scanner.feed(piece)] + scanner.finish()
        return [event for event in events if isinstance(event, Violation)], scanner.relaxed

    assert scan([text]) == scan(data.draw(pieces_of(text)))


@settings(deadline=None)
@given(MINGLED, REQUESTS)
def test_strict_never_relaxes(text: str, context: list[str]) -> None:
    assert check(text, STRICT, context) == check(text, STRICT)


def test_a_line_of_its_own_is_not_cut_from_the_line_end_that_makes_it_one() -> None:
    guard = StreamGuard(LanguagePolicy(mode="balanced", hold="sentence"), ENGLISH)
    assert guard.feed("Перевод: Hello\nприветHello") + guard.finish() in ("", "Перевод: Hello\n")


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(MINGLED, REQUESTS, st.sampled_from(["word", "sentence"]))
def test_what_a_guard_delivers_over_resumes_is_clean(text: str, context: list[str], hold: str) -> None:
    policy = LanguagePolicy(mode="balanced", hold=hold)  # type: ignore[arg-type]
    guard = StreamGuard(policy, context)
    delivered = guard.feed(text) + guard.finish()
    for word in (" слово", "\n", " and", "。", ": "):
        if guard.violation is None:
            break
        guard = guard.resume()
        delivered += guard.feed(word + text[:40]) + guard.finish()
    assert check(delivered, policy, context).ok


def test_a_resumed_reply_goes_on_relaxed() -> None:
    guard = StreamGuard(BALANCED, ENGLISH)
    assert guard.feed("Dear friend, we are so happy to see you here in our old town, and 你好 too").endswith(
        "town, and"
    )
    assert guard.violation is not None
    assert guard.relaxed == "en"
    resumed = guard.resume()
    assert resumed.relaxed == "en"
    assert resumed.feed(" so are the others. ") + resumed.finish() == " so are the others. "
    assert resumed.violation is None


def test_nothing_is_delivered_that_the_next_attempt_could_make_foul() -> None:
    guard = StreamGuard(BALANCED, ENGLISH)
    delivered = guard.feed("Вот и всё.\nHello,\n你好 you\n")
    assert guard.violation is not None
    resumed = guard.resume()
    delivered += resumed.feed(" он ушёл.") + resumed.finish()
    assert delivered == "Вот и всё. он ушёл."


def test_what_was_thrown_away_is_not_reported() -> None:
    guard = StreamGuard(BALANCED, ENGLISH)
    assert guard.feed("Вот и всё.\nHello,你好 you\n") == "Вот и всё."
    assert guard.violation is not None
    resumed = guard.resume()
    assert resumed.feed("\nКонец.") + resumed.finish() == "\nКонец."
    assert resumed.relaxed is None
