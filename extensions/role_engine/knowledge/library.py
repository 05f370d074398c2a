"""The knowledge of all roles, always as fresh as the files.

Each question looks at the files (times, sizes, inodes). Where one has changed its content is read again, and where that
is another the index is built anew; an index that was built before, by this program or another, is taken from the cache.

What a caller's progress raises ends the building, with nothing half-written. No question begins it again then: they go
without those files until `build` is called, or a file changes.
"""

from __future__ import annotations

import logging
import shutil
import tempfile
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from functools import partial
from hashlib import sha256
from pathlib import Path

from role_engine.errors import InputError
from role_engine.files import passing_folder
from role_engine.knowledge.bm25 import Bm25Retriever
from role_engine.knowledge.index_entry import IndexEntry, IndexState, names_of, read_files, signatures_of
from role_engine.knowledge.index_folder import (
    DAMAGE,
    Document,
    Fragment,
    KnowledgeIndex,
    build,
    folder_name,
    remove_others,
)
from role_engine.knowledge.information import information
from role_engine.knowledge.retriever import Progress, Reading, Retriever
from role_engine.roles.role import Knowledge

log = logging.getLogger("role_engine")

KEPT_OPEN = 32
"""Indexes that are held open, one a set of files."""
SILENT = 5.0
"""Seconds of building between two lines in the log."""

Build = Callable[..., None]
"""`KnowledgeLibrary.build` for certain files; takes its keywords."""


