"""The page of a real webui in a headless Chromium.

Needs `pip install playwright` and a Chromium (`ROLE_ENGINE_CHROMIUM`, else found on PATH).
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from .host import Host

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
                # The page fills its boxes after it is shown. A message that is sent before has no mode: the host then
                # shows this and every later page in the style of its mode `chat`.
                self.page.wait_for_selector("#chat-mode input:checked", state="attached", timeout=SECONDS / 3)
                if self.page.locator(f"#{ROLE}").count():
                    self.page.wait_for_selector(f"#{ROLE} input:enabled", timeout=SECONDS / 3)
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


@contextmanager
def chromium() -> Iterator[Any]:
    """The browser, as Playwright has it."""
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
