"""The chat page in a headless Chromium, on the program and the embedded model.

Needs `pip install playwright` and a Chromium (`ROLE_ENGINE_CHROMIUM`, else found on PATH).
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import pytest

from role_engine import LanguagePolicy, check
from role_engine.embedded import DEMO_QUESTIONS
from role_engine.hosts.serve.chat_page.gradio_import import import_gradio
from tests.hosts.serve.browsing import MODE, REPLY, ROLE, USER, Page, chromium, new_page
from tests.hosts.serve.embedded_server import CLIENTS, Answer, ask_all_at_once, embedded_server

try:
    import_gradio()
except ImportError as error:
    pytest.skip(f"the page needs gradio (the `serve` extra): {error}", allow_module_level=True)
pytestmark = [pytest.mark.timeout(400), pytest.mark.filterwarnings("ignore")]  # of gradio, about what lies below it

ROLE_ID, NAME = "agi-engineer", "Тихий инженер"
QUIET = {"quiet-engineer": f"name: {NAME}\nextends: {ROLE_ID}\nsampling: {{temperature: 0}}\n"}
"""The page sends no seed, so the test's role draws nothing by lot."""

NOTES = """selector => { window.seen = []; new MutationObserver(() => {
    const last = [...document.querySelectorAll(selector)].pop();
    if (last && window.seen[window.seen.length - 1] !== last.innerText) window.seen.push(last.innerText);
}).observe(document.querySelector('#role-engine-chat'), {subtree: true, childList: true, characterData: true}); }"""
"""Notes down every text that the last reply had, while it grew, however busy the machine is."""


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    with embedded_server("--parallel", "3", roles=QUIET) as url:
        yield url


@pytest.fixture
def tab(base: str) -> Iterator[Page]:
    with chromium() as browser:
        yield new_page(browser, base)


def test_what_the_page_is_told_late_undoes_no_choice(tab: Page) -> None:
    """What a page asks for when it opens comes after the first click, on a busy machine."""
    held: list[Any] = []
    tab.page.route("**/run/predict", lambda route: route.continue_() if held else held.append(route))
    tab.begin()
    assert tab.page.locator(f"#{ROLE} input").is_disabled()
    held[0].continue_()
    tab.choose(ROLE, NAME)
    tab.greeted()
    tab.send(DEMO_QUESTIONS[0])
    assert Answer(tab.reply(1), {}).begins_as(ROLE_ID)


def test_a_role_is_picked_and_its_reply_grows_until_it_is_done(tab: Page) -> None:
    tab.open()
    tab.choose(ROLE, NAME)
    tab.greeted()
    tab.choose(MODE, "строго: только кириллица")
    tab.page.evaluate(NOTES, REPLY)
    tab.send(DEMO_QUESTIONS[0])
    text = tab.reply(1)
    greeting, *seen = [said for said in tab.page.evaluate("window.seen") if said.strip()]
    assert len(seen) >= 2, greeting
    assert all(later.startswith(earlier.rstrip()) for earlier, later in pairwise(seen))
    assert Answer(text, {}).begins_as(ROLE_ID)
    assert check(text, LanguagePolicy(mode="strict")).ok

    tab.send(DEMO_QUESTIONS[1])
    assert tab.reply(2) != text
    assert tab.page.locator(USER).all_inner_texts() == list(DEMO_QUESTIONS[:2])
    assert tab.complaints == []


def test_the_end_of_the_chat_is_in_sight_unless_the_reader_has_scrolled_up(tab: Page) -> None:
    def from_end() -> float:
        return float(
            tab.page.evaluate(
                "() => { const e = document.querySelector('#role-engine-chat .bubble-wrap');"
                "return e.scrollHeight - e.clientHeight - e.scrollTop; }"
            )
        )

    def until_at_end(what: str) -> None:
        limit = time.monotonic() + 30
        while from_end() >= 5:
            assert time.monotonic() < limit, f"it did not scroll: {what}"
            tab.page.wait_for_timeout(20)

    tab.open()
    for number, question in enumerate(DEMO_QUESTIONS[:6]):
        tab.send(question)
        tab.reply(number)
        until_at_end(f"question {number}")
    list_ = tab.page.locator("#role-engine-chat .bubble-wrap")
    assert list_.evaluate("e => e.scrollHeight > e.clientHeight + 200"), "there is nothing to scroll"
    # A question and much of its reply at once, as on a busy machine: gradio's own scrolling stops at that.
    grow = "(e, name) => { const row = document.createElement('div'); row.className = name; row.style.height = '400px';"
    grow += "e.querySelector('.message-wrap').append(row); }"
    list_.evaluate(grow, "user-row")
    until_at_end("a row")
    list_.evaluate("e => { e.scrollTop = 0; }")
    tab.page.wait_for_timeout(300)
    list_.evaluate(grow, "bot-row")
    tab.page.wait_for_timeout(300)
    assert list_.evaluate("e => e.scrollTop") == 0
    list_.evaluate(grow, "user-row")
    until_at_end("a row")


def test_it_talks_on_while_eight_clients_get_their_own_replies(tab: Page, base: str) -> None:
    tab.open()
    tab.choose(ROLE, NAME)
    tab.greeted()
    with ThreadPoolExecutor(1) as pool:
        others = pool.submit(ask_all_at_once, base)
        for number, question in enumerate(DEMO_QUESTIONS[:3], 1):
            tab.send(question)
            assert Answer(tab.reply(number), {}).begins_as(ROLE_ID)
        answers = others.result()
    assert [answer.report["role"] for _, answer in answers] == list(CLIENTS)
    assert sum(answer.begins_as(role) for role, answer in answers) >= len(CLIENTS) - 1
    assert not any(answer.begins_as(ROLE_ID) and role != "poet" for role, answer in answers)  # both may begin with «На»
    assert tab.complaints == []
