"""Long work on the page of `serve`, in a headless Chromium: an index, masks, tokens; seen, cancelled, done again.

The work is held in its midst until the test lets it go on, so that nothing here depends on how long anything takes.
"""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from role_engine import LanguagePolicy, RoleLibrary, TemplateLibrary
from role_engine.embedded import MODEL
from role_engine.files import is_unfinished
from role_engine.hosts.serve.chat_page.gradio_import import import_gradio
from role_engine.knowledge import KnowledgeLibrary
from role_engine.knowledge.bm25 import Bm25Retriever
from role_engine.knowledge.retriever import Progress
from role_engine.paths import builtin_templates
from tests.hosts.serve.browsing import ROLE, STATUS, Page, new_page
from tests.hosts.serve.serving import served, until

try:
    import_gradio()
except ImportError as error:
    pytest.skip(f"the page needs gradio (the `serve` extra): {error}", allow_module_level=True)
pytest.importorskip("torch", reason="the embedded model runs on torch")
pytestmark = [pytest.mark.timeout(400), pytest.mark.filterwarnings("ignore")]  # of gradio, about what lies below it

BEDS = 40
GARDEN = "# Огород\n\n" + "\n\n".join(f"На грядке номер {n} растёт капуста сорта {n}." for n in range(BEDS))
QUIET = "sampling: {temperature: 0, max_new_tokens: 12}\n"
ROLES = {
    "gardener": f"name: Огородник\nsystem: Ты — огородник.\n{QUIET}knowledge: {{files: [garden.md]}}\n",
    "plain": f"name: Простак\nsystem: Ты — простак.\n{QUIET}",
}
ASKED = "Какая капуста растёт на грядке номер 7?"


class Held:
    """Stops work in its midst until it is let go on."""

    def __init__(self) -> None:
        self.on = True
        self.reached, self._go = threading.Event(), threading.Event()

    def hold(self) -> None:
        self.on = True
        self.reached.clear()
        self._go.clear()

    def let_go(self) -> None:
        self.on = False
        self._go.set()

    def at(self, report: Callable[[], object]) -> None:
        """Called by the work: reports over and over while it is held."""
        if not self.on:
            return
        self.reached.set()
        while not self._go.wait(0.02):
            report()


class HeldRetriever(Bm25Retriever):
    def __init__(self, held: Held) -> None:
        super().__init__()
        self.held, self.built = held, 0

    def build(self, texts: Sequence[str], folder: Path, progress: Progress) -> None:
        def told(done: int, of: int) -> None:
            progress(done, of)
            if done == of // 4:
                self.held.at(lambda: progress(done, of))

        super().build(texts, folder, told)
        self.built += 1


class Stand:
    """A server in this process, whose work can be held."""

    def __init__(self, home: Path) -> None:
        from role_engine.app.engines import load_local_engine
        from role_engine.hosts.serve.app import make_app

        roles, self.models, self.cache = home / "roles", home / "models", home / "cache"
        roles.mkdir(parents=True)
        for name, text in ROLES.items():
            (roles / f"{name}.yaml").write_text(text, encoding="utf-8")
        self.garden = roles / "garden.md"
        self.garden.write_text(GARDEN, encoding="utf-8")
        self.model = Path(shutil.copytree(MODEL, self.models / "tiny"))
        (self.model / "manifest.json").unlink()
        self.index, self.masks, self.copying = Held(), Held(), Held()
        self.prompts: list[str] = []
        self.engine = load_local_engine(self.model)
        self._record(self.engine.backend)
        self.retriever = HeldRetriever(self.index)
        self.knowledge = KnowledgeLibrary(self.cache, retriever=self.retriever)
        library, templates = RoleLibrary([roles]), TemplateLibrary([builtin_templates()])
        self.app = make_app(
            self.engine, library, templates, page=True, knowledge=self.knowledge, model_path=str(self.model)
        )

    def _record(self, backend: Any) -> None:
        streamed, supply = backend.stream, backend.constraints
        reach = supply.reach

        def stream(request: Any, *, cancel: Any) -> Any:
            self.prompts.append(request.prompt)
            return streamed(request, cancel=cancel)

        def reached(stage: str) -> None:
            reach(stage)
            if stage == "trie":
                self.masks.at(lambda: reach(stage))

        backend.stream, supply.reach = stream, reached

    def indexes(self) -> list[Path]:
        """The folders of indexes, half-built ones too."""
        return [path for home in self.cache.iterdir() for path in home.iterdir()] if self.cache.exists() else []


@pytest.fixture(scope="module")
def stand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    import role_engine.models.tokens as tokens

    made = Stand(tmp_path_factory.mktemp("home"))
    original = tokens.add_tokens

    def add_tokens(*arguments: Any, progress: Callable[[int, int], None], **how: Any) -> Any:
        def told(done: int, total: int) -> None:
            progress(done, total)
            if total / 4 < done < total:
                made.copying.at(lambda: progress(done, total))

        return original(*arguments, progress=told, **how)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tokens, "add_tokens", add_tokens)
        patch.setattr("role_engine.models.tokens.shards.PIECE", 50_000)
        yield made
        for held in (made.index, made.masks, made.copying):
            held.let_go()


