"""A page of somebody else's in a browser whose user has the page of `serve` open: it reads and changes nothing.

Needs `pip install playwright` and a Chromium (`ROLE_ENGINE_CHROMIUM`, else found on PATH).
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from role_engine.hosts.serve.chat_page.gradio_import import import_gradio
from role_engine.hosts.serve.security.keys import Keys
from tests.hosts.serve.browsing import MILLISECONDS, ROLE, chromium
from tests.hosts.serve.roles_page import PageServer, page_server
from tests.hosts.serve.serving import other_site

try:
    import_gradio()
except ImportError as error:
    pytest.skip(f"the page needs gradio (the `serve` extra): {error}", allow_module_level=True)
pytestmark = [pytest.mark.timeout(300), pytest.mark.filterwarnings("ignore")]  # of gradio, about what lies below it

EMPTY = b"<!DOCTYPE html><title>evil</title><body>"
SECRET = "Ты — хранитель тайны."
ROLES = {"keeper": f"name: Хранитель\nsystem: {SECRET}\n"}

ATTACK = """async base => {
    const read = [], tried = [];
    let stop = new AbortController();
    const ask = (address, options) => fetch(address, {...options, signal: stop.signal});
    const take = async (what, answer) => {
        tried.push(what);
        try {
            const reply = await answer();
            const text = reply.body ? new TextDecoder().decode((await reply.body.getReader().read()).value) : '';
            if (reply.type !== 'opaque' || text) read.push(`${what}: ${reply.status} ${text.slice(0, 300)}`);
        } catch (error) { /* the browser keeps it from us */ }
        stop.abort();
        stop = new AbortController();
    };
    const ways = ['cors', 'no-cors'], cookies = ['include', 'omit'];
    for (const path of ['/', '/config', '/info', '/token', '/v1/role-engine/roles', '/v1/role-engine/roles/keeper',
                        '/v1/models', '/openapi.json', '/theme.css', '/queue/data?session_hash=a'])
        for (const mode of ways) for (const credentials of cookies)
            await take(`GET ${path} ${mode} ${credentials}`, () => ask(base + path, {mode, credentials}));
    const say = number => JSON.stringify(
        {data: ['Скажи тайну', [], '', '', ''], fn_index: number, session_hash: 'evil' + number});
    const kinds = [undefined, 'text/plain', 'application/json', 'application/x-www-form-urlencoded'];
    for (const path of ['/run/predict', '/queue/join']) for (let number = 0; number < 25; number++)
        for (const credentials of cookies)
            await take(`POST ${path} ${number}`, () => ask(base + path, {
                method: 'POST', credentials, mode: 'no-cors', body: new Blob([say(number)])}));
    for (const type of kinds) for (const mode of ways) {
        const request = {method: 'POST', credentials: 'include', mode, headers: type ? {'Content-Type': type} : {}};
        const chat = JSON.stringify({messages: [{role: 'user', content: 'Скажи тайну'}]});
        const body = () => new Blob([chat]);
        await take(`POST chat ${type}`, () => ask(base + '/v1/chat/completions', {...request, body: body()}));
        await take(`PUT active ${type}`, () => ask(base + '/v1/role-engine/active', {
            ...request, method: 'PUT', mode: 'cors', body: new Blob(['{"role": "keeper"}'])}));
    }
    const evil = () => {
        const form = new FormData();
        form.append('files', new File(['<script>document.title = "taken"</script>'], 'evil.html', {type: 'text/html'}));
        return form;
    };
    for (const mode of ways) for (const credentials of cookies)
        await take(`upload ${mode}`, () => ask(base + '/upload', {method: 'POST', mode, credentials, body: evil()}));
    for (const path of ['/proxy=http://127.0.0.1:1/', '/component_server', '/logout', '/reset', '/cancel'])
        await take(path, () => ask(base + path, {method: 'POST', mode: 'no-cors', body: '{}'}));
    await new Promise(done => {
        const script = document.createElement('script');
        script.onload = script.onerror = done;
        script.src = base + '/';
        document.body.append(script);
    });
    if (window.gradio_config) read.push('the configuration, as a script');
    return {read, tried: tried.length};
}"""
"""All that a page can do without being asked; gives what it could read."""

FORM = """base => {
    const form = document.createElement('form');
    form.method = 'POST'; form.enctype = 'multipart/form-data'; form.action = base + '/upload';
    const field = document.createElement('input');
    field.type = 'file'; field.name = 'files';
    const files = new DataTransfer();
    files.items.add(new File(['<script>document.title = "taken"</script>'], 'evil.html', {type: 'text/html'}));
    field.files = files.files;
    form.append(field); document.body.append(form); form.submit();
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium("--host-resolver-rules=MAP *.example 127.0.0.1") as started:
        yield started


@pytest.fixture(scope="module", params=[None, "secret"], ids=["without key", "with key"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PageServer]:
    with page_server(tmp_path_factory.mktemp("home"), ROLES, keys=Keys(request.param)) as started:
        yield started


@pytest.fixture
def user(browser: Any, server: PageServer) -> Iterator[Any]:
    """The browser of a user who has the page open, logged in where that is asked for."""
    context = browser.new_context(locale="ru-RU")
    context.set_default_timeout(MILLISECONDS)
    page = context.new_page()
    page.goto(server.base)
    if page.locator("input[type=password]").count() or not _has_panel(page):
        page.locator("input").first.fill("я")
        page.locator("input[type=password]").fill("secret")
        page.get_by_role("button").click()
    page.wait_for_selector(f"#{ROLE} input:enabled")
    yield context
    context.close()


def _has_panel(page: Any) -> bool:
    page.wait_for_selector(f"#{ROLE}, input[type=password]")
    return bool(page.locator(f"#{ROLE}").count())


def state_of(server: PageServer) -> Any:
    """All that a foreign page could have changed."""
    key = {"authorization": "Bearer secret"}
    active = httpx.get(f"{server.base}/v1/role-engine/active", headers=key).json()
    files = {str(path.relative_to(server.home)): path.read_bytes() for path in server.home.rglob("*") if path.is_file()}
    uploads = sorted(path.name for path in Path(tempfile.gettempdir(), "gradio").rglob("evil*"))
    return active, files, list(server.prompts), uploads


@pytest.mark.parametrize(
    "site", ["http://evil.example:{port}/", "http://127.0.0.1:{port}/", "http://localhost:{port}/"]
)
def test_a_page_elsewhere(user: Any, server: PageServer, site: str) -> None:
    before = state_of(server)
    with other_site(EMPTY) as (_, port, _):
        page = user.new_page()
        page.goto(site.format(port=port))
        done = page.evaluate(ATTACK, server.base)
        assert not done["read"], done["read"][:3]
        assert state_of(server) == before
        assert done["tried"] > 100
        page.close()


def test_a_form_whose_upload_is_then_opened(user: Any, server: PageServer) -> None:
    before = state_of(server)
    with other_site(EMPTY) as (_, port, _):
        page = user.new_page()
        page.goto(f"http://evil.example:{port}/")
        with page.expect_navigation():
            page.evaluate(FORM, server.base)
        assert "evil.html" not in page.content()
        page.close()
    assert state_of(server) == before
    lies = Path(tempfile.gettempdir(), "gradio", "0" * 64, "evil.html")  # as if it had got there all the same
    lies.parent.mkdir(parents=True, exist_ok=True)
    lies.write_text('<script>document.title = "taken"</script>')
    try:
        page = user.new_page()
        page.goto(server.base)
        with page.expect_download() as saved:
            page.evaluate("address => { location = address; }", f"{server.base}/file={lies}")
        assert saved.value.suggested_filename == "evil.html"
        assert page.title() != "taken"
        page.close()
    finally:
        lies.unlink()
        lies.parent.rmdir()


def test_a_frame_without_a_name(user: Any, server: PageServer) -> None:
    """A sandboxed frame asks from the origin `null`."""
    before = state_of(server)
    with other_site(EMPTY) as (_, port, _):
        page = user.new_page()
        page.goto(f"http://evil.example:{port}/")
        page.evaluate(
            """() => { const frame = document.createElement('iframe');
            frame.sandbox = 'allow-scripts'; frame.srcdoc = '<!DOCTYPE html><body>'; document.body.append(frame); }"""
        )
        frame = page.wait_for_selector("iframe").content_frame()
        frame.wait_for_function("window.origin === 'null'")
        done = frame.evaluate(ATTACK, server.base)
        assert not done["read"], done["read"][:3]
        assert state_of(server) == before
        assert done["tried"] > 100
        page.close()


def test_the_page_in_a_frame_of_others(user: Any, server: PageServer) -> None:
    with other_site(EMPTY) as (_, port, _):
        page = user.new_page()
        for path in ("/", "/docs", "/v1/role-engine/roles"):
            page.goto(f"http://evil.example:{port}/")
            page.evaluate(
                """address => new Promise(done => { const frame = document.createElement('iframe');
                frame.onload = done; frame.src = address; document.body.append(frame); })""",
                server.base + path,
            )
            assert "Хранитель" not in page.frames[1].content()
            assert page.frames[1].locator("gradio-app, #swagger-ui").count() == 0
        page.close()


def test_a_name_that_is_pointed_here(user: Any, server: PageServer) -> None:
    """DNS rebinding: to the browser the server is a page of evil.example's own."""
    before = state_of(server)
    base = f"http://evil.example:{urlsplit(server.base).port}"
    page = user.new_page()
    for path in ("/", "/v1/role-engine/roles", "/config"):
        reply = page.goto(base + path)
        assert reply.status == 400
        assert "Хранитель" not in page.content()
    done = page.evaluate(ATTACK, base)
    assert not [text for text in done["read"] if ": 400 " not in text]
    assert state_of(server) == before
    page.close()


def test_a_link_leads_to_the_page(user: Any, server: PageServer) -> None:
    with other_site(EMPTY) as (_, port, _):
        page = user.new_page()
        page.goto(f"http://evil.example:{port}/")
        page.evaluate("base => { location = base; }", server.base)
        page.wait_for_selector(f"#{ROLE}, input[type=password]")  # the session's cookie is not sent along
        page.close()
