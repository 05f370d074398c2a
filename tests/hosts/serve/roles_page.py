"""The page of `serve` on a server in this process, with a script instead of a model, and its view of roles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from role_engine import GenerationRequest, ReplayBackend, RoleLibrary, TemplateLibrary
from role_engine.hosts.panel.sessions import BrowserSessions
from role_engine.hosts.serve.app import make_app
from role_engine.hosts.serve.security.keys import Keys
from role_engine.paths import builtin_roles, builtin_templates
from tests.app.conftest import engine_of
from tests.hosts.serve.browsing import Page
from tests.hosts.serve.serving import served


@dataclass
class PageServer:
    """A server with its page.

    Attributes:
        home: its folder `roles` lies here.
        prompts: what the model was asked, the last at the end.
    """

    base: str
    home: Path
    library: RoleLibrary
    sessions: BrowserSessions
    prompts: list[str] = field(default_factory=list)

    @property
    def roles(self) -> Path:
        return self.home / "roles"

    def text(self, role: str) -> str:
        return (self.roles / f"{role}.yaml").read_text("utf-8")

    def write(self, role: str, text: str) -> None:
        (self.roles / f"{role}.yaml").write_text(text, encoding="utf-8")

    def all_files(self) -> dict[str, bytes]:
        """What lies in the folder of roles."""
        return {path.name: path.read_bytes() for path in self.roles.iterdir()}


@contextmanager
def page_server(home: Path, roles: Mapping[str, str], *, keys: Keys | None = None) -> Iterator[PageServer]:
    """A server with `roles` (id → YAML) beside those that the project brings."""
    (home / "roles").mkdir(parents=True)
    library = RoleLibrary([home / "roles", builtin_roles()])
    prompts: list[str] = []

    def script(request: GenerationRequest) -> list[str]:
        prompts.append(request.prompt)
        return ["Да", "."]

    engine = engine_of(ReplayBackend(script), context=4096)
    app = make_app(engine, library, TemplateLibrary([builtin_templates()]), page=True, keys=keys)
    with served(app) as base:
        server = PageServer(base, home, library, app.state.panel.sessions, prompts)
        for role, text in roles.items():
            server.write(role, text)
        yield server


def to_role(page: Page, role: str, view: str = "") -> None:
    """The tab «Role Engine», a role in it, and one of its views."""
    page.page.get_by_role("tab", name="Role Engine").click()
    page.pick_role(role)
    if view:
        page.page.get_by_role("tab", name=view).click()


def says(page: Page, element: str, text: str) -> None:
    page.page.wait_for_function(
        "([id, text]) => document.getElementById(id)?.innerText.includes(text)", arg=[element, text]
    )


def yaml_has(page: Page, text: str) -> None:
    page.page.wait_for_function(
        "text => document.querySelector('#role-engine-yaml textarea').value.includes(text)", arg=text
    )


def save(page: Page) -> None:
    page.page.click("#role-engine-save")
    says(page, "role-engine-problems", "Сохранено")


def upload(page: Page, file: Path) -> None:
    """Through the button, as a user does."""
    with page.page.expect_file_chooser() as chooser:
        page.page.click("#role-engine-import")
    chooser.value.set_files(file)


def download(page: Page, form: str, folder: Path) -> Path:
    """The open role as a card, through the link."""
    page.choose("role-engine-format", form)
    with page.page.expect_response(lambda response: "/run/" in response.url):
        page.page.click("#role-engine-export")
    link = page.page.locator("#role-engine-card-file a[download]").last
    with page.page.expect_download() as loaded:
        link.click()
    to = folder / str(loaded.value.suggested_filename)
    loaded.value.save_as(to)
    return to
