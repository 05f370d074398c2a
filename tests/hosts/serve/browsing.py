"""A headless Chromium on the page of `serve`.

Needs `pip install playwright` and a Chromium (`ROLE_ENGINE_CHROMIUM`, else found on PATH).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

ROLE, MODE, STATUS = "role-engine-role", "role-engine-mode", "role-engine-status"
REPLY, USER = (f"#role-engine-chat [data-testid='{who}']" for who in ("bot", "user"))
MILLISECONDS = 60_000


@contextmanager
def chromium() -> Iterator[Any]:
    """The browser, as Playwright has it."""
    api = pytest.importorskip("playwright.sync_api", reason="pip install playwright")
    named = os.environ.get("ROLE_ENGINE_CHROMIUM")
    found = named or next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        pytest.skip("no Chromium found: set ROLE_ENGINE_CHROMIUM")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        try:
            yield browser
        finally:
            browser.close()


def new_page(browser: Any, base: str, locale: str = "ru-RU") -> Page:
    """A browser session of its own."""
    page = browser.new_context(locale=locale, viewport={"width": 1280, "height": 900}).new_page()
    page.set_default_timeout(MILLISECONDS)
    return Page(page, base)


@dataclass
class Page:
    """One browser session on the page, and what its console complained of."""

    page: Any
    base: str
    complaints: list[str] = field(default_factory=list)
    session: str = ""

    def open(self) -> Page:
        """Open the page; it can be used when the server has told it what there is."""
        self.begin()
        self.page.wait_for_selector(f"#{ROLE} input:enabled")
        return self

    def begin(self) -> None:
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto(self.base)
        self.page.wait_for_selector(f"#{ROLE} input", state="visible")

    def _note(self, said: Any) -> None:
        """Errors, but for the script that gradio's page wants from elsewhere and that the server's policy refuses."""
        if said.type == "error" and not ("cdnjs" in said.text and "Content Security Policy" in said.text):
            self.complaints.append(said.text)

    def choose(self, box: str, label: str) -> None:
        self.page.locator(f"#{box} input").click()
        self.page.locator(f"#{box}").get_by_role("option", name=label, exact=True).click()

    def send(self, text: str) -> None:
        self.page.fill("#role-engine-message textarea", text)
        self.page.locator("#role-engine-message textarea").press("Enter")

    def greeted(self) -> None:
        """The role greets, before anything is said: reply number 0."""
        self.page.wait_for_function("s => document.querySelector(s)?.innerText.trim()", arg=REPLY)

    def reply(self, number: int) -> str:
        """The n-th reply, when the status says that it has ended, and of how many tokens it is."""
        self.page.wait_for_function(
            """([selector, status, number]) => document.querySelectorAll(selector).length > number
                && document.querySelector(status).innerText.includes(' ток.')""",
            arg=[REPLY, f"#{STATUS}", number],
        )
        return str(self.page.locator(REPLY).nth(number).inner_text())
