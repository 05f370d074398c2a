"""The chat page in a headless Chromium, on the program and the embedded model.

Needs `pip install playwright` and a Chromium (`ROLE_ENGINE_CHROMIUM`, else found on PATH).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pytest

from role_engine import LanguagePolicy, check
from role_engine.embedded import demo_questions
from role_engine.hosts.serve.gradio_import import import_gradio
from tests.hosts.serve.embedded_server import CLIENTS, Answer, ask_all_at_once, embedded_server

try:
    import_gradio()
except ImportError as error:
    pytest.skip(f"the page needs gradio (the `serve` extra): {error}", allow_module_level=True)
pytestmark = [pytest.mark.timeout(400), pytest.mark.filterwarnings("ignore")]  # of gradio, about what lies below it

ROLE_ID, NAME = "agi-engineer", "Тихий инженер"
QUIET = {"quiet-engineer": f"name: {NAME}\nextends: {ROLE_ID}\nsampling: {{temperature: 0}}\n"}
"""The page sends no seed, so the test's role draws nothing by lot."""

ROLE, MODE, STATUS = "role-engine-role", "role-engine-mode", "role-engine-status"
REPLY, USER = (f"#role-engine-chat [data-testid='{who}']" for who in ("bot", "user"))
MILLISECONDS = 60_000
NOTES = """selector => { window.seen = []; setInterval(() => {
    const last = [...document.querySelectorAll(selector)].pop();
    if (last && window.seen[window.seen.length - 1] !== last.innerText) window.seen.push(last.innerText);
}, 10); }"""
"""Notes down every text that the last reply had, while it grew."""


@dataclass
class Page:
    """One browser session on the page, and what its console complained of."""

    page: Any
    base: str
    complaints: list[str] = field(default_factory=list)

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


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    with embedded_server("--parallel", "3", roles=QUIET) as url:
        yield url


@pytest.fixture
def tab(base: str) -> Iterator[Page]:
    api = pytest.importorskip("playwright.sync_api", reason="pip install playwright")
    named = os.environ.get("ROLE_ENGINE_CHROMIUM")
    chromium = named or next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        pytest.skip("no Chromium found: set ROLE_ENGINE_CHROMIUM")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        page = browser.new_page()
        page.set_default_timeout(MILLISECONDS)
        yield Page(page, base)
        browser.close()


def test_what_the_page_is_told_late_undoes_no_choice(tab: Page) -> None:
    """What a page asks for when it opens comes after the first click, on a busy machine."""
    held: list[Any] = []
    tab.page.route("**/run/predict", lambda route: route.continue_() if held else held.append(route))
    tab.begin()
    assert tab.page.locator(f"#{ROLE} input").is_disabled()
    held[0].continue_()
    tab.choose(ROLE, NAME)
    tab.greeted()
    tab.send(demo_questions()[0])
    assert Answer(tab.reply(1), {}).begins_as(ROLE_ID)


def test_a_role_is_picked_and_its_reply_grows_until_it_is_done(tab: Page) -> None:
    tab.open()
    tab.choose(ROLE, NAME)
    tab.greeted()
    tab.choose(MODE, "строго: только кириллица")
    tab.page.evaluate(NOTES, REPLY)
    tab.send(demo_questions()[0])
    text = tab.reply(1)
    greeting, *seen = [said for said in tab.page.evaluate("window.seen") if said.strip()]
    assert len(seen) >= 4, greeting
    assert all(later.startswith(earlier.rstrip()) for earlier, later in pairwise(seen))
    assert Answer(text, {}).begins_as(ROLE_ID)
    assert check(text, LanguagePolicy(mode="strict")).ok

    tab.send(demo_questions()[1])
    assert tab.reply(2) != text
    assert tab.page.locator(USER).all_inner_texts() == list(demo_questions()[:2])
    assert tab.complaints == []


def test_it_talks_on_while_eight_clients_get_their_own_replies(tab: Page, base: str) -> None:
    tab.open()
    tab.choose(ROLE, NAME)
    tab.greeted()
    with ThreadPoolExecutor(1) as pool:
        others = pool.submit(ask_all_at_once, base)
        for number, question in enumerate(demo_questions()[:3], 1):
            tab.send(question)
            assert Answer(tab.reply(number), {}).begins_as(ROLE_ID)
        answers = others.result()
    assert [answer.report["role"] for _, answer in answers] == list(CLIENTS)
    assert sum(answer.begins_as(role) for role, answer in answers) >= len(CLIENTS) - 1
    assert not any(answer.begins_as(ROLE_ID) and role != "poet" for role, answer in answers)  # both may begin with «На»
    assert tab.complaints == []
