"""What the panel sends with a thousand roles and ten thousand rejected spans, counted in the browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from role_engine.guard.report import ReplyReport
from role_engine.hosts.panel.guard_view import ON_A_PAGE
from role_engine.hosts.panel.roles.roles_page import MOST_FOUND
from role_engine.hosts.panel.sessions import MOST_REPLIES
from role_engine.hosts.serve.chat_page.gradio_import import import_gradio
from role_engine.language.verdict import Violation
from tests.hosts.serve.browsing import Page, chromium, new_page
from tests.hosts.serve.roles_page import PageServer, page_server, says

try:
    import_gradio()
except ImportError as error:
    pytest.skip(f"the page needs gradio (the `serve` extra): {error}", allow_module_level=True)
pytestmark = [pytest.mark.timeout(300), pytest.mark.filterwarnings("ignore")]  # of gradio, about what lies below it

ROLES = {
    f"role-{n:04}": f"name: Роль {n}\ndescription: Роль для веса номер {n}.\nsystem: Ты — роль номер {n}.\n"
    for n in range(1000)
}
SPANS = 10_000 // MOST_REPLIES  # of each reply
IDLE = 4000  # milliseconds


class Traffic:
    """A page's requests and the bytes of their bodies, both ways, streams included; the page's own scripts are not."""

    def __init__(self, page: Page) -> None:
        self._page, self.requests, self.bytes = page, 0, 0
        self._ours: set[str] = set()
        network = page.page.context.new_cdp_session(page.page)
        network.send("Network.enable")
        network.on("Network.requestWillBeSent", self._sent)
        network.on("Network.dataReceived", self._received)

    def _sent(self, event: Any) -> None:
        if event["type"] not in ("Script", "Stylesheet", "Font", "Image"):
            self._ours.add(event["requestId"])
            self.requests += 1
            self.bytes += len(event["request"].get("postData", "").encode())

    def _received(self, event: Any) -> None:
        self.bytes += event["dataLength"] if event["requestId"] in self._ours else 0

    def of(self, action: Callable[[], Any]) -> tuple[int, int]:
        """What an action costs: (requests, bytes)."""
        self.requests = self.bytes = 0
        action()
        self._page.page.wait_for_timeout(500)
        return self.requests, self.bytes


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PageServer]:
    with page_server(tmp_path_factory.mktemp("page") / "home", ROLES) as running:
        yield running


@pytest.fixture
def tab(server: PageServer) -> Iterator[Page]:
    with chromium() as browser:
        page = new_page(browser, server.base)
        page.page.on("request", lambda request: _note_session(page, request))
        yield page.open()
        assert page.complaints == []


def _note_session(page: Page, request: Any) -> None:
    if request.method == "POST" and "session_hash" in (request.post_data or ""):
        page.session = request.post_data_json["session_hash"]


def reject_ten_thousand(server: PageServer, session: str) -> None:
    text = "Так шли они долго, и никто не знал, куда ведёт эта дорога через поле. " * 4
    rejected = [Violation("latin", 5 + 9 * number, 10 + 9 * number, f"word{number}") for number in range(SPANS)]
    for number in range(MOST_REPLIES):
        report = ReplyReport(rejected=rejected, attempts=SPANS + 1, tokens_rejected=number % 60, tokens_delivered=80)
        server.sessions.note(session, report, f"Вопрос {number}", text)


def test_each_action_sends_what_it_shows_and_an_idle_page_nothing(tab: Page, server: PageServer) -> None:
    page, traffic = tab.page, Traffic(tab)
    reject_ten_thousand(server, tab.session)

    def tab_is_opened() -> None:
        page.get_by_role("tab", name="Role Engine").click()
        page.wait_for_selector("#role-engine-list button")

    def roles_are_found() -> None:
        page.fill("#role-engine-search input", "роль 77")
        says(tab, "role-engine-list", "role-0770")

    def role_is_opened() -> None:
        page.locator("#role-engine-list [data-role=role-0077]").click()
        says(tab, "role-engine-seen", "роль номер 77")

    def field_is_filled() -> None:
        page.get_by_role("tab", name="Правка").click()
        page.fill("#role-engine-field-greeting textarea", "Добрый вечер.")
        page.wait_for_function("() => document.querySelector('#role-engine-yaml textarea').value.includes('вечер')")

    def yaml_is_typed() -> None:
        box = page.locator("#role-engine-yaml textarea")
        box.fill(box.input_value() + "reminder: Коротко.\n")
        page.wait_for_function("() => document.querySelector('#role-engine-field-reminder textarea').value")

    def guard_is_opened() -> None:
        page.get_by_role("tab", name="Проверка").click()
        says(tab, "role-engine-where", f"1–{ON_A_PAGE} из {MOST_REPLIES}")

    def page_is_turned() -> None:
        page.click("#role-engine-older")
        says(tab, "role-engine-where", f"{ON_A_PAGE + 1}–{2 * ON_A_PAGE} из {MOST_REPLIES}")

    actions = {  # what is done, the requests and the bytes that it may cost
        "idle": (lambda: page.wait_for_timeout(IDLE), 0, 0),
        "the tab": (tab_is_opened, 5, 132_000),
        "a search": (roles_are_found, 1, 7_000),
        "a role": (role_is_opened, 1, 5_000),
        "a field": (field_is_filled, 1, 1_000),
        "the yaml": (yaml_is_typed, 1, 2_000),
        "the guard": (guard_is_opened, 1, 25_000),
        "a page of it": (page_is_turned, 1, 25_000),
        "idle again": (lambda: page.wait_for_timeout(IDLE), 0, 0),
    }
    spent = {name: traffic.of(action) for name, (action, _, _) in actions.items()}
    print(spent)
    assert page.locator("#role-engine-list button").count() <= MOST_FOUND
    assert page.locator("#role-engine-replies article").count() == ON_A_PAGE
    for name, (_, requests, size) in actions.items():
        assert spent[name][0] <= requests and spent[name][1] <= size, (name, spent)


def test_the_page_itself_carries_few_roles(server: PageServer, tab: Page) -> None:
    assert tab.page.request.get(server.base).body().count(b"role-0") < 100
