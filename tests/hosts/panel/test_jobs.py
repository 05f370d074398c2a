"""Long work: told, cancelled, attached to; and the bar that shows it."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from role_engine.app.jobs import KEPT_ENDED, Job, JobCancelled, JobMessage, JobRunner, Report
from role_engine.errors import InputError
from role_engine.hosts.panel.job_styles import PATIENCE, looks, work_view
from role_engine.i18n.catalogue import Language

SECONDS = 20.0
"""How long a test waits for what must come soon; it fails, and does not pass, when that is too short."""


class Steps:
    """Work that goes one step each time it is let, and writes a file meanwhile that is there as a whole or not."""

    def __init__(self, out: Path | None = None, of: int = 4) -> None:
        self.out, self.of = out, of
        self._go, self._told = threading.Semaphore(0), threading.Semaphore(0)

    def step(self) -> None:
        """Let it take a step, and wait until it has told of it, or has ended."""
        self._go.release()
        assert self._told.acquire(timeout=SECONDS)

    def __call__(self, report: Report) -> JobMessage:
        part = self.out.with_name("part") if self.out is not None else None
        try:
            for number in range(1, self.of + 1):
                assert self._go.acquire(timeout=SECONDS)
                if part is not None:
                    part.write_text(str(number))
                report(JobMessage("index progress", {"names": "a.md", "done": number, "of": self.of}, number / self.of))
                self._told.release()
            if part is not None and self.out is not None:
                part.rename(self.out)
            return JobMessage("index done", {"names": "a.md", "size": self.of})
        finally:
            self._told.release()
            if part is not None:
                part.unlink(missing_ok=True)


@pytest.fixture
def works() -> Iterator[JobRunner]:
    made = JobRunner()
    yield made
    made.close()


def ended(work: Job) -> Job:
    assert work.wait(SECONDS), "it does not end"
    return work


def test_it_tells_how_far_it_is_in_the_readers_language_and_what_came_of_it(works: JobRunner, tmp_path: Path) -> None:
    steps = Steps(tmp_path / "out", of=2)
    work = works.start("a", steps)
    steps.step()
    assert work.told.share == 0.5
    assert work.told.text("ru") == "a.md: проиндексировано 1 из 2 фрагментов"
    assert work.told.text("en") == "a.md: 1 of 2 fragments indexed"
    steps.step()
    assert ended(work).state == "done" and work.told.text("en") == "The index is ready: a.md, 2 fragments."
    assert (tmp_path / "out").read_text() == "2"


def test_cancelled_in_the_middle_it_ends_at_its_next_report_and_leaves_nothing(
    works: JobRunner, tmp_path: Path
) -> None:
    steps = Steps(tmp_path / "out")
    work = works.start("a", steps)
    steps.step()
    assert (tmp_path / "part").exists()
    work.cancel()
    assert work.cancelling
    steps.step()
    assert ended(work).state == "cancelled" and not work.cancelling
    assert list(tmp_path.iterdir()) == []  # type: ignore[unreachable]


def test_the_same_work_is_not_done_twice_and_another_runs_beside_it(works: JobRunner) -> None:
    first, second = Steps(), Steps()
    one = works.start("a", first)
    assert works.start("a", Steps()) is one and works.running("a") is one
    other = works.start("b", second)
    first.step()
    one.cancel()
    first.step()
    second.step()
    assert ended(one).state == "cancelled" and other.state == "running"
    again = works.start("a", Steps(of=0))
    assert again is not one and ended(again).state == "done"
    other.cancel()
    second.step()


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            InputError("Is locked.", path=Path("/home/somebody/x.pdf"), hint="Save it."),
            "Не удалось: Is locked. Save it.",
        ),
        (RuntimeError("a secret"), "Не удалось: Ошибка сервера; подробности в его журнале."),
    ],
    ids=["told", "bug"],
)
def test_an_error_is_one_clear_line(works: JobRunner, error: Exception, said: str, caplog: Any) -> None:
    def fails(report: Report) -> JobMessage:
        raise error

    work = ended(works.start("a", fails))
    assert work.state == "failed"
    assert text_of(work_view(work, "ru", "index cancelled")) == said
    assert type(error) is not RuntimeError or "a secret" in caplog.text


def test_what_runs_at_the_end_of_the_program_is_cancelled(tmp_path: Path) -> None:
    works, left = JobRunner(), threading.Event()

    def endless(report: Report) -> JobMessage:
        try:
            while True:
                report(JobMessage("work begins"))
        finally:
            left.set()

    work = works.start("a", endless)
    works.close()
    assert left.is_set() and ended(work).state == "cancelled"


def test_ended_work_is_remembered_for_a_while(works: JobRunner) -> None:
    first = ended(works.start(0, Steps(of=0)))
    assert works.get(first.id) is first
    for number in range(1, KEPT_ENDED + 2):
        ended(works.start(number, Steps(of=0)))
    assert works.get(first.id) is None


# --- the bar


class Looking:
    """Takes looks at a work; its pauses are the test's."""

    def __init__(self, work: Job, language: Language = "ru", *, eager: bool = True) -> None:
        self.between: list[Callable[[], object]] = []
        self.paused, self.wanted = 0, True
        self._looks = looks(
            work, lambda: language, lambda: self.wanted, eager=eager, cancelled="index cancelled", pause=self._pause
        )

    async def _pause(self, seconds: float) -> None:
        assert 0.1 <= seconds <= 1
        self.paused += 1
        if self.between:
            self.between.pop(0)()

    def all(self) -> list[tuple[str, bool]]:
        """What each look showed, and whether it could be cancelled."""

        async def take() -> list[tuple[str, bool]]:
            return [(text_of(look.shown), look.running and not look.cancelling) async for look in self._looks]

        return asyncio.run(take())


