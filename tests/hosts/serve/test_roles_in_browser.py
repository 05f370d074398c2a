"""The view of roles in a headless Chromium: the form, the YAML, cards in and out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from role_engine import Role, RoleLibrary
from role_engine.cards import file_of, gather_export
from role_engine.hosts.serve.chat_page.gradio_import import import_gradio
from tests.hosts.serve.browsing import ROLE, STATUS, Page, new_page
from tests.hosts.serve.roles_page import (
    PageServer,
    download,
    page_server,
    save,
    says,
    to_role,
    upload,
    yaml_has,
)

try:
    import_gradio()
except ImportError as error:
    pytest.skip(f"the page needs gradio (the `serve` extra): {error}", allow_module_level=True)
pytestmark = [pytest.mark.timeout(300), pytest.mark.filterwarnings("ignore")]  # of gradio, about what lies below it

MORE = "Новая, копия, карточки"
KEEPER = """\
# Смотритель
name: Смотритель   # так в списке
extends: russian

system: |
  Ты — смотритель маяка.

examples:
  - user: Кто ты?
    assistant: Смотритель.

negative:
  - Не шути.      # никогда
  - Не пой.
language: {mode: strict}   # ни буквы латиницей
sampling:
  temperature: 0.5
  seed: 7
"""
ALICE = {
    "extends": "russian",
    "name": "Алиса Ли",
    "description": "Капитан.",
    "system": "Ты — капитан баржи.",
    "greeting": "Поднимайтесь!",
    "examples": [{"user": "Куда идём?", "assistant": "Вверх по реке."}],
    "reminder": "Коротко.",
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PageServer]:
    with page_server(tmp_path_factory.mktemp("page") / "home", {}) as running:
        yield running


@pytest.fixture
def tab(browser: Any, server: PageServer) -> Iterator[Page]:
    for path in server.roles.iterdir():
        path.unlink()
    server.write("keeper", KEEPER)
    page = new_page(browser, server.base).open()
    yield page
    assert page.complaints == []
    page.page.context.close()


@pytest.fixture(params=[("card-v3", ".png"), ("card-v2", ".json"), ("card-v3", ".charx"), ("webui", ".yaml")], ids=str)
def card(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Алиса as a card of each kind, made from a role."""
    to, suffix = request.param
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    (folder / "alice.yaml").write_text(json.dumps(ALICE, ensure_ascii=False), encoding="utf-8")
    (folder / "russian.yaml").write_text("name: Р\nsystem: Пиши по-русски.\n", encoding="utf-8")
    exported, _ = gather_export("alice", RoleLibrary([folder]))
    file = tmp_path / f"card{suffix}"
    file.write_bytes(file_of(exported, to, suffix))
    return file


def meaning(role: Role) -> dict[str, Any]:
    return role.model_dump(exclude={"path", "card", "id"})


FORMS = {".png": "card-v3 PNG", ".json": "card-v2 JSON", ".charx": "card-v3 charx", ".yaml": "webui YAML"}


def test_a_card_comes_in_goes_out_and_comes_in_as_the_same_role(
    tab: Page, server: PageServer, card: Path, tmp_path: Path
) -> None:
    from gradio.utils import get_upload_folder

    uploads = Path(get_upload_folder())
    left_before = set(uploads.rglob(card.name))
    to_role(tab, "keeper", MORE)
    upload(tab, card)
    says(tab, "role-engine-said", "«alisa-li» создана")
    assert set(uploads.rglob(card.name)) <= left_before, "the copy that the browser sent is gone"
    first = server.library.get("alisa-li")
    assert (first.name, first.greeting) == ("Алиса Ли", "Поднимайтесь!") and "капитан баржи" in first.system

    given = download(tab, FORMS[card.suffix], tmp_path)
    assert given.name == f"alisa-li{card.suffix}"
    before = server.all_files()
    upload(tab, given)
    says(tab, "role-engine-said", "Роль alisa-li уже есть.")
    assert server.all_files() == before, "an id that is taken is left alone"

    tab.page.fill("#role-engine-new-id input", "alisa-two")
    upload(tab, given)
    says(tab, "role-engine-said", "«alisa-two» создана")
    assert meaning(server.library.get("alisa-two")) == meaning(first)