class KnowledgeLibrary:
    """Looks things up in files. All methods may be called from any thread, and none raises for what is in a file.

    Args:
        cache: folder for the indexes, made when it is needed; None, or one that cannot be written: a folder that goes
            with this object. It may be deleted at any time.
        retriever: by words where none is given.
        progress: told of the building of an index.

    Attributes:
        begin: begins a building that a question needs, and returns when it is over; a program may have its own, that
            shows it and lets it be cancelled.
    """

    def __init__(
        self, cache: Path | None = None, *, retriever: Retriever | None = None, progress: Progress | None = None
    ) -> None:
        self._cache, self._retriever = cache, retriever or Bm25Retriever()
        self._progress = progress
        self.begin: Callable[[tuple[Path, ...], Build], None] = lambda files, build: build()
        self._lock = threading.Lock()
        self._shelves: OrderedDict[tuple[Path, ...], IndexEntry] = OrderedDict()
        self._passing: Path | None = None

    def information(self, knowledge: Knowledge, question: str, count: Callable[[str], int]) -> str:
        """What the files say of `question`, as a block for the prompt; empty where they say nothing of it.

        Args:
            count: tokens of a text, by the model's tokenizer where there is one.
        """
        found = self.find(knowledge.files, question, knowledge.top_k)
        return information(found, count, knowledge.max_tokens) if found else ""

    def find(self, files: Sequence[Path], question: str, limit: int) -> list[Fragment]:
        """The fragments of `files` that answer, the best first, at most `limit`."""
        files = tuple(files)
        if not files or not question.strip():
            return []
        shelf = self._shelf(files)
        for _ in range(2):
            index = self._fresh(files, shelf)
            if index is None:
                return []
            try:
                return index.find(question, limit)
            except InputError as error:
                log.warning("knowledge: %s", error)
                return []
            except DAMAGE as error:
                log.warning(
                    "knowledge: the index in %s is gone or damaged (%s); it is built again", index.folder, error
                )
                self._forget(shelf, index)
        return []

    def problems(self, files: Sequence[Path]) -> tuple[str, ...]:
        """What is wrong with files, and with looking them up."""
        files = tuple(files)
        if not files:
            return ()
        shelf = self._shelf(files)
        self._fresh(files, shelf)
        return shelf.problems

    @property
    def by(self) -> str:
        """What indexes are made by: `bm25-…`, or `embeddings-…` with the model's name."""
        return self._retriever.identity

    def build(
        self,
        files: Sequence[Path],
        *,
        anew: bool = False,
        reading: Reading | None = None,
        progress: Progress | None = None,
    ) -> None:
        """Make the index current; what is wrong with files is among `problems`.

        Args:
            anew: build it even where a current one is kept. That one serves until the new one is there.
            reading: told of each file before it is read.
            progress: told of the fragments that are done. What either raises ends the building, and is raised here.
        """
        files = tuple(files)
        shelf = self._shelf(files)
        with shelf.lock:
            signatures = signatures_of(files)
            if signatures == shelf.signatures and not anew:
                return
            shelf.given_up = None
            try:
                self._refresh(files, shelf, anew, reading, progress)
            except Exception:
                if signatures != shelf.signatures:
                    shelf.given_up, shelf.index, shelf.signatures = signatures, None, None
                    log.warning("knowledge: %s: the index was not finished; replies go without it", names_of(files))
                raise
            shelf.signatures = signatures  # taken before reading: a change meanwhile is seen the next time
            for problem in shelf.problems:
                log.warning("knowledge: %s", problem)

    def state(self, files: Sequence[Path]) -> IndexState:
        """How it stands with the index; nothing is built for that, though files may have to be read."""
        files = tuple(files)
        shelf = self._shelf(files)
        if not shelf.lock.acquire(blocking=False):
            return IndexState("busy")
        try:
            signatures = signatures_of(files)
            if signatures != shelf.signatures and signatures != shelf.given_up:
                documents, problems = read_files(files)
                try:
                    home = self._home(files)
                    kept = self._kept(home / folder_name(documents, self._retriever)) if documents else None
                except InputError as error:  # a package is missing
                    return IndexState("absent", problems=(*problems, str(error)))
                if kept is None:
                    return IndexState("absent", problems=tuple(problems))
                shelf.index, shelf.problems, shelf.signatures = kept, (*problems, *kept.problems), signatures
            given_up = signatures == shelf.given_up
            size = shelf.index.size if shelf.index is not None else 0
            return IndexState("absent" if given_up else "current", size, shelf.problems, given_up)
        finally:
            shelf.lock.release()

    def is_known(self, files: Sequence[Path]) -> bool:
        """Whether a question finds the index ready; a look at the files, nothing more."""
        files = tuple(files)
        return not files or signatures_of(files) == self._shelf(files).signatures

    def is_given_up(self, files: Sequence[Path]) -> bool:
        """Whether the files' index was not finished, so that questions go without it."""
        files = tuple(files)
        return bool(files) and signatures_of(files) == self._shelf(files).given_up

    def _shelf(self, files: tuple[Path, ...]) -> IndexEntry:
        with self._lock:
            shelf = self._shelves.setdefault(files, IndexEntry())
            self._shelves.move_to_end(files)
            while len(self._shelves) > KEPT_OPEN:
                self._shelves.popitem(last=False)
            return shelf

    def _fresh(self, files: tuple[Path, ...], shelf: IndexEntry) -> KnowledgeIndex | None:
        signatures = signatures_of(files)
        if signatures not in (shelf.signatures, shelf.given_up):
            self.begin(files, partial(self.build, files))
        with shelf.lock:
            return shelf.index

    def _refresh(
        self,
        files: tuple[Path, ...],
        shelf: IndexEntry,
        anew: bool,
        reading: Reading | None,
        progress: Progress | None,
    ) -> None:
        documents, problems = read_files(files)
        try:
            index = self._opened(files, documents, anew, reading, progress) if documents else None
            problems += index.problems if index else ()
        except InputError as error:
            index = None
            problems.append(str(error))
        except DAMAGE as error:
            index = None
            problems.append(f"The index cannot be written or read: {error}.")
        shelf.index, shelf.problems = index, tuple(problems)

    def _opened(
        self,
        files: tuple[Path, ...],
        documents: Sequence[Document],
        anew: bool,
        reading: Reading | None,
        progress: Progress | None,
    ) -> KnowledgeIndex:
        """The index of `documents`: the one that is kept, or a new one."""
        name = folder_name(documents, self._retriever)
        home = self._home(files)
        kept = None if anew else self._kept(home / name)
        if kept is not None:
            return kept
        begun, told = time.monotonic(), self._told(documents, progress)
        index = KnowledgeIndex(
            build(home, name, documents, self._retriever, told, reading=reading, anew=anew), self._retriever
        )
        names = names_of([document.path for document in documents])
        log.info("knowledge: %d paragraphs of %s in %.1f s", index.size, names, time.monotonic() - begun)
        remove_others(home, name)
        return index

    def _kept(self, folder: Path) -> KnowledgeIndex | None:
        if not folder.is_dir():
            return None
        try:
            index = KnowledgeIndex(folder, self._retriever)
        except DAMAGE as error:
            log.warning("knowledge: the index in %s cannot be used (%s); it is built again", folder, error)
            shutil.rmtree(folder, ignore_errors=True)
            return None
        if index.problems:  # a package may have been installed since
            shutil.rmtree(folder, ignore_errors=True)
            return None
        return index

    def _forget(self, shelf: IndexEntry, index: KnowledgeIndex) -> None:
        with shelf.lock:
            if shelf.index is index:
                shelf.index = shelf.signatures = None
                shutil.rmtree(index.folder, ignore_errors=True)

    def _home(self, files: tuple[Path, ...]) -> Path:
        """The folder for the indexes of one set of files."""
        name = sha256("\n".join([self._retriever.identity, *map(str, files)]).encode()).hexdigest()[:16]
        if self._cache is not None:
            home = self._cache / name
            try:
                home.mkdir(parents=True, exist_ok=True)
                tempfile.TemporaryFile(dir=home).close()
                return home
            except OSError as error:
                log.warning("knowledge: %s cannot be written (%s); indexes are not kept", self._cache, error)
        with self._lock:
            if self._passing is None:
                self._passing, _ = passing_folder(None, "knowledge", self)
            return self._passing / name

    def _told(self, documents: Sequence[Document], progress: Progress | None) -> Progress:
        """The callers' progress; without one a line in the log now and then, seen where no logging is set up too."""
        names = names_of([document.path for document in documents])
        listeners = [one for one in (self._progress, progress) if one is not None]
        last = time.monotonic()

        def report_progress(done: int, of: int) -> None:
            nonlocal last
            for listener in listeners:
                listener(done, of)
            if not listeners and (now := time.monotonic()) - last > SILENT:
                last = now
                log.warning("knowledge: %s is being indexed, %d of %d paragraphs; the reply waits", names, done, of)

        return report_progress
