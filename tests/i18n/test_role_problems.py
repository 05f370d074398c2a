from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest

from role_engine import RoleLibrary
from role_engine.errors import RoleError, SettingsError
from role_engine.hosts.panel.roles.role_files import RoleFiles
from role_engine.i18n.role_problems import RUSSIAN, YAML, describe_error, in_file, is_told

BASE = "name: Поэт\nsystem: Ты — поэт.\n"

WRONG = [
    # --- the YAML
    ("", None, "Файл пуст"),
    ("- a\n", 1, "из ключей со значениями"),
    ("name: Поэт: моря\n", 1, "лишнее двоеточие"),
    ("name: Поэт\nsystem\nreminder: а\n", 3, "после ключа нет двоеточия"),
    ("name: Поэт\n  system: Ты.\n", 2, "лишнее двоеточие"),
    ("system: Ты.\n name: Поэт\n", 2, "лишнее двоеточие"),
    ("negative:\n  - а\n b: в\n", 3, "сбит отступ"),
    ("name: [а, б\nsystem: Ты.\n", 2, "не закрыта скобка «[»"),
    ("name: {а: б\nsystem: Ты.\n", 2, "не закрыта скобка «{»"),
    ("name: 'Поэт\n", 2, "не закрыта кавычка"),
    ("name: @Поэт\n", 1, "со знака «@»"),
    ("name: П\n\tsystem: Ты.\n", 2, "табуляцией"),
    ('name: "а\\щ"\n', 1, "нет знака «\\щ»"),
    ("name: | Поэт\n", 1, "после «|»"),
    ("name: Поэт\n...\n---\na: б\n", 3, "больше одного документа"),
    ("a: &b в\nname: *b\n", 2, "Ссылка YAML *b"),
    ("name: !!str Поэт\n", 1, "Тег YAML"),
    ("name: Поэт\nname: Другой\n", 2, "`name` стоит дважды"),
    ("name: \x07\n", 1, "U+0007"),
    ("budget: {max_share: " + "1" * 50 + "}\n", 1, "слишком длинное"),
    ("[а]: б\n", 1, "Ключ должен быть словом"),
    ("a: " + "[" * 20 + "]" * 20 + "\n", 1, "Вложенность больше 16"),
    # --- keys and values
    (BASE + "reminer: а\n", 3, "Неизвестный ключ `reminer`. Может быть, `reminder`?"),
    (BASE + "language: {mod: strict}\n", 3, "Неизвестный ключ `mod` в `language`. Может быть, `mode`?"),
    (BASE + "language:\n  mode: stict\n", 4, "`language.mode`: не может быть «stict». Может быть, `strict`? Есть:"),
    ("name: *б\n", 1, "в кавычках"),
    ("name: 42\nsystem: Ты.\n", 1, "`name`: нужен текст, а не «42»"),
    ('name: ""\nsystem: Ты.\n', 1, "`name`: не может быть пустым"),
    ("name: Поэт\n", None, "Нет ключа `system`"),
    (BASE + "examples: [{user: а}]\n", 3, "Нет ключа `examples.0.assistant`"),
    (BASE + "thinking: {depth: много}\n", 3, "`thinking.depth`: нужно целое число, а не «много»"),
    (BASE + "thinking: {depth: 1.5}\n", 3, "`thinking.depth`: нужно целое число"),
    (BASE + "thinking: {depth: 9}\n", 3, "`thinking.depth`: должно быть не больше 8"),
    (BASE + "thinking: {rounds: 0}\n", 3, "`thinking.rounds`: должно быть не меньше 1"),
    (BASE + "budget: {max_share: 0}\n", 3, "`budget.max_share`: должно быть больше 0"),
    (BASE + "budget: {max_share: весь}\n", 3, "`budget.max_share`: нужно число"),
    (BASE + "budget: {max_share: [1]}\n", 3, "`budget.max_share`: нужно число, а не список"),
    (BASE + "language: {emoji: может}\n", 3, "`language.emoji`: нужно true или false"),
    (BASE + "language: {emoji: [а]}\n", 3, "`language.emoji`: нужно true или false"),
    (BASE + "negative: Молчи.\n", 3, "`negative`: нужен список, а не «Молчи.»"),
    (BASE + "language: strict\n", 3, "`language`: нужны ключи со значениями, а не «strict»"),
    (BASE + "knowledge: {files: [[а]]}\n", 3, "`knowledge.files.0`: нужно имя файла"),
    (BASE + "handoff: [" + "а, " * 10_000 + "]\n", 3, "больше 10000"),
    (BASE + "handoff: [Логик]\n", 3, "«Логик» не годится в id роли"),
    (BASE + "template: Мой!\n", 3, "«Мой!» не годится в имя шаблона"),
    (BASE + "thinking: {default: Ум}\n", 3, "«Ум» не годится в имя размышления"),
    (BASE + "sampling: [а]\n", 3, "`sampling`: нужны параметры"),
    (BASE + "sampling:\n  temperture: 1\n", 4, "нет параметра `temperture`. Может быть, `temperature`?"),
    (BASE + "sampling: {temperature: 70}\n", 3, "`sampling.temperature`: нужно число от 0 до 5, а не «70»"),
    (BASE + "sampling: {top_k: 1.5}\n", 3, "`sampling.top_k`: нужно целое число от 0 до 1 000 000"),
    (BASE + "sampling: {do_sample: 1}\n", 3, "`sampling.do_sample`: нужно true или false"),
    (BASE + "sampling: {grammar_string: 1}\n", 3, "`sampling.grammar_string`: нужен текст"),
    # --- what is named
    (BASE + "system_file: а.md\n", 3, "и `system`, и `system_file`"),
    ("name: Поэт\nsystem_file: а.md\n", 2, "нет файла «а.md»"),
    ("name: Поэт\nsystem_file: empty.md\n", 2, "файл «empty.md» пуст"),
    (BASE + "knowledge: {files: [../а.md]}\n", 3, "лежит вне папки роли"),
    (BASE + "knowledge: {files: [а.md]}\n", 3, "`knowledge.files`: нет файла «а.md»"),
    (BASE + "card: а.json\njinja: true\n", 4, "Jinja нельзя"),
    ("name: Поэт\njinja: true\nsystem: '{{ user * 9 }}'\n", 2, "слишком дорогое"),
    (BASE + "card: а.json\n", 3, "`card`: нет файла «а.json»"),
    ("extends: poet\n" + BASE, 1, "`extends` идёт по кругу: poet → poet"),
    ("extends: poer\n" + BASE, 1, "нет роли `poer` (poet → poer). Может быть, `poet`? Есть: "),
    (BASE + "handoff: [clark]\n", 3, "Нет роли `clark`. Может быть, `clerk`?"),
    (BASE + "template: nope\n", 3, "нет шаблона `nope`. Есть: chatml."),
    (BASE + "thinking: {default: mull}\n", 3, "Нет размышления `mull`"),
    (BASE + "thinking: {default: think, modes: [none]}\n", 3, "`thinking.modes` его не предлагает"),
]  # fmt: skip