def test_a_deleted_card_comes_in_again(tab: Page, server: PageServer, tmp_path: Path) -> None:
    card = tmp_path / "alice.json"
    card.write_text(json.dumps({"name": "Алиса", "description": "Капитан.", "first_mes": "Да."}), encoding="utf-8")
    to_role(tab, "keeper", MORE)
    upload(tab, card)
    says(tab, "role-engine-said", "создана")
    tab.page.get_by_role("tab", name="Правка").click()
    tab.page.click("#role-engine-delete")
    tab.page.click("#role-engine-sure")
    says(tab, "role-engine-problems", "roles-bin/alisa.")
    assert sorted(server.all_files()) == ["keeper.yaml"]
    assert len(list((server.home / "roles-bin").glob("alisa.*"))) == 2
    tab.page.get_by_role("tab", name=MORE).click()
    upload(tab, card)
    says(tab, "role-engine-said", "создана")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.png", b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR", "Картинка повреждена"),
        ("a.json", b'{"spec": "chara_card_v2",\n oops', "ошибка в строке 2"),
        ("a.charx", b"PK\x03\x04 oops", "Карточка не принята: The archive cannot be read"),
    ],
)
def test_a_broken_card_is_one_message_and_nothing_is_lost(
    tab: Page, server: PageServer, tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    (tmp_path / name).write_bytes(content)
    to_role(tab, "keeper", "Правка")
    tab.page.fill("#role-engine-field-greeting textarea", "Не сохранено.")
    yaml_has(tab, "greeting: Не сохранено.")
    tab.page.get_by_role("tab", name=MORE).click()
    upload(tab, tmp_path / name)
    says(tab, "role-engine-said", said)
    assert tab.page.locator("#role-engine-said p").count() == 1
    assert server.all_files() == {"keeper.yaml": KEEPER.encode()}
    tab.page.get_by_role("tab", name="Правка").click()
    yaml_has(tab, "greeting: Не сохранено.")


def test_what_was_given_out_goes_with_the_next_export_and_with_the_page(
    browser: Any, tab: Page, server: PageServer, tmp_path: Path
) -> None:
    page = new_page(browser, server.base).open()
    to_role(page, "keeper", MORE)

    def given_out() -> list[str]:
        links = page.page.locator("#role-engine-card-file a[download]")
        return [str(links.nth(number).get_attribute("href")) for number in range(links.count())]

    download(page, "card-v2 JSON", tmp_path)
    (first,) = given_out()
    download(page, "card-v3 PNG", tmp_path)
    (second,) = given_out()
    ours = {"sec-fetch-site": "same-origin"}
    assert tab.page.request.get(first, headers=ours).status == 404 or first == second
    assert tab.page.request.get(second, headers=ours).ok
    page.page.context.close()
    tab.page.wait_for_function(
        "async address => !(await fetch(address, {cache: 'no-store'})).ok", arg=second, polling=200
    )
    tab.complaints.clear()  # of the file that is not there


def test_roles_are_made_copied_and_deleted_into_the_bin(tab: Page, server: PageServer) -> None:
    to_role(tab, "keeper", MORE)
    tab.page.fill("#role-engine-new-id input", "keeper")
    tab.page.click("#role-engine-new")
    says(tab, "role-engine-said", "Роль keeper уже есть")
    assert server.text("keeper") == KEEPER
    for name, button, text in (("made-here", "new", 'name: "Сделана"'), ("copied-here", "copy", 'name: "Сделана"')):
        tab.page.get_by_role("tab", name=MORE).click()
        tab.page.fill("#role-engine-new-id input", name)
        tab.page.fill("#role-engine-new-name input", "Сделана")
        tab.page.click(f"#role-engine-{button}")
        says(tab, "role-engine-said", f"{name}.yaml")
        yaml_has(tab, text)
        assert text in server.text(name)
    tab.page.click("#role-engine-delete")
    tab.page.click("#role-engine-sure")
    says(tab, "role-engine-problems", "roles-bin/copied-here")
    assert sorted(server.all_files()) == ["keeper.yaml", "made-here.yaml"]
    (kept,) = (server.home / "roles-bin").glob("copied-here.*")
    assert "Сделана" in kept.read_text("utf-8")


def test_the_form_changes_the_file_key_by_key_and_the_next_reply(tab: Page, server: PageServer) -> None:
    to_role(tab, "keeper", "Правка")
    box = tab.page.fill
    box("#role-engine-field-system textarea", "Ты — хранитель огня.\nТы считаешь суда.")
    box("#role-engine-field-description input", "Хранит огонь.")
    box("#role-engine-field-negative textarea", "Не шути.\nНе спорь.")
    tab.page.get_by_role("button", name="Поведение").click()
    box("#role-engine-field-language-allow input", "Python, Visual Studio")
    tab.choose("role-engine-field-language-mode", "как русский редактор")
    tab.choose("role-engine-field-thinking-default", "размышление")
    tab.page.get_by_role("checkbox", name="рекурсия").check()
    tab.page.get_by_role("button", name="Тонкая настройка").click()
    box("#role-engine-field-sampling-temperature input", "")
    box("#role-engine-field-sampling-top-p input", "0,9")
    tab.choose("role-engine-field-language-emoji", "нет")
    tab.choose("role-engine-field-language-emoji", "не задано")
    yaml_has(tab, "top_p: 0.9")
    yaml_has(tab, "modes: [recursion]")
    tab.page.get_by_role("checkbox", name="размышление", exact=True).check()
    save(tab)
    assert (
        server.text("keeper")
        == """\
# Смотритель
name: Смотритель   # так в списке
description: Хранит огонь.
extends: russian

system: |-
  Ты — хранитель огня.
  Ты считаешь суда.

examples:
  - user: Кто ты?
    assistant: Смотритель.

negative:
  - Не шути.      # никогда
  - Не спорь.
language: {mode: balanced, allow: [Python, Visual Studio]}   # ни буквы латиницей
thinking: {default: think, modes: [recursion, think]}
sampling:
  seed: 7
  top_p: 0.9
"""
    )
    assert "Ты считаешь суда." in tab.page.locator("#role-engine-seen").text_content()
    tab.choose("role-engine-field-thinking-default", "не задано")
    yaml_has(tab, "thinking: {modes")
    save(tab)
    tab.page.get_by_role("tab", name="Как это видит модель").click()
    tab.page.click("#role-engine-use")
    says(tab, "role-engine-view", "выбрана под чатом")
    tab.page.get_by_role("tab", name="Чат").click()
    tab.page.wait_for_function("id => document.querySelector(`#${id} input`).value === 'Смотритель'", arg=ROLE)
    tab.send("Привет.")
    says(tab, STATUS, " ток.")
    assert "Ты считаешь суда." in server.prompts[-1] and "❌ Не спорь." in server.prompts[-1]


def test_what_is_typed_last_is_saved_though_its_event_is_late(tab: Page, server: PageServer) -> None:
    to_role(tab, "keeper", "Правка")
    held: list[Any] = []

    def late(route: Any) -> None:
        """The events of the form's boxes stay on the way; what the click on «Сохранить» sends does not."""
        held.append(route) if len(json.loads(route.request.post_data)["data"]) == 2 else route.continue_()

    tab.page.route("**/run/predict*", late)
    tab.page.fill("#role-engine-field-greeting textarea", "Добрый вечер.")
    save(tab)
    assert "greeting: Добрый вечер.\n" in server.text("keeper")
    yaml_has(tab, "greeting: Добрый вечер.")
    assert len(held) == 1
    held[0].continue_()


def test_broken_yaml_shows_its_line_in_russian_and_nothing_is_lost(tab: Page, server: PageServer) -> None:
    to_role(tab, "keeper", "Правка")
    box = tab.page.locator("#role-engine-yaml textarea")
    for broken, said in (
        (KEEPER.replace("examples:", "examples"), "строка 9: Это не YAML: после ключа нет двоеточия"),
        (KEEPER.replace("mode: strict", "mode: stict"), "строка 15: language.mode: не может быть «stict»"),
        (KEEPER + "sistem: Ой.\n", "строка 19: Неизвестный ключ sistem. Может быть, system?"),
    ):
        box.fill(broken)
        says(tab, "role-engine-problems", said)
        tab.page.click("#role-engine-save")
        tab.page.wait_for_timeout(300)
        assert server.text("keeper") == KEEPER and box.input_value() == broken
        says(tab, "role-engine-problems", said)
    box.fill("name: [\n")
    says(tab, "role-engine-problems", "здесь должно стоять значение")
    assert tab.page.locator("#role-engine-field-name input").input_value() == "Смотритель"
    tab.page.fill("#role-engine-field-name input", "Иной")
    says(tab, "role-engine-problems", "сначала исправьте YAML")
    assert box.input_value() == "name: [\n"
    box.fill(KEEPER.replace("Смотритель ", "Третий "))
    says(tab, "role-engine-problems", "Ошибок нет")
    assert tab.page.locator("#role-engine-field-name input").input_value() == "Третий"
    save(tab)


def test_somebody_elses_newer_version_is_not_overwritten(browser: Any, tab: Page, server: PageServer) -> None:
    other = new_page(browser, server.base).open()
    for page in (tab, other):
        to_role(page, "keeper", "Правка")
    other.page.fill("#role-engine-field-greeting textarea", "От другого.")
    yaml_has(other, "От другого.")
    save(other)
    theirs = server.text("keeper")
    tab.page.fill("#role-engine-field-greeting textarea", "Моё.")
    yaml_has(tab, "greeting: Моё.")
    tab.page.click("#role-engine-save")
    says(tab, "role-engine-problems", "кто-то другой")
    assert server.text("keeper") == theirs
    yaml_has(tab, "greeting: Моё.")
    tab.page.click("#role-engine-revert")
    yaml_has(tab, "greeting: От другого.")
    other.page.context.close()


def test_what_a_box_cannot_hold_is_left_to_the_yaml(tab: Page, server: PageServer) -> None:
    server.write("odd", 'name: Иной\nsystem: Ты.\nlanguage: {allow: ["a, b"]}\nthinking: {modes: [mine]}\n')
    to_role(tab, "odd", "Правка")
    tab.page.get_by_role("button", name="Поведение").click()
    allow = tab.page.locator("#role-engine-field-language-allow input")
    modes = tab.page.locator("#role-engine-field-thinking-modes input")
    allow.wait_for()
    assert allow.is_disabled() and allow.get_attribute("placeholder") == "правится в YAML" and modes.first.is_disabled()
    box = tab.page.locator("#role-engine-yaml textarea")
    box.fill(box.input_value().replace("a, b", "ab").replace("mine", "think"))
    tab.page.wait_for_function("() => document.querySelector('#role-engine-field-language-allow input').value === 'ab'")
    assert allow.is_enabled() and not allow.get_attribute("placeholder")
    assert modes.first.is_enabled() and [modes.nth(number).is_checked() for number in range(2)] == [False, True]


def test_every_box_of_the_form_has_a_label_and_is_reached_by_tab(tab: Page) -> None:
    to_role(tab, "keeper", "Правка")
    for group in ("Поведение", "Тонкая настройка"):
        tab.page.get_by_role("button", name=group).click()
    tab.page.wait_for_selector("#role-engine-field-budget-max-share")
    boxes = tab.page.locator("#role-engine-form :is(input, textarea)")
    names = boxes.evaluate_all(
        "all => all.map(box => (box.getAttribute('aria-label') || box.closest('label')?.innerText || '').trim())"
    )
    assert len(names) > 30 and all(names), names
    tab.page.locator("#role-engine-field-name input").focus()
    reached = []
    for _ in names:
        reached.append(tab.page.evaluate("document.activeElement.closest('[id^=role-engine-field]')?.id"))
        tab.page.keyboard.press("Tab")
    assert len(dict.fromkeys(filter(None, reached))) > 25, reached
