"""A headless Chromium on the page of `serve`."""

from __future__ import annotations

from typing import Any

from tests.browser import MODE, ROLE, STATUS, Session, chromium

__all__ = ["MODE", "REPLY", "ROLE", "STATUS", "USER", "Page", "chromium", "new_page"]

REPLY, USER = (f"#role-engine-chat [data-testid='{who}']" for who in ("bot", "user"))
MILLISECONDS = 60_000


def new_page(browser: Any, base: str, locale: str = "ru-RU") -> Page:
    """A browser session of its own."""
    return Page(browser, base, locale)


class Page(Session):
    """One browser session on the page."""

    def __init__(self, browser: Any, base: str, locale: str) -> None:
        super().__init__(browser, width=1280, height=900, locale=locale, timeout=MILLISECONDS)
        self.base = base
        self.session = ""

    def open(self) -> Page:
        """Open the page; it can be used when the server has told it what there is."""
        self.begin()
        self.page.wait_for_selector(f"#{ROLE} input:enabled")
        return self

    def begin(self) -> None:
        self.page.goto(self.base)
        self.page.wait_for_selector(f"#{ROLE} input", state="visible")

    def _note(self, text: str) -> None:
        """Errors, but for the script that gradio's page wants from elsewhere and that the server's policy refuses."""
        if not ("cdnjs" in text and "Content Security Policy" in text):
            super()._note(text)

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
