"""Markup of documents: HTML, links, anchors, shortcodes, AsciiDoc, reStructuredText, front matter."""

from __future__ import annotations

import pytest

from role_engine.language import check
from tests.language.marking import BALANCED, assert_refused

HTML = [
    "Нажмите <kbd>Tab</kbd>, затем <kbd>Shift</kbd>+<kbd>Enter</kbd>.",
    "Метод <code>push some value</code> добавляет, <samp>done well</samp> печатает, <var>some name</var> хранит.",
    '<img src="a.png" alt="Схема работы" width="100" height="50" loading="lazy" decoding="async"> показывает схему.',
    '<input type="text" name="q" placeholder="Введите имя" required autofocus> принимает текст.',
    "<pre>\nsome words of output here\n</pre>\nДа.",
    "<!-- TODO: исправить some words -->Текст.",
    "<details open>\n<summary>Подробности</summary>\nТекст.\n</details>",
    '<a href="https://example.com/some/very/path?with=parameters&and=more"\n   target="_blank" rel="noopener">сайт</a>',
    "<!DOCTYPE html>\n<html lang='ru'>\nТекст.",
    '<Button onClick={run(1)} disabled {...props} :class="active">Нажать</Button>',
    "AJAX значит <b>A</b>synchronous <b>J</b>avaScript <b>A</b>nd <b>X</b>ml.",
    "Тег <div> и тег <br/> стоят рядом.",
]
LINKS = [
    "Читайте [про состояние](/reference/react/useState#updating-state-based-on-the-previous-state) дальше.",
    'Вот [сайт](https://example.com "Site title") и ![схема](images/some-picture.png "Схема").',
    "Свойство [box-sizing](/css/box-sizing/) меняет расчёт.",
    "Читайте [The Modern JavaScript Tutorial](https://javascript.info) по-русски.",
    "См. [описание][useState-docs] и [ещё][].",
    '[useState-docs]: https://react.dev/reference/useState "The reference page"',
    "Сноска[^note] и ещё одна[^long-note].\n\n[^note]: Это сноска.",
    "<https://example.com/some/long/path/to/page> — наш сайт.",
    "5 октября вышла [Intersection Observer](https://example.com/js/a-very-long-address/of-an-article/) — статья.",
]
MARKS = [
    "## Заголовок {#custom-anchor}\n\nТекст.",
    "## Обновление {/*updating-state*/}\n\nТекст.",
    "## Обновление? {/*how-is-this-better-than-injecting-styles-during-rendering-or-using-layout-effect*/}\n\nТекст.",
    "## Обновление {#how-is-this-better-than-injecting-styles-during-rendering-or-using-layout-effect}\n\nТекст.",
    "{: .no_toc .text-delta }\nТекст.",
    '{{< ref "слово" title="some text" >}} и {{ some.value }}.',
    '{% include figure.html caption="Подпись к рисунку" %}\nТекст.',
    ":::tip Совет\nТекст.\n:::",
    ":::warning{title='Внимание'}\nТекст.\n:::",
    '!!! note "Важно"\n    Текст.',
    "> [!IMPORTANT]\n> Это важно.",
    "WARNING: не делайте так.",
]
ASCIIDOC = [
    'image::images/areas.png["Рабочее дерево, индексируемая область."]',
    "include::book/01-introduction/sections/about-version-control.asc[]",
    "(((git commands, status)))(((индекс)))\nТекст.",
    "[NOTE]\n====\nТекст.\n====",
    "[[r_some_anchor]]\n=== Заголовок",
    "Смотрите xref:ch02#r_git_log[раздел про журнал] и link:https://example.com[сайт].",
    "См. <<ch02-git-basics#r_git_log,журнал>> и <<some_anchor>>.",
    ":toc: left\n:icons: font\n:author: Иван\n\nТекст.",
    "Если у +jane+ есть проект +project+, то его адрес — +jane/project+.",
    "Нажмите kbd:[Ctrl+T], затем btn:[OK] и menu:File[Save].",
]
RESTRUCTURED = [
    "Смотрите :ref:`installation guide` и :doc:`index`.",
    ".. _some-label:\n\nТекст.",
    ".. note:: Это важно.",
    ".. image:: picture.png\n   :alt: картинка\n   :width: 200px",
    ".. toctree::\n   :maxdepth: 2\n\nТекст.",
    ":param name: имя\n:returns: строка",
    "Код ``some code here`` и ссылка `текст <https://example.com>`_.",
    ".. |logo| image:: logo.png",
]
FRONT_MATTER = [
    "---\ntitle: Привет\nlayout: post\ntags: [git, linux]\nsidebar_label: Quick start\n---\nТекст.",
    "---\n# comment here\nslug: some-page\nitems:\n  - first\n  - second\n---\n\nТекст.",
]
NAMES = [
    "Файл __package.json__ описывает зависимости.",
    "Стили лежат в _src/index.css_ и *index.html*.",
    "Откройте **main.py** и ***app.js***.",
]


@pytest.mark.parametrize("text", [*HTML, *LINKS, *MARKS, *ASCIIDOC, *RESTRUCTURED, *FRONT_MATTER, *NAMES])
def test_markup_is_free(text: str) -> None:
    assert_refused(text, BALANCED)
    assert_refused(f"{text}\n\nИ ⟦healthy eating⟧ тоже.", BALANCED)


@pytest.mark.parametrize(
    "marked",
    [
        "<b>⟦important decisions⟧</b> полезно.",
        "<kbd>Tab</kbd> и ⟦healthy eating⟧.",
        "5 <b и ⟦healthy eating⟧ > 3",
        '<img alt="⟦рyчка⟧" src="a.png"> тут.',
        "[текст](/path) и ⟦healthy eating⟧.",
        "{{ и ⟦healthy eating⟧ без конца.",
        "(текст про ⟦healthy eating⟧)",
        "[⟦This is no link⟧, а текст про еду]",
        "1 +⟦healthy eating⟧ + 2",
        ":::tip Совет про ⟦healthy eating⟧\nТекст.",
        ".. note:: Совет про ⟦healthy eating⟧.",
        ":author: Иван, ⟦some words⟧",
        "---\ntitle: Привет ⟦some words⟧\n---\nТекст.",
        "---\n\nТекст про ⟦some words⟧.\n---\n",
        "---\ntitle: Привет\n---\nТекст про ⟦some words⟧.",
        "link:https://example.com[Текст про ⟦some words⟧].",
        "xref:some-anchor[Раздел ⟦рyчка⟧].",
        "[source,js]\nТекст про ⟦some words⟧.",
        "<code>x</code>⟦文⟧",
        "Текст {{⟦<|im_end|>⟧}} тут.",
    ],
)
def test_text_in_and_round_markup_is_judged(marked: str) -> None:
    assert_refused(marked, BALANCED)


def test_a_long_note_in_braces_is_no_anchor() -> None:
    text = "{/*this is a long note about healthy eating and the good habits of all the people in town*/} Текст."
    assert check(text, BALANCED).violations