@pytest.fixture(scope="module")
def base(stand: Stand) -> Iterator[str]:
    with served(stand.app) as url:
        yield url


@pytest.fixture
def tab(browser: Any, base: str) -> Iterator[Page]:
    page = new_page(browser, base).open()
    yield page
    assert page.complaints == []
    page.page.context.close()


def says(page: Page, element: str, text: str) -> None:
    page.page.wait_for_function(
        "([id, text]) => document.getElementById(id)?.innerText.includes(text)", arg=[element, text]
    )


def bar(page: Page, name: str) -> Any:
    return page.page.locator(f"#role-engine-{name} [role=progressbar]")


def to_knowledge(page: Page, role: str = "gardener") -> None:
    page.page.get_by_role("tab", name="Role Engine").click()
    page.page.locator(f"#role-engine-list [data-role={role}]").click()
    page.page.wait_for_selector("#role-engine-seen pre", state="attached")
    page.page.get_by_role("tab", name="Знания").click()


def to_model(page: Page) -> None:
    page.page.get_by_role("tab", name="Role Engine").click()
    page.page.get_by_role("tab", name="Модель", exact=True).click()
    says(page, "role-engine-in-force", "tiny")


def test_an_index_is_built_seen_cancelled_and_built_again(tab: Page, stand: Stand) -> None:
    stand.index.hold()
    to_knowledge(tab)
    says(tab, "role-engine-knowledge-facts", "garden.md")
    says(tab, "role-engine-knowledge-facts", "Указателя ещё нет")
    assert not bar(tab, "index").count() and not tab.page.locator("#role-engine-index-cancel").is_visible()

    tab.page.click("#role-engine-build-index")
    says(tab, "role-engine-index", f"проиндексировано {BEDS // 4} из {BEDS} фрагментов")
    assert 0 < int(bar(tab, "index").get_attribute("aria-valuenow")) < 100
    assert not tab.page.locator("#role-engine-build-index").is_visible()
    assert [is_unfinished(path.name) for path in stand.indexes()] == [True]
    tab.page.click("#role-engine-index-cancel")
    says(tab, "role-engine-index", "недостроенное стёрто")
    tab.page.wait_for_selector("#role-engine-index-cancel", state="hidden")
    assert stand.indexes() == [] and not bar(tab, "index").count()
    says(tab, "role-engine-knowledge-facts", "роль отвечает без своих файлов")

    stand.index.let_go()
    tab.page.click("#role-engine-build-index")
    says(tab, "role-engine-index", f"Указатель готов: garden.md, фрагментов: {BEDS}.")
    says(tab, "role-engine-knowledge-facts", f"построен, фрагментов: {BEDS}")
    assert len(stand.indexes()) == 1

    built = stand.retriever.built
    says(tab, "role-engine-build-index", "Построить заново")
    tab.page.click("#role-engine-build-index")
    until(lambda: stand.retriever.built > built, "it is built anew")
    says(tab, "role-engine-index", "Указатель готов")
    tab.page.locator("#role-engine-list [data-role=plain]").click()
    says(tab, "role-engine-knowledge-facts", "нет файлов знаний")
    tab.page.wait_for_selector("#role-engine-build-index", state="hidden")
    tab.page.wait_for_selector("#role-engine-index", state="hidden")


def test_a_page_that_is_opened_later_finds_the_work_and_closing_one_ends_nothing(
    browser: Any, base: str, tab: Page, stand: Stand
) -> None:
    stand.garden.write_text(GARDEN + "\n\nЕщё растёт тыква.", encoding="utf-8")
    stand.index.hold()
    first = new_page(browser, base).open()
    to_knowledge(first)
    first.page.click("#role-engine-build-index")
    bar(first, "index").wait_for()
    first.page.context.close()
    to_knowledge(tab)
    bar(tab, "index").wait_for()
    stand.index.let_go()
    says(tab, "role-engine-index", "Указатель готов")
    says(tab, "role-engine-knowledge-facts", f"построен, фрагментов: {BEDS + 1}")


