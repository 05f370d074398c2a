"""`/docs` in a headless Chromium: all there, nothing from elsewhere, and what is tried out is answered."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest

from role_engine import ReplayBackend
from role_engine.hosts.serve import docs_page
from role_engine.hosts.serve.chat_page.gradio_import import import_gradio
from role_engine.hosts.serve.security.keys import Keys
from tests.app.conftest import MakeApp
from tests.hosts.serve.browsing import Page, new_page
from tests.hosts.serve.serving import served

try:
    import_gradio()
except ImportError as error:
    pytest.skip(f"the page needs gradio (the `serve` extra): {error}", allow_module_level=True)
pytestmark = [pytest.mark.timeout(400), pytest.mark.filterwarnings("ignore")]  # of gradio, about what lies below it

OPERATIONS = 12


def watched(tab: Any) -> tuple[list[str], list[str]]:
    """What a tab asks for, and what its console complains of, from now on."""
    asked: list[str] = []
    complaints: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    return asked, complaints


def tried(tab: Any, path: str) -> str:
    """Execute an endpoint with its example: what the page shows of the answer."""
    block = tab.locator(f".opblock:has([data-path='{path}'])").first
    block.locator(".opblock-summary").click()
    block.get_by_role("button", name="Execute").click()
    answer = block.locator(".live-responses-table .response")
    answer.wait_for()
    return str(answer.inner_text())


@pytest.fixture(scope="module")
def axe() -> Any:
    return pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="pip install axe-playwright-python"
    ).Axe()


def test_the_page_links_to_it_and_it_lists_everything(
    browser: Any, make: MakeApp, leaky: ReplayBackend, axe: Any
) -> None:
    with served(make(leaky, page=True)) as base:
        page = new_page(browser, base).open()
        assert axe.run(page.page, context="#role-engine-api").response["violations"] == []
        with page.page.expect_popup() as opened:
            page.page.click("#role-engine-api a")
        tab = opened.value
        tab.wait_for_load_state("load")  # with a policy of its own the tab changes its process once
        tab.wait_for_url(f"{base}/docs*")
        asked, complaints = watched(tab)
        tab.reload()
        tab.wait_for_function("n => document.querySelectorAll('.opblock').length === n", arg=OPERATIONS)
        assert "API" in tab.title()
        text = tab.inner_text("#swagger-ui")
        assert "/v1/chat/completions" in text and "/v1/role-engine/check" in text
        assert "мир" in tried(tab, "/v1/chat/completions")
        assert {urlsplit(url).netloc for url in asked if not url.startswith(("data:", "blob:"))} == {
            urlsplit(base).netloc
        }
        assert complaints == []
        assert page.complaints == []
        page.page.context.close()


def test_what_is_tried_out_can_carry_the_key(browser: Any, make: MakeApp, leaky: ReplayBackend) -> None:
    with served(make(leaky, keys=Keys("open-sesame"))) as base:
        page = new_page(browser, base)
        tab = page.page
        tab.goto(f"{base}/docs")
        assert "401" in tried(tab, "/v1/models")
        tab.get_by_role("button", name="Authorize").first.click()
        tab.get_by_label("auth-bearer-value").fill("open-sesame")
        tab.locator(".auth-container").first.get_by_role("button", name="Apply credentials").click()
        tab.get_by_role("button", name="Close").last.click()
        block = tab.locator(".opblock:has([data-path='/v1/models'])").first
        block.get_by_role("button", name="Execute").click()
        tab.wait_for_function("() => document.querySelector('.live-responses-table').innerText.includes('role:poet')")
        assert tab.evaluate("JSON.stringify([localStorage, sessionStorage])").count("sesame") == 0
        page.page.context.close()


def test_the_plain_page_is_accessible(
    browser: Any, make: MakeApp, leaky: ReplayBackend, axe: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(docs_page, "find_spec", lambda name: None)
    with served(make(leaky)) as base:
        page: Page = new_page(browser, base)
        _, complaints = watched(page.page)
        page.page.goto(f"{base}/docs")
        assert page.page.locator("dt").count() == OPERATIONS
        assert axe.run(page.page).response["violations"] == []
        assert complaints == []
        page.page.context.close()
