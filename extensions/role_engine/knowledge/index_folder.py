"""An index on the disk: the fragments, and what the retriever needs to find them.

A folder is written under another name and renamed, and never changed after that: it is there as a whole or not at all,
and two programs that make the same one do not disturb each other.
"""

from __future__ import annotations

import json
import os
import shutil
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from role_engine.errors import InputError
from role_engine.files import is_unfinished, new_folder
from role_engine.knowledge.chunks import chunks
from role_engine.knowledge.documents import document_text
from role_engine.knowledge.retriever import Progress, Ranking, Reading, Retriever

FORMAT = "1"
"""Changes with what the files of a folder hold, and with how texts are cut."""

DAMAGE = (OSError, ValueError, LookupError, EOFError, TypeError)
"""What an index raises that has gone or been damaged."""

_FRAGMENTS, _BEGINS, _ABOUT = "fragments.jsonl", "begins.bin", "about.json"


@dataclass(frozen=True, slots=True)
class Document:
    """A file as it was read; `digest` is its content's."""

    path: Path
    raw: bytes
    digest: str


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of a role's knowledge.

    Attributes:
        source: the file's name.
        headings: those it stands under, the outermost first.
        score: how well it answers, in the retriever's own measure.
    """

    text: str
    source: str
    headings: tuple[str, ...] = ()
    score: float = 0.0


class KnowledgeIndex:
    """An open index. May be used from several threads at once.

    Attributes:
        size: how many fragments there are.
        problems: what was wrong with documents when it was built.
    """

    def __init__(self, folder: Path, retriever: Retriever) -> None:
        about = json.loads((folder / _ABOUT).read_text(encoding="utf-8"))
        self.folder, self.size, self.problems = folder, int(about["size"]), tuple(about["problems"])
        self._begins = array("Q")
        self._begins.frombytes((folder / _BEGINS).read_bytes())
        if len(self._begins) != self.size + 1 or os.path.getsize(folder / _FRAGMENTS) != self._begins[-1]:
            raise ValueError("the index is not whole")
        self._ranking: Ranking | None = retriever.open(folder) if self.size else None

    def find(self, question: str, limit: int) -> list[Fragment]:
        """The fragments that answer, the best first.

        Raises:
            OSError, ValueError, LookupError, EOFError, TypeError: `DAMAGE`.
        """
        hits = self._ranking.rank(question, limit) if self._ranking is not None else []
        if not hits:
            return []
        found = []
        with (self.folder / _FRAGMENTS).open("rb") as stream:  # opened anew: threads share no position
            for hit in hits:
                begin, end = self._begins[hit.number], self._begins[hit.number + 1]
                stream.seek(begin)
                text, source, headings = json.loads(stream.read(end - begin))
                found.append(Fragment(text, source, tuple(headings), hit.score))
        return found


def folder_name(documents: Sequence[Document], retriever: Retriever) -> str:
    """A name that says what is in the folder: other content, another name."""
    said = [FORMAT, retriever.identity, *(f"{one.path.name} {one.digest}" for one in documents)]
    return sha256("\n".join(said).encode()).hexdigest()[:32]


def build(
    home: Path,
    name: str,
    documents: Sequence[Document],
    retriever: Retriever,
    progress: Progress,
    *,
    reading: Reading | None = None,
    anew: bool = False,
) -> Path:
    """Write the folder `name` in `home`, from what can be read of `documents`; what cannot is among its problems.

    Args:
        reading: told of each document before it is read.
        anew: in the place of a folder that is there.

    Raises:
        OSError: it cannot be written.
        InputError: a package is missing.
    """
    fragments, problems = _fragments(documents, reading)
    try:
        with new_folder(home / name, replace=anew, lasting=False) as made:
            _write_fragments(made, fragments)
            if fragments:
                retriever.build([_as_looked_up(one) for one in fragments], made, progress)
            about = {"size": len(fragments), "problems": problems}
            (made / _ABOUT).write_text(json.dumps(about, ensure_ascii=False), encoding="utf-8")
    except FileExistsError:  # another program has made the same one meanwhile
        if not (home / name).is_dir():
            raise
    return home / name


def remove_others(home: Path, name: str) -> None:
    """Remove what stands beside the folder `name`, but for what another program is writing."""
    for other in home.iterdir():
        if other.name != name and not is_unfinished(other.name):
            shutil.rmtree(other, ignore_errors=True)


def _fragments(documents: Sequence[Document], reading: Reading | None) -> tuple[list[Fragment], list[str]]:
    found: dict[str, Fragment] = {}
    problems: list[str] = []
    for number, document in enumerate(documents, 1):
        if reading is not None:
            reading(document.path.name, number, len(documents))
        try:
            text = document_text(document.path, document.raw)
        except InputError as error:
            problems.append(str(error))
            continue
        for chunk in chunks(text):  # what stands there twice is found once
            found.setdefault(chunk.text, Fragment(chunk.text, document.path.name, chunk.headings))
    return list(found.values()), problems


def _as_looked_up(fragment: Fragment) -> str:
    return "\n".join((*fragment.headings, fragment.text))


def _write_fragments(folder: Path, fragments: Sequence[Fragment]) -> None:
    begins = array("Q", [0])
    with (folder / _FRAGMENTS).open("wb") as stream:
        for one in fragments:
            line = json.dumps([one.text, one.source, one.headings], ensure_ascii=False) + "\n"
            begins.append(begins[-1] + stream.write(line.encode("utf-8", "replace")))
    (folder / _BEGINS).write_bytes(begins.tobytes())
