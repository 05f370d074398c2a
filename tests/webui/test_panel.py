"""The panel in the real webui: status, a reply without the filter, roles edited on the page, browsers, a restart."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import yaml

from role_engine.bench.replies.oracle import name_foreign

from .browsing import MODE, ROLE, STATUS, Tab, new_tab
from .host import Host, LaunchHost, needs_looking_up
from .roles_for_tests import ALPHA_SYSTEM, BETA_SYSTEM

MOST_ADDED = 30_000  # bytes that the panel may add to the page
VIEWS = ("Знания", "Правка", "Новая, копия, карточки", "Проверка", "Модель", "Настройки")


@pytest.fixture(scope="module")
def host(hosts: LaunchHost) -> Host:
    return hosts("llama.cpp", "tiny-qwen3-wild", nowebui=False)


@pytest.fixture
def tab(browser: Any, host: Host) -> Iterator[Tab]:
    opened = new_tab(browser, host)
    yield opened
    ours = [error for error in opened.complaints if "role" in error or "rror at" in error]
    assert not ours, ours
    opened.page.context.close()


def says(tab: Tab, element: str, text: str) -> None:
    tab.page.wait_for_function(
        "([id, text]) => document.getElementById(id)?.innerText.includes(text)", arg=[element, text]
    )


def until(condition: Callable[[], Any]) -> None:
    limit = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < limit
        time.sleep(0.05)


def to_views(tab: Tab, role: str) -> None:
    """The tab «Role Engine», with a role in it."""
    tab.tab("Role Engine")
    tab.pick_role(role)


def test_each_reply_gets_its_status_and_can_be_shown_without_the_filter(tab: Tab, host: Host) -> None:
    tab.choose(ROLE, "Альфа")
    says(tab, "role-engine-about", "Роль для проверки подсказок.")
    tab.choose(MODE, "как русский редактор")
    lines = []
    for question in ("Расскажи о море.", "А о горах?", "А о реках?", "А о лесах?"):
        tab.send(question)
        says(tab, STATUS, "ток.")
        lines.append(tab.page.inner_text(f"#{STATUS}"))
    # The model writes foreign letters in nearly all of its replies.
    assert any(re.match(r"отклонено \d+ фрагмент\w*, потеряно \d+,\d+ с", line) for line in lines), lines

    mark = host.recording.mark()
    tab.page.click("#role-engine-unfiltered")
    until(lambda: host.recording.runs(mark))
    tab.page.wait_for_timeout(1500)
    tab.page.evaluate("() => document.querySelector('#stop').click()")  # it may go on to the context's end
    says(tab, STATUS, "без проверки")
    assert ALPHA_SYSTEM in host.recording.prompts(mark)[0], "the role stays, only the check is off"
    assert tab.page.locator("#chat .user-message").count() == len(lines), "it stands in the reply's place"
    assert name_foreign(tab.page.locator("#chat .assistant-message .message-body").last.inner_text())
    tab.choose(MODE, "строго: только кириллица")
    assert name_foreign(tab.send("А о горах?")[0]) == [], "the filter is off for that one reply"
    says(tab, STATUS, "ток.")


def test_an_edited_role_answers_at_once_and_broken_yaml_shows_its_line(tab: Tab, host: Host) -> None:
    host.write_role("edited", "name: Правленая\nsystem: Кодовое слово — липа.\nlanguage: {mode: strict}\n")
    to_views(tab, "edited")
    tab.page.click("#role-engine-use")
    says(tab, "role-engine-tab", "выбрана под чатом")
    tab.page.get_by_role("tab", name="Правка").click()
    box = tab.page.locator("#role-engine-yaml textarea")
    box.fill("name: Правленая\nsystem: [липа\n")
    says(tab, "role-engine-problems", "строка 3")
    tab.page.click("#role-engine-save")
    tab.page.wait_for_timeout(500)
    assert "липа.\n" in (host.user_data / "role_engine/roles/edited.yaml").read_text("utf-8")
    assert box.input_value().endswith("[липа\n")
    box.fill("name: Правленая\nsystem: Кодовое слово — ольха.\nlanguage: {mode: strict}\n")
    tab.page.click("#role-engine-save")
    says(tab, "role-engine-problems", "Сохранено")
    tab.tab("Chat")
    _, prompts = tab.send("Кто ты?")
    assert "ольха" in prompts[0] and "липа" not in prompts[0]


def test_settings_are_saved_and_used_and_what_the_webui_sets_stays(browser: Any, hosts: LaunchHost) -> None:
    set_by_webui = {"role_engine-decoder": "after_reject"}
    host = hosts("llama.cpp", "tiny-qwen3", nowebui=False, settings=set_by_webui)
    webuis_own = host.user_data / "settings.yaml"
    tab = new_tab(browser, host)
    to_views(tab, "test-alpha")
    tab.page.get_by_role("tab", name="Настройки").click()
    says(tab, "role-engine-settings", "Задано в settings.yaml веб-интерфейса, и это сильнее: decoder")
    decoder = tab.page.locator("#role-engine-set-decoder input")
    assert decoder.is_disabled() and decoder.input_value() == "after_reject"
    tab.choose("role-engine-set-role", "Бета")
    tab.choose("role-engine-set-page-language", "English")
    tab.page.click("#role-engine-save-settings")
    says(tab, "role-engine-settings-said", "settings.yaml")
    kept = host.user_data / "role_engine" / "settings.yaml"
    assert yaml.safe_load(kept.read_text("utf-8")) == {"role": "test-beta", "page_language": "en"}
    assert yaml.safe_load(webuis_own.read_text("utf-8"))["role_engine-decoder"] == "after_reject"
    tab.tab("Chat")
    _, prompts = tab.send("Кто ты?")
    assert BETA_SYSTEM in prompts[0] and ALPHA_SYSTEM not in prompts[0]

    other = new_tab(browser, host)
    says(other, "role-engine-panel", "Reply language")
    other.choose(ROLE, "as in the settings (Бета)")
    for page in (tab, other):
        page.page.context.close()
    host.stop()


def test_the_guards_view_belongs_to_one_browser(browser: Any, tab: Tab, host: Host) -> None:
    other = new_tab(browser, host)
    tab.choose(ROLE, "Альфа")
    other.choose(ROLE, "Бета")
    _, of_alpha = tab.send("Вопрос альфе.")
    _, of_beta = other.send("Вопрос бете.")
    assert ALPHA_SYSTEM in of_alpha[0] and BETA_SYSTEM in of_beta[0]
    says(other, STATUS, "без проверки")
    for page, own, foreign_ in ((tab, "Вопрос альфе.", "Вопрос бете."), (other, "Вопрос бете.", "Вопрос альфе.")):
        page.tab("Role Engine")
        page.page.get_by_role("tab", name="Проверка").click()
        says(page, "role-engine-replies", own)
        assert foreign_ not in page.page.inner_text("#role-engine-replies")
    other.page.context.close()


def test_an_idle_panel_is_silent_and_adds_little_to_the_page(tab: Tab, hosts: LaunchHost, host: Host) -> None:
    asked: list[str] = []
    tab.page.on("request", lambda request: asked.append(request.url))
    for _ in range(20):  # the host saves what it has filled its boxes with
        asked.clear()
        tab.page.wait_for_timeout(1500)
        if not asked:
            break
    tab.page.wait_for_timeout(4000)
    assert not [url for url in asked if "/run/" in url or "/queue/" in url], asked
    with_panel = len(tab.page.request.get(f"{host.page}/config").body())
    without = hosts("llama.cpp", "tiny-qwen3-wild", nowebui=False, extensions=("recorder",))
    plain = len(tab.page.request.get(f"{without.page}/config").body())
    print(f"the panel adds {with_panel - plain} bytes to {plain}")
    assert 0 < with_panel - plain <= MOST_ADDED
    without.stop()


def prompt_of(tab: Tab, host: Host, question: str) -> str:
    """What the model gets for a question, whatever the page makes of the reply."""
    mark = host.recording.mark()
    tab.page.fill("#chat-input textarea", question)
    tab.page.locator("#chat-input textarea").press("Enter")
    assert host.recording.wait_for_reply(mark, 60) is not None
    return host.recording.prompts(mark)[0]


def test_an_index_is_built_in_sight_and_cancelled_and_masks_are_made_at_the_start(tab: Tab, host: Host) -> None:
    needs_looking_up()
    home = host.user_data / "role_engine"
    role = "name: Огородник\nsystem: Ты — огородник.\nlanguage: {mode: strict}\nknowledge: {files: [garden.md]}\n"
    beds = (f"На грядке номер {n} растёт капуста сорта {n}, {n * 7 % 1000} и {n * 13 % 1000}." for n in range(60_000))
    (home / "roles/garden.md").write_text("\n\n".join(beds), encoding="utf-8")
    host.write_role("gardener", role)
    tab.page.click("#role-engine-reload")
    tab.choose(ROLE, "Огородник")
    bar = tab.page.locator("#role-engine-work [role=progressbar]")
    bar.wait_for()
    tab.page.click("#role-engine-work-cancel")
    says(tab, "role-engine-work", "роль отвечает без своих файлов")
    tab.page.wait_for_timeout(500)  # as a person would: gradio closes its stream, and what begins just then gets none
    assert not [path for at in (home / "cache/knowledge").iterdir() for path in at.iterdir()], "nothing half-built"
    assert "Информация" not in prompt_of(tab, host, "Что растёт на грядке номер 7?")
    says(tab, STATUS, "без файлов роли")

    (home / "roles/garden.md").write_text("На грядке номер 7 растёт капуста.", encoding="utf-8")
    asked = prompt_of(tab, host, "Что растёт на грядке номер 7?")
    assert "Информация (garden.md): На грядке номер 7" in asked
    tab.page.wait_for_selector("#role-engine-work", state="hidden")

    to_views(tab, "gardener")
    tab.page.get_by_role("tab", name="Знания").click()
    says(tab, "role-engine-knowledge-facts", "построен, фрагментов: 1")
    tab.page.click("#role-engine-build-index")
    says(tab, "role-engine-index", "Указатель готов")
    tab.page.get_by_role("tab", name="Модель", exact=True).click()
    says(tab, "role-engine-masks-facts", "строго: только кириллица — готово за")
    tab.page.get_by_role("button", name="Добавить токены").wait_for()


def test_axe_finds_nothing_serious(tab: Tab) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="pip install axe-playwright-python").Axe()

    def serious(within: str) -> list[str]:
        return [
            f"{found['id']}: {node['html'][:160]}"
            for found in axe.run(tab.page, context=within).response["violations"]
            if found["impact"] in ("serious", "critical")
            for node in found["nodes"]
        ]

    for dark in (False, True):
        tab.page.evaluate("dark => document.body.classList.toggle('dark', dark)", dark)
        tab.tab("Chat")
        found = serious("#role-engine-panel")
        to_views(tab, "test-alpha")
        found += serious("#role-engine-tab")
        for view in VIEWS:
            tab.page.get_by_role("tab", name=view, exact=True).click()
            tab.page.wait_for_timeout(1000)
            found += serious("#role-engine-tab")
        assert not found, f"dark={dark}\n" + "\n".join(sorted(set(found)))
        tab.page.get_by_role("tab", name="Роли").click()
        tab.page.get_by_role("tab", name="Как это видит модель").click()


def test_a_restart_keeps_everything_working(tab: Tab, host: Host) -> None:
    tab.apply_and_restart()
    tab.choose(ROLE, "Альфа")
    _, prompts = tab.send("Расскажи о море.")
    assert prompts[0].count(ALPHA_SYSTEM) == 1
    says(tab, STATUS, "ток.")
    to_views(tab, "test-alpha")
    tab.page.get_by_role("tab", name="Проверка").click()
    says(tab, "role-engine-replies", "Расскажи о море.")
    assert "Traceback" not in host.log.read_text("utf-8", "replace")


@pytest.mark.parametrize(
    ("flags", "why"), [(("--multi-user",), "--multi-user"), (("--listen",), "--gradio-auth")], ids=["users", "listen"]
)
def test_where_others_come_in_files_cannot_be_changed(
    browser: Any, hosts: LaunchHost, flags: tuple[str, ...], why: str
) -> None:
    if "--listen" in flags:
        flags = (*flags, "--listen-host", "127.0.0.1")
    open_host = hosts("llama.cpp", "tiny-qwen3", nowebui=False, extra_args=flags)
    tab = new_tab(browser, open_host)
    to_views(tab, "test-alpha")
    says(tab, "role-engine-tab", why)
    tab.page.get_by_role("tab", name="Правка").click()
    assert tab.page.locator("#role-engine-save").is_disabled()
    assert tab.page.locator("#role-engine-yaml textarea").is_disabled()
    tab.page.context.close()
    open_host.stop()
