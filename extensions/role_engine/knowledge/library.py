"""The knowledge of all roles, always as fresh as the files.

Each question looks at the files (times, sizes, inodes). Where one has changed its content is read again, and where that
is another the index is built anew; an index that was built before, by this program or another, is taken from the cache.
"""

from __future__ import annotations

import logging
import shutil
import tempfile
import threading
import time
import weakref
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from role_engine.errors import InputError
from role_engine.knowledge.bm25 import Bm25Retriever
from role_engine.knowledge.documents import read_bytes
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
from role_engine.knowledge.retriever import Progress, Retriever
from role_engine.roles.role import Knowledge

log = logging.getLogger("role_engine")

KEPT_OPEN = 32
"""Indexes that are held open, one a set of files."""
SILENT = 5.0
"""Seconds of building between two lines in the log."""

Signature = tuple[int, int, int, int] | None


@dataclass(slots=True)
class _Shelf:
    """What is known of one set of files."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    signatures: tuple[Signature, ...] | None = None
    index: KnowledgeIndex | None = None
    problems: tuple[str, ...] = ()


class KnowledgeLibrary:
    """Looks things up in files. All methods may be called from any thread, and none raises for what is in a file.

    Args:
        cache: folder for the indexes, made when it is needed; None, or one that cannot be written: a folder that goes
            with this object. It may be deleted at any time.
        retriever: by words where none is given.
        progress: told of the building of an index.
    """

    def __init__(
        self, cache: Path | None = None, *, retriever: Retriever | None = None, progress: Progress | None = None
    ) -> None:
        self._cache, self._retriever = cache, retriever or Bm25Retriever()
        self._progress = progress
        self._lock = threading.Lock()
        self._shelves: OrderedDict[tuple[Path, ...], _Shelf] = OrderedDict()
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

    def _shelf(self, files: tuple[Path, ...]) -> _Shelf:
        with self._lock:
            shelf = self._shelves.setdefault(files, _Shelf())
            self._shelves.move_to_end(files)
            while len(self._shelves) > KEPT_OPEN:
                self._shelves.popitem(last=False)
            return shelf

    def _fresh(self, files: tuple[Path, ...], shelf: _Shelf) -> KnowledgeIndex | None:
        with shelf.lock:
            signatures = tuple(_signature(path) for path in files)
            if signatures != shelf.signatures:
                self._refresh(files, shelf)
                shelf.signatures = signatures  # taken before reading: a change meanwhile is seen the next time
                for problem in shelf.problems:
                    log.warning("knowledge: %s", problem)
            return shelf.index

    def _refresh(self, files: tuple[Path, ...], shelf: _Shelf) -> None:
        documents: list[Document] = []
        problems: list[str] = []
        for path in files:
            try:
                if path.resolve() != path:  # a role's paths were resolved: a link has taken this file's place since
                    raise InputError("Is reached through a link, and is not read.", path=path)
                raw = read_bytes(path)
                documents.append(Document(path, raw, sha256(raw).hexdigest()))
            except InputError as error:
                problems.append(str(error))
        try:
            shelf.index = self._opened(files, documents) if documents else None
            problems += shelf.index.problems if shelf.index else ()
        except InputError as error:
            shelf.index = None
            problems.append(str(error))
        except DAMAGE as error:
            shelf.index = None
            problems.append(f"The index cannot be written or read: {error}.")
        shelf.problems = tuple(problems)

    def _opened(self, files: tuple[Path, ...], documents: Sequence[Document]) -> KnowledgeIndex:
        """The index of `documents`: the one that is kept, or a new one."""
        name = folder_name(documents, self._retriever)
        home = self._home(files)
        kept = self._kept(home / name)
        if kept is not None:
            return kept
        begun = time.monotonic()
        index = KnowledgeIndex(build(home, name, documents, self._retriever, self._told(documents)), self._retriever)
        names = ", ".join(document.path.name for document in documents)
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

    def _forget(self, shelf: _Shelf, index: KnowledgeIndex) -> None:
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
                self._passing = Path(tempfile.mkdtemp(prefix="role-engine-knowledge-"))
                weakref.finalize(self, shutil.rmtree, self._passing, ignore_errors=True)
            return self._passing / name

    def _told(self, documents: Sequence[Document]) -> Progress:
        """The caller's progress; without one a line in the log now and then, seen where no logging is set up too."""
        names = ", ".join(document.path.name for document in documents)
        last = time.monotonic()

        def told(done: int, of: int) -> None:
            nonlocal last
            if self._progress is not None:
                self._progress(done, of)
            elif (now := time.monotonic()) - last > SILENT:
                last = now
                log.warning("knowledge: %s is being indexed, %d of %d paragraphs; the reply waits", names, done, of)

        return told


def _signature(path: Path) -> Signature:
    try:
        stat = path.stat()
    except (OSError, ValueError):
        return None
    return stat.st_mtime_ns, stat.st_ctime_ns, stat.st_size, stat.st_ino