FROM_THE_FILE = re.compile(
    r"`[^`]*`|«[^»]*»|Есть: .*|\(.*\)|: [a-z → ]+\.$|\*b|YAML|Jinja|JSON|U\+\S+|tag:\S+|\bid\b|a–z|true|false"
)


@pytest.fixture
def files(tmp_path: Path) -> RoleFiles:
    for name in ("poet", "clerk"):
        (tmp_path / f"{name}.yaml").write_text(BASE, encoding="utf-8")
    (tmp_path / "empty.md").touch()
    (tmp_path / "broken.yaml").write_text("name: [\n", encoding="utf-8")
    return RoleFiles(tmp_path, RoleLibrary([tmp_path]))


@pytest.mark.parametrize(("text", "line", "said"), WRONG, ids=[said for _, _, said in WRONG])
def test_what_is_wrong_with_a_role_is_said_in_russian_and_where(
    files: RoleFiles, text: str, line: int | None, said: str
) -> None:
    problem = files.check("poet", text, ["chatml"], ["think"]).problems[0]
    russian, english = describe_error(problem, "ru"), describe_error(problem, "en")
    assert said in russian and problem.line == line
    assert is_told(problem, "ru") and english.startswith(problem.message)
    assert not re.search("[A-Za-z]{2,}", FROM_THE_FILE.sub("", russian))


def test_a_parent_that_is_broken_itself(files: RoleFiles, tmp_path: Path) -> None:
    (tmp_path / "child.yaml").write_text("extends: broken\nname: Дитя\n", encoding="utf-8")
    assert "сначала исправьте её" in describe_error(files.library.errors()["child"], "ru")


def test_every_kind_that_is_known_is_reached(files: RoleFiles) -> None:
    reached = {files.check("poet", text, ["chatml"], ["think"]).problems[0].kind for text, _, _ in WRONG}
    page = {"role gone", "not own", "taken", "card no json", "no card", "no card in png", "png cut", "broken parent"}
    page |= {kind for kind in RUSSIAN if kind.startswith("is ")}  # files that are no cards: tests/cards/test_books.py
    same = {"list_type", "dict_type", "int_type"}  # pydantic's other names for what is tried above
    assert set(RUSSIAN) - page - same <= reached, sorted(set(RUSSIAN) - page - same - reached)
    for pattern in (*RUSSIAN.values(), *YAML.values()):
        list(Formatter().parse(pattern))


def test_what_nobody_has_translated_is_said_as_it_is() -> None:
    error = SettingsError("Cannot be written: no space.", hint="Make room.")
    assert describe_error(error, "ru") == describe_error(error, "en") == "Cannot be written: no space. Make room."
    assert not is_told(error, "ru") and is_told(error, "en")
    odd = RoleError("Is not valid YAML: a new complaint.", kind="not yaml", values={"problem": "a new complaint"})
    assert describe_error(odd, "ru") == "Это не YAML: a new complaint."


def test_of_a_thousand_roles_not_all_are_named() -> None:
    known = [f"role-{number}" for number in range(1000)]
    error = RoleError("No.", hint=f"Known: {known}", kind="no role", values={"word": "role-77x", "known": known})
    assert (
        describe_error(error, "ru") == "Нет роли `role-77x`. Может быть, `role-77`?"
        and describe_error(error, "en") == "No."
    )


def test_the_place_in_the_file() -> None:
    error = RoleError("Bad.", path="/home/me/poet.yaml", line=3)
    assert in_file(error, "ru", "poet") == "poet.yaml:3: Bad."