def text_of(html: str) -> str:
    return re.sub(r"<[^>]+>", "", html).removeprefix("✓ ")


def test_between_two_looks_a_thousand_reports_are_one_update(works: JobRunner) -> None:
    steps = Steps(of=1002)
    work = works.start("a", steps)
    looking = Looking(work)
    looking.between = [
        lambda: [steps.step() for _ in range(1000)],  # type: ignore[func-returns-value]
        lambda: None,  # nothing has changed: nothing is sent
        lambda: [steps.step(), steps.step(), ended(work)],  # type: ignore[func-returns-value]
    ]
    assert looking.all() == [
        ("начинается…", True),
        ("a.md: проиндексировано 1000 из 1002 фрагментов · 100\u00a0%", True),
        ("Указатель готов: a.md, фрагментов: 1002.", False),
    ]
    assert looking.paused == 3, "it asks for nothing once the work is over"


def test_a_bar_that_nobody_asked_for_appears_only_when_the_work_takes_its_time(works: JobRunner) -> None:
    quick, slow = works.start("a", Steps(of=0)), Steps(of=1)
    ended(quick)
    assert Looking(quick, eager=False).all() == []
    work = works.start("b", slow)
    looking = Looking(work, "en", eager=False)
    looking.between = [*[lambda: None] * PATIENCE, lambda: [slow.step(), ended(work)]]  # type: ignore[func-returns-value]
    assert looking.all() == [("beginning…", True), ("The index is ready: a.md, 1 fragments.", False)]


def test_a_quick_work_that_fails_is_told(works: JobRunner) -> None:
    def fails(report: Report) -> JobMessage:
        raise InputError("Is locked.")

    work = ended(works.start("a", fails))
    assert Looking(work, eager=False).all() == [("Не удалось: Is locked.", False)]


def test_a_cancelled_work_is_seen_to_end_and_two_sessions_see_the_same(works: JobRunner) -> None:
    steps = Steps()
    work = works.start("a", steps)
    looking = Looking(work)
    looking.between = [work.cancel, lambda: [steps.step(), ended(work)]]  # type: ignore[func-returns-value]
    (first, second, last) = looking.all()
    assert first == ("начинается…", True) and second == ("отменяется…", False)
    assert "недостроенное стёрто" in last[0] and not last[1]
    assert Looking(work, "en").all()[0][0].startswith("Cancelled")


def test_the_bar_leaves_a_work_that_is_not_wanted_any_more(works: JobRunner) -> None:
    steps = Steps()
    work = works.start("a", steps)
    looking = Looking(work)
    looking.between = [lambda: setattr(looking, "wanted", False)]
    assert len(looking.all()) == 1
    assert work.state == "running", "the work goes on"
    work.cancel()
    steps.step()


def test_no_name_gets_into_the_page_as_markup(works: JobRunner) -> None:
    def names(report: Report) -> JobMessage:
        return JobMessage("index done", {"names": "<img src=x>'", "size": 1})

    work = ended(works.start("a", names))
    assert "<img" not in work_view(work, "ru", "index cancelled")
    work.state = "running"
    assert "<img" not in work_view(work, "ru", "index cancelled")
    assert "'&" not in work_view(work, "ru", "index cancelled").split("aria-valuetext=")[1].split(">")[0]


def test_cancelled_is_no_error_that_anybody_on_the_way_takes_for_a_problem() -> None:
    from role_engine.errors import RoleEngineError
    from role_engine.knowledge.index_folder import DAMAGE

    assert not issubclass(JobCancelled, (RoleEngineError, *DAMAGE))
