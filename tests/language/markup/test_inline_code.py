"""Inline code: free whatever it holds and however long; what a backtick does not free."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from role_engine.language import Final, LanguagePolicy, Scanner, Violation, check
from tests.language.marking import BALANCED, STRICT, assert_refused
from tests.language.texts import pieces_of

FREE = [
    'Выполните `git commit -m "Исправил ошибку"` в терминале.',
    'Строка `echo "Привет, мир"` печатает приветствие.',
    'Присвойте `name = "Иван"` и запустите ещё раз.',
    "Добавьте адрес: `git remote add <имя> <URL>`.",
    "Запрос `SELECT name FROM users WHERE city = 'Москва' ORDER BY created_at DESC LIMIT 10` вернёт имена.",
    "`docker run -d --name web -p 8080:80 -v /srv/site:/usr/share/nginx/html:ro nginx:alpine` поднимет сервер.",
    "Ошибка `Uncaught TypeError: Cannot read properties of undefined (reading 'filter')` означает одно.",
    "Отправьте `push`-запрос, затем `pull`-запрос через `npm`.",
    "**`npm ci`** (или `yarn install`), «`make all`».",
    "Знак `文字` и слово `рyчка` в коде не судят.",
    "Двойные ``a ` b`` и тройные ```c `` d``` тоже код.",
    "Длинная строка `first second\nthird fourth` перенесена.",
    "- `useState` — хранит состояние\n- `useEffect` — следит за ним",
    "| `font-size` | размер шрифта |\n| `line-height` | высота строки |",
    "`" + "some_call(argument) " * 40 + "` — очень длинная строка.",
]


@pytest.mark.parametrize("text", FREE)
def test_code_is_free(text: str) -> None:
    assert_refused(text, BALANCED)
    assert not check(text, STRICT).ok


@pytest.mark.parametrize(
    "marked",
    [
        "Это `foo bar` и ⟦some words⟧ дальше.",
        "`npm`⟦healthy eating⟧ полезно.",
        "Выполните ⟦healthy⟧`npm`.",
        "Знак ` и ⟦some words⟧ без пары.",
        "Открыт `один раз и ⟦some words⟧\nдальше ⟦healthy fats⟧ тоже.",
        "Знак `a b c\nдальше ⟦healthy fats⟧ в строке.",
        "Код `x` и 4 знака ```` и ⟦some words⟧ там.",
        "Код `foo` рядом ⟦рyчка⟧ и ⟦文字⟧.",
        "Два `а` и `б`, ⟦some foreign words⟧, `в`.",
        "Абзац `a\n\nb` ⟦some words⟧.",
    ],
)
def test_text_round_code_is_judged(marked: str) -> None:
    assert_refused(marked, BALANCED)


@pytest.mark.parametrize("tag", ["<think>", "</think>", "<seed:think>", "\ufffd"])
def test_what_may_stand_nowhere_is_garbage_in_code_too(tag: str) -> None:
    assert_refused(f"Код `a b ⟦{tag}⟧ c` тут.", BALANCED, "garbage")
    assert_refused(f"Код `{'x ' * 60}⟦{tag}⟧ c` тут.", BALANCED, "garbage")


CONTENT = st.text(st.sampled_from("abc xyzАбвґ文か-=(){}<>/.\"'ё$\\"), min_size=1, max_size=200)


@settings(max_examples=150, deadline=None)
@given(st.data(), CONTENT, st.sampled_from(["`", "``", "```"]))
def test_code_with_any_content_is_clean_and_so_is_the_russian_behind_it(
    data: st.DataObject, content: str, mark: str
) -> None:
    text = f"Вот код {mark}{content}{mark} и слова после него.\nНовая строка по-русски."
    assert check(text, BALANCED).ok
    scanner = Scanner(BALANCED)
    events = [event for piece in data.draw(pieces_of(text)) for event in scanner.feed(piece)] + scanner.finish()
    assert not [event for event in events if isinstance(event, Violation)]
    assert events[-1] == Final(len(text))


@settings(max_examples=150, deadline=None)
@given(st.text(st.sampled_from("abc xyzАбв-=(){}.\"'"), max_size=200), st.sampled_from(["`", "``", "```"]))
def test_a_backtick_that_nothing_closes_frees_nothing_behind_its_line(content: str, mark: str) -> None:
    """At the line's beginning three of them would open a block."""
    text = f"Код {mark}{content}\nдальше идёт healthy eating habits и всё."
    found = [violation.text for violation in check(text, BALANCED).violations]
    assert "healthy eating habits" in found


def test_a_reply_goes_on_in_the_middle_of_code() -> None:
    scanner = Scanner(BALANCED)
    begun = "Выполните `docker run -d --name web -p 8080:80 -v /srv/site:/usr/share/nginx/html:ro "
    events = scanner.feed(begun)
    assert events[-1] == Final(len(begun))
    twin = scanner.fork()
    rest = twin.feed('--label "имя сайта" nginx` и some words') + twin.finish()
    assert [event.text for event in rest if isinstance(event, Violation)] == ["some words"]


def test_short_code_is_final_when_it_is_closed() -> None:
    scanner = Scanner(BALANCED)
    assert scanner.feed("Код `git pu") == [Final(3)]
    assert scanner.feed('sh -m "да"` ') == [Final(22)]


def test_code_is_no_part_of_its_sentence() -> None:
    policy = LanguagePolicy(mode="balanced", hold="sentence")
    text = "Команда `eto moya zhizn, kak dela u tebya. privet` выполняет всё, что нужно для работы сайта."
    assert check(text, policy).ok
    assert not check(text.replace("`", ""), policy).ok


@pytest.mark.parametrize(
    "marked",
    [
        "Крейсер ``Победа'' вышел ⟦因为⟧ из порта ``Север''.",
        "Крейсер ``Победа&#39;&#39; вышел ⟦因为⟧ из порта ``Север&#39;&#39;.",
        "Крейсер ``Победа ⟦因为⟧''.",
        "Код ``слово 因为`` тут.",
        "Код ``a = ''`` и ``b = '因为'`` тут.",
        "Код ``слово \" и ' 因为`` тут.",
    ],
)
def test_quotation_marks_of_tex_are_no_code(marked: str) -> None:
    assert_refused(marked, BALANCED)
