"""Clean Russian sentences to put defects into."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from importlib.resources import files
from pathlib import Path

from role_engine.bench.prose import SUFFIXES, find_files, read_blocks
from role_engine.errors import InputError

FEWEST_WORDS = 4

_CLEAN = re.compile(r"[А-Яа-яЁё0-9 ,.;:!?…«»„“()—–%№\u00a0\-]+")
_END = re.compile(r"(?<=[.!?…])[»”)]?\s+(?=[«„—А-ЯЁ])")
_CONLLU = "# text = "


def sample() -> list[str]:
    """Our own: some 320 sentences of stories, letters, advice, history and popular science; no documentation."""
    return [sentence for name in ("clean_russian", "everyday_russian") for sentence in read_sample(name)]


def read_sample(name: str) -> list[str]:
    """The sentences of one file of ours."""
    return files("role_engine.bench.defects").joinpath(f"data/{name}.txt").read_text("utf-8").splitlines()


def read_sentences(sources: Sequence[Path]) -> list[str]:
    """The sentences of files and folders, each once, in order.

    A `.txt` file holds one in a line, a `.conllu` file in its `# text` lines; what these hold is taken as it is. Of
    documentation (files or folders of it) those sentences are taken that stand in Russian letters alone.

    Raises:
        InputError: a source is not there or not UTF-8, or there are no sentences in all of them.
    """
    found: dict[str, None] = {}
    for source in sources:
        try:
            found.update(dict.fromkeys(_sentences_of(source)))
        except OSError as error:
            raise InputError(f"{source} cannot be read: {error.strerror or error}.") from None
        except UnicodeDecodeError as error:
            raise InputError(f"{source} is not UTF-8 text (byte {error.start}).") from None
    if not found:
        raise InputError("There are no Russian sentences in " + ", ".join(map(str, sources)) + ".")
    return list(found)


def _sentences_of(source: Path) -> Iterator[str]:
    if not source.exists():
        raise FileNotFoundError(2, "no such file or folder", str(source))
    if source.is_file() and source.suffix.lower() not in SUFFIXES:
        for line in source.read_text("utf-8-sig").splitlines():
            if source.suffix.lower() == ".conllu":
                line = line.removeprefix(_CONLLU) if line.startswith(_CONLLU) else ""
            if line.strip():
                yield line.strip()
        return
    for path in find_files(source):
        for block in read_blocks(path):
            if block.place in ("paragraph", "quote"):
                yield from _clean_ones(block.text)


def _clean_ones(text: str) -> Iterator[str]:
    for sentence in _END.split(" ".join(text.split())):
        if _CLEAN.fullmatch(sentence) and sentence[-1] in ".!?…" and len(sentence.split()) >= FEWEST_WORDS:
            yield sentence
