"""What is known of one set of files: as they were when they were read, their index, what is wrong with them."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Literal

from role_engine.errors import InputError
from role_engine.file_signature import Signature, signature_of
from role_engine.knowledge.documents import read_bytes
from role_engine.knowledge.index_folder import Document, KnowledgeIndex


@dataclass(slots=True)
class IndexEntry:
    """One set of files.

    Attributes:
        signatures: the files as they were when `index` was made of them.
        given_up: the files as they were when the building of their index was broken off.
    """

    lock: threading.Lock = field(default_factory=threading.Lock)
    signatures: tuple[Signature, ...] | None = None
    index: KnowledgeIndex | None = None
    problems: tuple[str, ...] = ()
    given_up: tuple[Signature, ...] | None = None


@dataclass(frozen=True, slots=True)
class IndexState:
    """How it stands with the index of some files.

    Attributes:
        stage: `current`; `absent`: there is none, or an older one; `busy`: it is being built or read just now.
        size: fragments, where the index is current.
        given_up: its building was broken off, and questions go without it.
    """

    stage: Literal["current", "absent", "busy"]
    size: int = 0
    problems: tuple[str, ...] = ()
    given_up: bool = False


def read_files(files: Sequence[Path]) -> tuple[list[Document], list[str]]:
    """The files' contents, and what is wrong with those that cannot be read."""
    documents: list[Document] = []
    problems: list[str] = []
    for path in files:
        try:
            raw = read_bytes(path)
            documents.append(Document(path, raw, sha256(raw).hexdigest()))
        except InputError as error:
            problems.append(str(error))
    return documents, problems


def names_of(files: Sequence[Path]) -> str:
    return ", ".join(path.name for path in files)


def signatures_of(files: Sequence[Path]) -> tuple[Signature, ...]:
    return tuple(signature_of(path) for path in files)