def test_a_question_waits_for_its_index_in_sight_and_goes_without_it_when_that_is_cancelled(
    tab: Page, stand: Stand
) -> None:
    stand.garden.write_text(GARDEN + "\n\nЕщё растёт репа.", encoding="utf-8")
    stand.index.hold()
    tab.choose(ROLE, "Огородник")  # which begins it
    says(tab, "role-engine-work", "проиндексировано")
    stand.prompts.clear()
    tab.send(ASKED)
    tab.page.wait_for_timeout(300)
    assert stand.prompts == [], "the question waits"
    tab.page.click("#role-engine-work-cancel")
    says(tab, "role-engine-work", "роль отвечает без своих файлов")
    says(tab, STATUS, " ток.")
    says(tab, STATUS, "без файлов роли")
    assert "Информация" not in stand.prompts[0] and stand.indexes()

    stand.prompts.clear()
    stand.index.let_go()
    tab.page.click("#role-engine-again")
    until(lambda: stand.prompts, "the reply is made once more")
    says(tab, STATUS, "без файлов роли")
    assert "Информация" not in stand.prompts[0], "nothing begins it again by itself"

    tab.choose(ROLE, "Простак")
    tab.page.wait_for_selector("#role-engine-work", state="hidden")
    tab.choose(ROLE, "Огородник")
    until(lambda: stand.knowledge.is_known((stand.garden,)), "it is built")
    stand.prompts.clear()
    tab.page.click("#role-engine-again")
    until(lambda: stand.prompts, "the reply is made once more")
    assert "грядке номер 7" in stand.prompts[0] and "Информация (garden.md" in stand.prompts[0]


def test_files_that_have_changed_are_indexed_in_sight_of_the_question(tab: Page, stand: Stand) -> None:
    tab.choose(ROLE, "Огородник")
    stand.garden.write_text(GARDEN + "\n\nЕщё растёт брюква.", encoding="utf-8")
    stand.index.hold()
    stand.prompts.clear()
    tab.send(ASKED)
    says(tab, "role-engine-work", "проиндексировано")
    stand.index.let_go()
    says(tab, "role-engine-work", "Указатель готов")
    until(lambda: stand.prompts, "the reply is made")
    assert "Информация (garden.md" in stand.prompts[0]


def test_masks_are_made_in_sight(tab: Page, stand: Stand) -> None:
    stand.masks.hold()
    to_model(tab)
    says(tab, "role-engine-masks-facts", "ещё не сделано")
    tab.page.click("#role-engine-make-masks")
    says(tab, "role-engine-masks", "токены складываются в дерево")
    tab.page.click("#role-engine-masks-cancel")
    says(tab, "role-engine-masks", "Отменено")
    assert stand.engine.backend.constraints.seconds(LanguagePolicy(mode="strict")) is None
    stand.masks.let_go()
    tab.page.click("#role-engine-make-masks")
    says(tab, "role-engine-masks", "ответы больше не ждут")
    says(tab, "role-engine-masks-facts", "строго: только кириллица — готово")
    assert not tab.page.locator("#role-engine-make-masks").is_visible()
    assert re.search(r"строго: только кириллица — готово за \d+,\d+ с", tab.page.inner_text("#role-engine-masks-facts"))


def test_tokens_are_added_to_a_copy_beside_the_model(tab: Page, stand: Stand) -> None:
    before = sorted(path.name for path in stand.model.iterdir())
    stand.copying.hold()
    to_model(tab)
    tab.page.get_by_role("button", name="Добавить токены").click()
    name = tab.page.locator("#role-engine-token-name textarea, #role-engine-token-name input")
    assert name.input_value() == "tiny-tokens"
    tab.page.click("#role-engine-add-tokens")
    says(tab, "role-engine-tokens-said", "Нечего добавлять")
    tab.page.locator("#role-engine-token-modes").get_by_text("<|recursion|>").click()
    for wrong, why in (("../tiny-2", "не имя папки"), ("tiny", "уже есть")):
        name.fill(wrong)
        tab.page.click("#role-engine-add-tokens")
        says(tab, "role-engine-tokens-said", why)
    name.fill("tiny-tokens")
    tab.page.click("#role-engine-add-tokens")
    says(tab, "role-engine-adding", "записано")
    assert tab.page.locator("#role-engine-add-tokens").is_disabled()
    assert len(list(stand.models.iterdir())) == 2, "under another name until it is whole"
    tab.page.click("#role-engine-adding-cancel")
    says(tab, "role-engine-adding", "записанное стёрто")
    assert [path.name for path in stand.models.iterdir()] == ["tiny"]

    stand.copying.let_go()
    tab.page.click("#role-engine-add-tokens")
    says(tab, "role-engine-adding", "Готово: папка «tiny-tokens»")
    says(tab, "role-engine-adding", "<|recursion|> (")
    assert sorted(path.name for path in stand.model.iterdir()) == before
    assert "<|recursion|>" in (stand.models / "tiny-tokens" / "tokenizer.json").read_text("utf-8")


def test_an_idle_page_asks_for_nothing_and_running_work_sends_little(tab: Page, stand: Stand) -> None:
    stand.garden.write_text(GARDEN + "\n\nЕщё растёт свёкла.", encoding="utf-8")
    stand.index.hold()
    to_knowledge(tab)
    tab.page.click("#role-engine-build-index")
    bar(tab, "index").wait_for()
    asked: list[str] = []
    tab.page.on("request", lambda request: asked.append(request.url))
    tab.page.wait_for_timeout(1500)
    assert asked == [], "the one that streams was begun before"
    stand.index.let_go()
    says(tab, "role-engine-knowledge-facts", "построен")
    assert len(asked) <= 2
    asked.clear()
    tab.page.wait_for_timeout(1500)
    assert asked == []
