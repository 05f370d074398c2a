"""A headless Chromium, and one browser session on a page that has the panel.

Needs `pip install playwright` and a Chromium (`ROLE_ENGINE_CHROMIUM`, else found on PATH).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

ROLE, MODE, STATUS = "role-engine-role", "role-engine-mode", "role-engine-status"


@contextmanager
def chromium(*arguments: str) -> Iterator[Any]:
    """The browser, as Playwright has it; `arguments` are more of its command line."""
    api = pytest.importorskip("playwright.sync_api", reason="pip install playwright")
    named = os.environ.get("ROLE_ENGINE_CHROMIUM")
    found = named or next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        pytest.skip("no Chromium found: set ROLE_ENGINE_CHROMIUM")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", *arguments]
        )
        try:
            yield browser
        finally:
            browser.close()


class Session:
    """A browser session of its own: it shares nothing with the others but the server.

    Attributes:
        page: the tab, as Playwright has it.
        complaints: the errors that its console showed.
    """

    def __init__(self, browser: Any, *, width: int, height: int, locale: str, timeout: float) -> None:
        self.page = browser.new_context(viewport={"width": width, "height": height}, locale=locale).new_page()
        self.page.set_default_timeout(timeout)
        self.complaints: list[str] = []
        self.page.on("console", lambda said: self._note(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def choose(self, box: str, label: str) -> None:
        """Take an entry of a dropdown."""
        self.page.locator(f"#{box} input").click()
        self.page.locator(f"#{box}").get_by_role("option", name=label, exact=True).click()

    def pick_role(self, role: str) -> None:
        """In the tab «Role Engine»: search for a role and open it, once the list that was found stands: a click on a
        button that is just being replaced by its like is lost."""
        self.page.wait_for_selector("#role-engine-list button")
        box = self.page.locator("#role-engine-search textarea, #role-engine-search input")
        if box.input_value() != role:
            with self.page.expect_response(lambda response: "/run/" in response.url):
                box.fill(role)
            self.page.wait_for_timeout(300)
        self.page.locator(f"#role-engine-list [data-role={role}]").click()
        self.page.wait_for_selector("#role-engine-seen pre")

    def _note(self, text: str) -> None:
        self.complaints.append(text)
