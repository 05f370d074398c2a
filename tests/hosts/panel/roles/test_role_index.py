"""The index of a role's files as a piece of work: begun ahead of a question, or by it; cancelled, gone without."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from role_engine.app.jobs import Job, JobRunner
from role_engine.budget import ContextWindow, RolePromptBuilder
from role_engine.budget.role_prompt import NOT_BUILT
from role_engine.guard.report import ReplyReport
from role_engine.hosts.panel.roles.role_index import RoleIndex, build_as_work
from role_engine.hosts.panel.status import status_line
from role_engine.knowledge import KnowledgeLibrary
from role_engine.knowledge.bm25 import Bm25Retriever
from role_engine.knowledge.retriever import Progress
from role_engine.roles import Role
from role_engine.roles.role import Knowledge

SECONDS = 20.0
ASKED = "Какая капуста растёт на грядке?"


class Held(Bm25Retriever):
    """Tells of its first text over and over, until it is let go on."""

    def __init__(self) -> None:
        super().__init__()
        self.reached, self.go = threading.Event(), threading.Event()

    def build(self, texts: Sequence[str], folder: Path, progress: Progress) -> None:
        self.reached.set()
        while not self.go.wait(0.01):
            progress(1, len(texts))
        super().build(texts, folder, progress)


class Stand:
    def __init__(self, folder: Path) -> None:
        self.notes = folder / "garden.md"
        self.notes.write_text("На грядке растёт капуста.\n\nВ саду растут яблоки.", encoding="utf-8")
        self.role = Role(id="x", name="X", system="Ты.", knowledge=Knowledge(files=(self.notes,)))
        self.held, self.works = Held(), JobRunner()
        self.library = KnowledgeLibrary(folder / "cache", retriever=self.held)
        self.teller = RolePromptBuilder(self.library)
        build_as_work(self.works, self.library)
        host: Any = SimpleNamespace(
            teller=self.teller,
            works=self.works,
            role_in_force=lambda chosen: self.role if chosen else None,
            context=lambda: 4096,
            counter=lambda: words,
            model=lambda: None,
        )
        self.index = RoleIndex(host)

    def ask(self) -> tuple[str, ...]:
        """What a question to the role gets of its files, and what was left out."""
        told = self.teller.build(self.role, ASKED, ContextWindow(4096, words))
        return (told.said.knowledge or told.said.reminder, *told.left_out)

    def wanted(self, *, again: bool = False) -> Job:
        work = self.index.start_wanted("x", again=again)
        assert work is not None
        return work


def words(text: str) -> int:
    return len(text.split())


@pytest.fixture
def stand(tmp_path: Path) -> Iterator[Stand]:
    made = Stand(tmp_path)
    yield made
    made.held.go.set()
    made.works.close()


def in_thread(function: Callable[[], Any]) -> tuple[threading.Thread, list[Any]]:
    found: list[Any] = []
    thread = threading.Thread(target=lambda: found.append(function()))
    thread.start()
    return thread, found


def test_begun_ahead_the_question_joins_it_and_finds_it_done(stand: Stand) -> None:
    work = stand.wanted()
    assert stand.held.reached.wait(SECONDS)
    asking, answers = in_thread(stand.ask)
    assert stand.wanted() is work and stand.index.running([stand.notes]) is work
    stand.held.go.set()
    asking.join(SECONDS)
    assert work.wait(SECONDS) and work.told.text("ru") == "Указатель готов: garden.md, фрагментов: 2."
    assert "капуста" in answers[0][0] and len(answers[0]) == 1
    assert stand.index.start_wanted("x", again=True) is None, "it is ready"


def test_a_question_begins_it_as_work_and_goes_without_it_when_that_is_cancelled(stand: Stand) -> None:
    asking, answers = in_thread(stand.ask)
    assert stand.held.reached.wait(SECONDS)
    work = stand.index.running([stand.notes])
    assert work is not None
    work.cancel()
    asking.join(SECONDS)
    assert answers[0][1:] == (NOT_BUILT,) and "капуста" not in answers[0][0]
    assert stand.ask()[1:] == (NOT_BUILT,), "and it is not begun again"
    assert stand.index.start_wanted("x", again=False) is None
    stand.held.go.set()
    assert stand.wanted(again=True).wait(SECONDS), "but where the role is picked anew"
    assert "капуста" in stand.ask()[0]


def test_the_status_says_that_the_files_were_left_out() -> None:
    report = ReplyReport(tokens_delivered=4, left_out=(NOT_BUILT,))
    assert status_line(report) == "чисто · 4 ток. · без файлов роли: указатель не построен"
    assert "no index" in status_line(report, "en")


def test_what_is_wrong_with_a_file_is_told_without_its_folder(stand: Stand) -> None:
    stand.held.go.set()
    stand.notes.write_bytes(b"\xff\xfe\xff")
    work = stand.wanted()
    assert work.wait(SECONDS) and work.state == "failed"
    assert work.error.startswith("garden.md:1: Is not UTF-8") and str(stand.notes.parent) not in work.error


def test_a_role_without_files_needs_nothing(stand: Stand) -> None:
    assert stand.index.start_wanted("", again=True) is None
    stand.role = Role(id="x", name="X", system="Ты.")
    assert stand.index.start_wanted("x", again=True) is None


def test_a_book_that_does_not_fit_is_looked_up_as_well(stand: Stand, tmp_path: Path) -> None:
    book = tmp_path / "book.md"
    book.write_text("# Книга\n\n" + "Слово за словом. " * 3000, encoding="utf-8")
    stand.role = Role(id="x", name="X", system=book.read_text("utf-8"), system_file=book)
    assert stand.index.files(stand.role) == (book,)
