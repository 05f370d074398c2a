"""The index of a role's files, built as a piece of long work: before a question waits for it, where that can be known,
else while it waits, seen and cancelled on the page either way."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from role_engine.app.jobs import Job, JobMessage, JobRunner, Report
from role_engine.budget import ContextWindow
from role_engine.errors import InputError, TemplateError
from role_engine.knowledge import KnowledgeLibrary
from role_engine.knowledge.library import Build
from role_engine.roles import Role

if TYPE_CHECKING:
    from role_engine.hosts.panel.host import PanelHost

_READ, _WRITTEN = 0.1, 0.9  # shares of the whole at which files are read, and at which fragments are all done
_LONGEST_NAMES = 60  # characters


def build_as_work(works: JobRunner, library: KnowledgeLibrary) -> None:
    """Let every question that needs an index have it built among `works`; it waits, and goes without where that is
    cancelled."""

    def begin(files: tuple[Path, ...], build: Build) -> None:
        works.start(_key(files), partial(_built, library, files, build)).wait()

    library.begin = begin


class RoleIndex:
    """The indexes of a host's roles."""

    def __init__(self, host: PanelHost) -> None:
        self._host = host

    @property
    def library(self) -> KnowledgeLibrary:
        return self._host.teller.knowledge

    def files(self, role: Role | None) -> tuple[Path, ...]:
        """The files that a question to the role is looked up in on the loaded model."""
        if role is None:
            return ()
        host = self._host
        try:
            return host.teller.list_knowledge_files(
                role, ContextWindow(host.context(), host.counter(), str(host.model()))
            )
        except TemplateError:  # the reply says so
            return role.knowledge.files

    def start_wanted(self, chosen: str, *, again: bool) -> Job | None:
        """The work that a question to the chosen role would wait for, begun now; None where its index is ready.

        Args:
            chosen: the value of the page's role box.
            again: begin it even where it was cancelled before.
        """
        files = self.files(self._host.role_in_force(chosen))
        if self.library.is_known(files) or (self.library.is_given_up(files) and not again):
            return None
        return self.build(files)

    def build(self, files: Sequence[Path], *, anew: bool = False) -> Job:
        """Begin the building; `anew`: even where the index is current."""
        files = tuple(files)
        build = partial(self.library.build, files, anew=anew)
        return self._host.works.start(_key(files), partial(_built, self.library, files, build))

    def running(self, files: Sequence[Path]) -> Job | None:
        return self._host.works.running(_key(tuple(files)))


def without_folders(problem: str, files: Sequence[Path]) -> str:
    """A problem with files, which are called by their names alone: the page is not told where they lie."""
    for path in files:
        problem = problem.replace(str(path), path.name)
    return problem


def _key(files: tuple[Path, ...]) -> tuple[str, tuple[Path, ...]]:
    return ("index", files)


def _built(library: KnowledgeLibrary, files: tuple[Path, ...], build: Build, report: Report) -> JobMessage:
    names = ", ".join(path.name for path in files)
    if len(names) > _LONGEST_NAMES:
        names = names[:_LONGEST_NAMES] + "…"

    def reading(name: str, number: int, of: int) -> None:
        report(JobMessage("index reading", {"name": name, "number": number, "of": of}, _READ * (number - 1) / of))

    def progress(done: int, of: int) -> None:
        share = _READ + (_WRITTEN - _READ) * done / of
        report(JobMessage("index progress", {"names": names, "done": done, "of": of}, share))

    build(reading=reading, progress=progress)
    state = library.state(files)
    if state.problems and not state.size:
        raise InputError(without_folders(state.problems[0], files))
    return JobMessage("index done", {"names": names, "size": state.size})
