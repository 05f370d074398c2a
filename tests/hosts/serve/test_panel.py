"""The panel in `serve`, in a headless Chromium on the program and the embedded model."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from role_engine.embedded import demo_questions
from role_engine.hosts.serve.gradio_import import import_gradio
from tests.hosts.serve.browsing import REPLY, ROLE, STATUS, USER, Page, chromium, new_page
from tests.hosts.serve.embedded_server import Answer, embedded_server

try:
    import_gradio()
except ImportError as error:
    pytest.skip(f"the page needs gradio (the `serve` extra): {error}", allow_module_level=True)
pytestmark = [pytest.mark.timeout(400), pytest.mark.filterwarnings("ignore")]  # of gradio, about what lies below it

MANY = 1000
QUIET = "sampling: {temperature: 0, max_new_tokens: 40}\n"
ROLES = {
    "aa-quiet": f"name: Аист\ndescription: Первая роль.\nextends: poet\n{QUIET}",
    "ab-quiet": f"name: Бобёр\nextends: agi-engineer\n{QUIET}",
    **{f"role-{n:04}": f"name: Роль {n}\nsystem: Ты — роль номер {n}.\n" for n in range(MANY)},
}
A_LOT = 60_000  # bytes; a thousand roles alone would be more than twice that


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[str, Path]]:
    with embedded_server("--parallel", "2", roles=ROLES, home=True) as (url, home):
        yield url, home


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as found:
        yield found


@pytest.fixture
def tab(browser: Any, served: tuple[str, Path]) -> Iterator[Page]:
    page = new_page(browser, served[0]).open()
    yield page
    assert page.complaints == []
    page.page.context.close()


def opened(page: Page, role: str, view: str = "") -> None:
    """The tab, a role in it, and one of its views."""
    page.page.get_by_role("tab", name="Role Engine").click()
    page.page.wait_for_selector("#role-engine-list button")
    page.page.fill("#role-engine-search textarea, #role-engine-search input", role)
    page.page.locator(f"#role-engine-list [data-role={role}]").click()
    page.page.wait_for_selector("#role-engine-seen pre")
    if view:
        page.page.get_by_role("tab", name=view, exact=True).click()


def says(page: Page, element: str, text: str) -> None:
    page.page.wait_for_function(
        "([id, text]) => document.getElementById(id)?.innerText.includes(text)", arg=[element, text]
    )


class Traffic:
    """What goes over the wire between two looks."""

    def __init__(self, page: Page) -> None:
        self.page, self.requests, self.bytes = page, 0, 0
        page.page.on("response", self._note)

    def _note(self, response: Any) -> None:
        if response.request.method == "POST":
            self.requests += 1
            self.bytes += len(response.request.post_data or "") + len(response.body())

    def since(self) -> tuple[int, int]:
        self.page.page.wait_for_timeout(300)
        seen = (self.requests, self.bytes)
        self.requests = self.bytes = 0
        return seen


def test_the_status_tells_what_the_guard_did_and_the_filter_can_be_left_out(tab: Page) -> None:
    tab.choose(ROLE, "Аист")
    says(tab, "role-engine-about", "Первая роль.")
    tab.send(demo_questions()[0])
    says(tab, STATUS, " ток.")
    assert re.match(r"чисто · |отклонено \d+ фрагмент", tab.page.inner_text(f"#{STATUS}"))
    tab.page.click("#role-engine-unfiltered")
    says(tab, STATUS, "без проверки")
    assert tab.page.locator(USER).all_inner_texts() == [demo_questions()[0]]
    tab.page.click("#role-engine-again")
    says(tab, STATUS, " ток.")


def test_a_question_is_changed_and_chats_are_kept_apart(tab: Page) -> None:
    tab.choose(ROLE, "Аист")
    tab.send(demo_questions()[0])
    says(tab, STATUS, " ток.")
    tab.page.click("#role-engine-edit-last")
    tab.page.wait_for_function(
        "text => document.querySelector('#role-engine-message textarea').value === text", arg=demo_questions()[0]
    )
    tab.send(demo_questions()[1])
    tab.page.wait_for_function("s => document.querySelector(s)?.innerText.trim()", arg=USER)
    says(tab, STATUS, " ток.")
    assert tab.page.locator(USER).all_inner_texts() == [demo_questions()[1]]

    tab.page.click("#role-engine-new-chat")
    tab.page.wait_for_function("s => !document.querySelector(s)", arg=USER)
    tab.page.locator("#role-engine-chats input").click()
    tab.page.locator("#role-engine-chats").get_by_role("option").first.click()
    tab.page.wait_for_selector(USER)
    assert tab.page.locator(USER).all_inner_texts() == [demo_questions()[1]]


def test_two_browsers_with_two_roles_do_not_mix(browser: Any, tab: Page, served: tuple[str, Path]) -> None:
    other = new_page(browser, served[0]).open()
    tab.choose(ROLE, "Аист")
    other.choose(ROLE, "Бобёр")
    for page, role in ((tab, "poet"), (other, "agi-engineer"), (tab, "poet")):
        page.page.click("#role-engine-clear")
        page.page.wait_for_function("s => !document.querySelector(s)", arg=USER)
        page.send(demo_questions()[0])
        says(page, STATUS, " ток.")
        assert Answer(page.page.locator(REPLY).last.inner_text(), {}).begins_as(role)
    for page, count in ((tab, 2), (other, 1)):
        page.page.get_by_role("tab", name="Role Engine").click()
        page.page.get_by_role("tab", name="Проверка").click()
        says(page, "role-engine-where", f"1–{count} из {count}")
    other.page.context.close()


def test_an_edited_role_is_used_at_once_and_broken_yaml_shows_its_line(tab: Page, served: tuple[str, Path]) -> None:
    file = served[1] / "roles" / "role-0007.yaml"
    opened(tab, "role-0007", "Правка")
    box = tab.page.locator("#role-engine-yaml textarea")
    broken = box.input_value() + "sistem: Ой.\n"
    box.fill(broken)
    says(tab, "role-engine-problems", "строка 3")
    tab.page.click("#role-engine-save")
    tab.page.wait_for_timeout(500)
    assert "sistem" not in file.read_text("utf-8") and box.input_value() == broken

    box.fill("name: Семёрка\nsystem: Ты — семёрка.\n")
    says(tab, "role-engine-problems", "Ошибок нет")
    tab.page.click("#role-engine-save")
    says(tab, "role-engine-problems", "Сохранено")
    assert "семёрка" in tab.page.locator("#role-engine-seen").text_content()

    file.write_text("name: Чужая\nsystem: Ты — чужая.\n", encoding="utf-8")
    box.fill("name: Моя\nsystem: Ты — моя.\n")
    tab.page.click("#role-engine-save")
    says(tab, "role-engine-problems", "кто-то другой")
    assert "Чужая" in file.read_text("utf-8") and "Моя" in box.input_value()

    tab.page.get_by_role("tab", name="Как это видит модель").click()
    tab.page.click("#role-engine-use")
    tab.page.get_by_role("tab", name="Чат").click()
    tab.page.wait_for_function("id => document.querySelector(`#${id} input`).value === 'Чужая'", arg=ROLE)


def test_a_role_is_edited_in_the_form(tab: Page, served: tuple[str, Path]) -> None:
    opened(tab, "role-0009", "Правка")
    tab.page.get_by_role("button", name="Главное — полями").click()
    tab.page.fill("#role-engine-field-system textarea", "Ты — девятка.\nТы считаешь.")
    tab.page.wait_for_function(
        "() => document.querySelector('#role-engine-yaml textarea').value.includes('  Ты считаешь.')"
    )
    tab.page.click("#role-engine-save")
    says(tab, "role-engine-problems", "Сохранено")
    text = (served[1] / "roles" / "role-0009.yaml").read_text("utf-8")
    assert text == "name: Роль 9\nsystem: |-\n  Ты — девятка.\n  Ты считаешь.\n"


def test_roles_are_made_copied_and_deleted_into_the_bin(tab: Page, served: tuple[str, Path]) -> None:
    home = served[1]
    opened(tab, "role-0003", "Новая, копия, карточки")
    for name, button in (("made-here", "new"), ("copied-here", "copy")):
        tab.page.get_by_role("tab", name="Новая, копия, карточки").click()
        tab.page.fill("#role-engine-new-id textarea, #role-engine-new-id input", name)
        tab.page.click(f"#role-engine-{button}")
        tab.page.wait_for_function("() => document.querySelector('#role-engine-yaml textarea')?.offsetParent")
        assert (home / "roles" / f"{name}.yaml").is_file()
    tab.page.click("#role-engine-delete")
    tab.page.click("#role-engine-sure")
    says(tab, "role-engine-problems", "roles-bin/copied-here")
    assert not (home / "roles" / "copied-here.yaml").exists()


def test_settings_are_kept_and_put_in_force(tab: Page, served: tuple[str, Path]) -> None:
    tab.page.get_by_role("tab", name="Role Engine").click()
    tab.page.get_by_role("tab", name="Настройки").click()
    tab.choose("role-engine-set-role", "Аист")
    tab.page.click("#role-engine-save-settings")
    says(tab, "role-engine-settings-said", "settings.yaml")
    assert (served[1] / "settings.yaml").read_text("utf-8") == "role: aa-quiet\n"
    tab.page.get_by_role("tab", name="Чат").click()
    tab.choose(ROLE, "как в настройках (Аист)")


def test_the_page_speaks_the_browsers_language_and_can_change_it(browser: Any, served: tuple[str, Path]) -> None:
    page = new_page(browser, served[0], locale="en-US").open()
    says(page, "role-engine-panel", "Reply language")
    says(page, "role-engine-send", "Send")
    page.page.get_by_role("tab", name="Role Engine").click()
    page.page.get_by_role("tab", name="Settings").click()
    page.choose("role-engine-language", "Русский")
    page.page.wait_for_selector("#role-engine-list button", state="attached")
    says(page, "role-engine-tab", "Найти роль")
    says(page, "role-engine-panel", "Язык ответа") if page.page.locator("#role-engine-panel").is_visible() else None
    assert page.complaints == []
    page.page.context.close()


def test_with_a_thousand_roles_each_action_sends_what_it_shows(tab: Page) -> None:
    page = tab.page
    html = page.request.get(tab.base).body()
    assert html.count(b"role-0") < 100, "the page itself lists them all"
    traffic = Traffic(tab)
    page.wait_for_timeout(3000)
    assert traffic.since() == (0, 0), "an idle panel asks for something"
    page.get_by_role("tab", name="Role Engine").click()
    page.wait_for_selector("#role-engine-list button")
    assert page.locator("#role-engine-list button").count() == 30
    page.fill("#role-engine-search textarea, #role-engine-search input", "роль 77")
    says(tab, "role-engine-list", "role-0077")
    page.locator("#role-engine-list [data-role=role-0077]").click()
    says(tab, "role-engine-seen", "роль номер 77")
    requests, sent = traffic.since()
    assert requests <= 6 and sent < A_LOT
    page.get_by_role("tab", name="Проверка").click()
    says(tab, "role-engine-replies", "ещё не было")
    assert traffic.since()[1] < 10_000


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(browser: Any, served: tuple[str, Path], scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="pip install axe-playwright-python").Axe()
    page = new_page(browser, f"{served[0]}/?__theme={scheme}").open()
    page.send("Что такое privet kak dela?")
    says(page, STATUS, " ток.")
    found = [*serious(axe, page, "#role-engine-panel")]
    opened(page, "aa-quiet")
    found += serious(axe, page, "#role-engine-tab")
    for view in ("Знания", "Правка", "Новая, копия, карточки", "Проверка", "Модель", "Настройки"):
        page.page.get_by_role("tab", name=view, exact=True).click()
        page.page.wait_for_timeout(800)
        found += serious(axe, page, "#role-engine-tab")
    assert not found, "\n".join(sorted(set(found)))
    page.page.context.close()


def serious(axe: Any, page: Page, within: str) -> list[str]:
    """What axe-core holds against our own elements, serious or worse."""
    results = axe.run(page.page, context=within).response
    return [
        f"{found['id']}: {node['html'][:160]}"
        for found in results["violations"]
        if found["impact"] in ("serious", "critical")
        for node in found["nodes"]
    ]
