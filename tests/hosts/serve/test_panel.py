"""The panel in `serve`, in a headless Chromium on the program and the embedded model."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from role_engine.embedded import DEMO_QUESTIONS
from role_engine.hosts.serve.chat_page.gradio_import import import_gradio
from tests.hosts.serve.browsing import REPLY, ROLE, STATUS, USER, Page, new_page
from tests.hosts.serve.embedded_server import Answer, embedded_server

try:
    import_gradio()
except ImportError as error:
    pytest.skip(f"the page needs gradio (the `serve` extra): {error}", allow_module_level=True)
pytestmark = [pytest.mark.timeout(400), pytest.mark.filterwarnings("ignore")]  # of gradio, about what lies below it

QUIET = "sampling: {temperature: 0, max_new_tokens: 40}\n"
ROLES = {
    "aa-quiet": f"name: Аист\ndescription: Первая роль.\nextends: poet\n{QUIET}",
    "ab-quiet": f"name: Бобёр\nextends: agi-engineer\n{QUIET}",
}


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[str, Path]]:
    with embedded_server("--parallel", "2", roles=ROLES, home=True) as (url, home):
        yield url, home


@pytest.fixture
def tab(browser: Any, served: tuple[str, Path]) -> Iterator[Page]:
    page = new_page(browser, served[0]).open()
    yield page
    assert page.complaints == []
    page.page.context.close()


def opened(page: Page, role: str, view: str = "") -> None:
    """The tab, a role in it, and one of its views."""
    page.page.get_by_role("tab", name="Role Engine").click()
    page.pick_role(role)
    if view:
        page.page.get_by_role("tab", name=view, exact=True).click()


def says(page: Page, element: str, text: str) -> None:
    page.page.wait_for_function(
        "([id, text]) => document.getElementById(id)?.innerText.includes(text)", arg=[element, text]
    )


def test_the_status_tells_what_the_guard_did_and_the_filter_can_be_left_out(tab: Page) -> None:
    tab.choose(ROLE, "Аист")
    says(tab, "role-engine-about", "Первая роль.")
    tab.send(DEMO_QUESTIONS[0])
    says(tab, STATUS, " ток.")
    assert re.match(r"чисто · |отклонено \d+ фрагмент", tab.page.inner_text(f"#{STATUS}"))
    tab.page.click("#role-engine-unfiltered")
    says(tab, STATUS, "без проверки")
    assert tab.page.locator(USER).all_inner_texts() == [DEMO_QUESTIONS[0]]
    tab.page.click("#role-engine-again")
    says(tab, STATUS, " ток.")


def test_a_question_is_changed_and_chats_are_kept_apart(tab: Page) -> None:
    tab.choose(ROLE, "Аист")
    tab.send(DEMO_QUESTIONS[0])
    says(tab, STATUS, " ток.")
    tab.page.click("#role-engine-edit-last")
    tab.page.wait_for_function(
        "text => document.querySelector('#role-engine-message textarea').value === text", arg=DEMO_QUESTIONS[0]
    )
    tab.send(DEMO_QUESTIONS[1])
    tab.page.wait_for_function("s => document.querySelector(s)?.innerText.trim()", arg=USER)
    says(tab, STATUS, " ток.")
    assert tab.page.locator(USER).all_inner_texts() == [DEMO_QUESTIONS[1]]

    tab.page.click("#role-engine-new-chat")
    tab.page.wait_for_function("s => !document.querySelector(s)", arg=USER)
    tab.page.locator("#role-engine-chats input").click()
    tab.page.locator("#role-engine-chats").get_by_role("option").first.click()
    tab.page.wait_for_selector(USER)
    assert tab.page.locator(USER).all_inner_texts() == [DEMO_QUESTIONS[1]]


def test_two_browsers_with_two_roles_do_not_mix(browser: Any, tab: Page, served: tuple[str, Path]) -> None:
    other = new_page(browser, served[0]).open()
    tab.choose(ROLE, "Аист")
    other.choose(ROLE, "Бобёр")
    for page, role in ((tab, "poet"), (other, "agi-engineer"), (tab, "poet")):
        page.page.click("#role-engine-clear")
        page.page.wait_for_function("s => !document.querySelector(s)", arg=USER)
        page.send(DEMO_QUESTIONS[0])
        says(page, STATUS, " ток.")
        assert Answer(page.page.locator(REPLY).last.inner_text(), {}).begins_as(role)
    for page, count in ((tab, 2), (other, 1)):
        page.page.get_by_role("tab", name="Role Engine").click()
        page.page.get_by_role("tab", name="Проверка").click()
        says(page, "role-engine-where", f"1–{count} из {count}")
    other.page.context.close()


def constraint(base: str) -> str:
    """How the model was held in a reply to a request that asks for nothing."""
    body = {"messages": [{"role": "user", "content": DEMO_QUESTIONS[0]}], "max_tokens": 20, "seed": 1}
    report = httpx.post(f"{base}/v1/chat/completions", json=body, timeout=60).json()["role_engine"]
    return str(report["constraint"])


def test_settings_are_kept_and_put_in_force(tab: Page, served: tuple[str, Path]) -> None:
    tab.page.get_by_role("tab", name="Role Engine").click()
    tab.page.get_by_role("tab", name="Настройки").click()
    assert constraint(served[0]) == "none"
    tab.choose("role-engine-set-role", "Аист")
    tab.choose("role-engine-set-decoder", "always")
    tab.page.click("#role-engine-save-settings")
    says(tab, "role-engine-settings-said", "settings.yaml")
    assert (served[1] / "settings.yaml").read_text("utf-8") == "role: aa-quiet\ndecoder: always\n"
    assert constraint(served[0]) == "mask"
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
        for folded in ("Поведение", "Тонкая настройка") if view == "Правка" else ():
            page.page.get_by_role("button", name=folded).click()
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
