"""The page of a real webui in a headless Chromium."""

from __future__ import annotations

import time
from typing import Any

from tests.browser import MODE, ROLE, STATUS, Session, chromium

from .host import Host

__all__ = ["MODE", "ROLE", "SECONDS", "STATUS", "Tab", "chromium", "new_tab"]

SECONDS = 60_000  # Playwright counts in milliseconds
CHOSEN_MODE = "#chat-mode input:checked"

# Every text box of the page with its label: what the user typed, or what the host put there.
TEXT_BOXES = """() => Object.fromEntries([...document.querySelectorAll('label')]
    .filter(label => label.querySelector('textarea'))
    .map((label, i) => [i + ' ' + label.textContent.trim().slice(0, 60), label.querySelector('textarea').value]))"""


class Tab(Session):
    """One browser session on the page."""

    def __init__(self, browser: Any, host: Host, locale: str) -> None:
        super().__init__(browser, width=1400, height=1000, locale=locale, timeout=SECONDS / 2)
        self.host = host

    def open(self) -> Tab:
        """Load the page and wait until it can be used; a busy machine may need a second try."""
        assert self.host.page is not None
        for _ in range(4):
            try:
                self.page.goto(self.host.page)
                self.page.wait_for_selector("#chat-input textarea", state="visible", timeout=SECONDS / 3)
                self._wait_for_mode()
                if self.page.locator(f"#{ROLE}").count():
                    self.page.wait_for_selector(f"#{ROLE} input:enabled", timeout=SECONDS / 3)
                return self
            except Exception as error:
                last = error
                time.sleep(1)
        raise AssertionError(f"{last}\n{self.host.log_tail()}")

    def _wait_for_mode(self) -> None:
        """The page fills its boxes after it is shown. What is sent before has no mode: the host then remembers none,
        and shows this page and every later one in the style of its mode `chat`. On a busy machine its own auto-save,
        which is set off by the boxes' first values, does the same (with us or without): then a mode is chosen by hand.
        """
        try:
            self.page.wait_for_selector(CHOSEN_MODE, state="attached", timeout=SECONDS / 6)
        except Exception:
            self.page.evaluate("() => document.querySelector('#chat-mode input[value=instruct]').click()")
            self.page.wait_for_selector(CHOSEN_MODE, state="attached")
            self.page.wait_for_timeout(1000)

    def tab(self, name: str) -> None:
        self.page.get_by_role("tab", name=name, exact=True).first.click()

    def choose(self, box: str, label: str) -> None:
        super().choose(box, label)
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


def new_tab(browser: Any, host: Host, locale: str = "ru-RU") -> Tab:
    """A browser session of its own, on the page."""
    return Tab(browser, host, locale).open()
