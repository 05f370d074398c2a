"""The page itself, in a headless Chromium: enabled from the Session tab, a role picked, the user's settings untouched.

Needs `pip install playwright` and a Chromium (`ROLE_ENGINE_CHROMIUM`, else found on PATH).
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import yaml

from .host import Host, LaunchHost
from .oracle import foreign
from .roles_for_tests import ALPHA_REMINDER, ALPHA_SYSTEM, BETA_REMINDER, BETA_SYSTEM

ROLE, MODE, STATUS = "role-engine-role", "role-engine-mode", "role-engine-status"
SECONDS = 60_000  # Playwright counts in milliseconds

# Every text box of the page with its label: what the user typed, or what the host put there.
TEXT_BOXES = """() => Object.fromEntries([...document.querySelectorAll('label')]
    .filter(label => label.querySelector('textarea'))
    .map((label, i) => [i + ' ' + label.textContent.trim().slice(0, 60), label.querySelector('textarea').value]))"""


@dataclass
class Tab:
    """One browser session on the page."""

    page: Any
    host: Host
    errors: list[str] = field(default_factory=list)

    def open(self) -> Tab:
        """Load the page and wait until it can be used; a busy machine may need a second try."""
        assert self.host.page is not None
        for _ in range(4):
            try:
                self.page.goto(self.host.page)
                self.page.wait_for_selector("#chat-input textarea", state="visible", timeout=SECONDS / 3)
                self.page.wait_for_timeout(1500)  # the page fills its boxes after it is shown
                return self
            except Exception as error:
                last = error
                time.sleep(1)
        raise AssertionError(f"{last}\n{self.host.log_tail()}")

    def tab(self, name: str) -> None:
        self.page.get_by_role("tab", name=name, exact=True).first.click()

    def choose(self, box: str, label: str) -> None:
        self.page.locator(f"#{box} input").click()
        self.page.locator(f"#{box}").get_by_role("option", name=label, exact=True).click()
        self.page.wait_for_timeout(500)

    def send(self, text: str) -> tuple[str, list[str]]:
        """The reply as the page shows it, and the prompts that the model got for it."""
        mark = self.host.recording.mark()
        self.page.fill("#chat-input textarea", text)
        self.page.locator("#chat-input textarea").press("Enter")
        assert self.host.recording.wait_for_reply(mark, 60) is not None, self.host.log_tail()
        self.page.wait_for_timeout(1000)
        shown = self.page.locator("#chat .assistant-message .message-body").last.inner_text()
        return shown, self.host.recording.prompts(mark)

    def text_boxes(self) -> dict[str, str]:
        return self.page.evaluate(TEXT_BOXES)

    def apply_and_restart(self, *extensions: str) -> None:
        """Tick `extensions` in the Session tab and press the button; back when the new page stands."""
        self.tab("Session")
        for name in extensions:
            box = self.page.locator("#session-tab").get_by_label(name, exact=True)
            if not box.is_checked():
                box.check()
        before = self.host.pages_served
        self.page.get_by_role("button", name="Apply flags/extensions and restart").click()
        self.page.wait_for_selector("h1:has-text('Reloading...')")
        self.page.goto("about:blank")  # it would reload by itself 2.5 s later, ready or not
        limit = time.monotonic() + 60
        while self.host.pages_served == before:
            assert self.host.alive and time.monotonic() < limit, self.host.log_tail()
            time.sleep(0.2)
        self.open()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    api = pytest.importorskip("playwright.sync_api", reason="pip install playwright")
    named = os.environ.get("ROLE_ENGINE_CHROMIUM")
    chromium = named or next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        pytest.skip("no Chromium found: set ROLE_ENGINE_CHROMIUM")
    with api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        yield opened
        opened.close()


def new_tab(browser: Any, host: Host, locale: str = "ru-RU") -> Tab:
    """A session of its own: nothing shared with the others but the server."""
    tab = Tab(browser.new_context(viewport={"width": 1400, "height": 1000}, locale=locale).new_page(), host)
    tab.page.set_default_timeout(SECONDS / 2)
    tab.page.on("console", lambda message: tab.errors.append(message.text) if message.type == "error" else None)
    tab.page.on("pageerror", lambda error: tab.errors.append(str(error)))
    return tab.open()


@pytest.fixture(scope="module")
def host(hosts: LaunchHost, browser: Any) -> Host:
    """A webui with its page; the extension is installed, and was enabled by a click in the Session tab."""
    host = hosts("llama.cpp", "tiny-qwen3", nowebui=False, extensions=("recorder",))
    tab = new_tab(browser, host)
    assert tab.page.locator(f"#{ROLE}").count() == 0
    tab.apply_and_restart("role_engine")
    assert tab.page.locator(f"#{ROLE}").count() == 1, f"no panel after the restart\n{host.log_tail(80)}"
    tab.page.context.close()
    host.guarded = True
    return host


@pytest.fixture
def tab(browser: Any, host: Host) -> Iterator[Tab]:
    opened = new_tab(browser, host)
    yield opened
    opened.page.context.close()


def saved(host: Host) -> dict[str, Any]:
    time.sleep(1.5)  # the page saves by itself, a second after the last change
    file = host.user_data / "settings.yaml"
    return (yaml.safe_load(file.read_text("utf-8")) or {}) if file.exists() else {}


def test_the_panel_stands_under_the_chat(tab: Tab) -> None:
    for element in (ROLE, MODE, "role-engine-thinking"):
        assert tab.page.locator(f"#{element}").is_visible(), element
    assert tab.page.locator(f"#{STATUS}").count() == 1


def test_a_role_is_picked_and_answers(tab: Tab) -> None:
    tab.choose(ROLE, "Альфа")
    shown, prompts = tab.send("Расскажи о море.")
    assert shown.strip()
    assert foreign(shown) == []
    assert prompts[0].count(ALPHA_SYSTEM) == 1 and prompts[0].count(ALPHA_REMINDER) == 1, prompts[0]


def test_nothing_of_the_users_is_written_over(tab: Tab, host: Host) -> None:
    boxes, settings = tab.text_boxes(), saved(host)
    tab.choose(ROLE, "Альфа")
    tab.choose(MODE, "строго: только кириллица")
    tab.send("Расскажи о море.")
    tab.page.reload()
    tab.open()
    after = tab.text_boxes()
    assert {key: value for key, value in after.items() if boxes.get(key) != value} == {}
    assert not [key for key, value in after.items() if ALPHA_SYSTEM in value or ALPHA_REMINDER in value]
    assert saved(host) == settings

    tab.choose(ROLE, "Альфа")
    _, prompts = tab.send("А теперь о горах.")
    assert prompts[0].count(ALPHA_SYSTEM) == 1, prompts[0]
    assert prompts[0].count(ALPHA_REMINDER) == 1, prompts[0]


def test_a_reload_does_not_keep_the_last_sessions_role_for_everyone(browser: Any, tab: Tab, host: Host) -> None:
    tab.choose(ROLE, "Альфа")
    tab.send("Расскажи о море.")
    other = new_tab(browser, host)
    _, prompts = other.send("Кто ты?")
    other.page.context.close()
    assert ALPHA_SYSTEM not in prompts[0], "another session got the role that the first one picked"


def test_two_sessions_with_two_roles_do_not_mix(browser: Any, tab: Tab, host: Host) -> None:
    other = new_tab(browser, host)
    tab.choose(ROLE, "Альфа")
    other.choose(ROLE, "Бета")
    for round_ in range(2):
        _, of_alpha = tab.send(f"Вопрос альфе, {round_}.")
        _, of_beta = other.send(f"Вопрос бете, {round_}.")
        for prompt in of_alpha:
            assert ALPHA_SYSTEM in prompt and BETA_SYSTEM not in prompt and BETA_REMINDER not in prompt
        for prompt in of_beta:
            assert BETA_SYSTEM in prompt and ALPHA_SYSTEM not in prompt and ALPHA_REMINDER not in prompt
    other.page.context.close()


def test_mode_of_the_panel_goes_before_the_roles(tab: Tab) -> None:
    tab.choose(ROLE, "Бета")  # off by itself
    tab.choose(MODE, "строго: только кириллица")
    for question in ("Раз.", "Два.", "Три.", "Четыре."):
        assert foreign(tab.send(question)[0]) == []


def test_regenerate_and_continue(tab: Tab, host: Host) -> None:
    tab.choose(ROLE, "Альфа")
    tab.send("Расскажи о море.")
    for action in ("Regenerate", "Continue"):
        mark = host.recording.mark()
        tab.page.evaluate("id => document.querySelector('#' + id).click()", action)
        assert host.recording.wait_for_reply(mark, 60) is not None, action
        tab.page.wait_for_timeout(1000)
        prompt = host.recording.prompts(mark)[0]
        assert prompt.count(ALPHA_SYSTEM) == 1 and prompt.count(ALPHA_REMINDER) == 1, (action, prompt)
        assert foreign(tab.page.locator("#chat .assistant-message .message-body").last.inner_text()) == []


def test_the_stop_button(tab: Tab, host: Host) -> None:
    tab.choose(ROLE, "Упрямая")
    mark = host.recording.mark()
    tab.page.fill("#chat-input textarea", "Расскажи о море.")
    tab.page.locator("#chat-input textarea").press("Enter")
    limit = time.monotonic() + 30
    while not host.recording.runs(mark) and time.monotonic() < limit:
        time.sleep(0.02)
    tab.page.evaluate("() => document.querySelector('#stop').click()")
    assert host.recording.wait_for_reply(mark, 10) is not None, "still at work 10 s after the stop button"


def test_it_survives_a_second_restart(tab: Tab, host: Host) -> None:
    tab.apply_and_restart()
    assert tab.page.locator(f"#{ROLE}").count() == 1
    tab.choose(ROLE, "Альфа")
    shown, prompts = tab.send("Расскажи о море.")
    assert foreign(shown) == []
    assert prompts[0].count(ALPHA_SYSTEM) == 1 and prompts[0].count(ALPHA_REMINDER) == 1, prompts[0]
    answer = host.client.post(
        "/v1/chat/completions",
        json={
            "messages": [{"role": "user", "content": "Кто ты?"}],
            "max_tokens": 20,
            "role_engine": {"role": "test-alpha"},
        },
    ).json()
    assert answer["role_engine"]["role"] == "test-alpha", "the API lost the extension on the restart"
    assert "Traceback" not in host.log.read_text("utf-8", "replace")


def test_unticked_it_leaves_the_host_alone(tab: Tab, host: Host) -> None:
    tab.tab("Session")
    tab.page.locator("#session-tab").get_by_label("role_engine", exact=True).uncheck()
    tab.apply_and_restart()
    assert tab.page.locator(f"#{ROLE}").count() == 0
    answer = host.client.post(
        "/v1/chat/completions",
        json={
            "messages": [{"role": "user", "content": "Кто ты?"}],
            "max_tokens": 20,
            "role_engine": {"role": "no-such-role"},
        },
    )
    assert answer.status_code == 200 and "role_engine" not in answer.json()
    assert host.client.get("/v1/role-engine/roles").status_code == 404
    shown, _ = tab.send("Расскажи о море.")
    assert shown.strip()
    tab.apply_and_restart("role_engine")
    assert tab.page.locator(f"#{ROLE}").count() == 1


def test_the_console_shows_no_error_of_ours(tab: Tab) -> None:
    tab.choose(ROLE, "Альфа")
    tab.send("Расскажи о море.")
    tab.choose(ROLE, "Бета")
    ours = [error for error in tab.errors if "role-engine" in error or "role_engine" in error or "rror at" in error]
    assert not ours, ours
