"""What `balanced` refuses of prose that people published, where nearly every refusal is a false alarm."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import regex

from role_engine.bench.chance import some
from role_engine.bench.prose import Block, find_files, read_blocks
from role_engine.bench.prose.block import PLACES, Place
from role_engine.bench.prose.slips import Slip, is_slip
from role_engine.errors import InputError
from role_engine.language import Kind, LanguagePolicy, check
from role_engine.language.alphabets import FLAGS, LATIN

RUSSIAN_LETTERS = 20
"""A block with fewer is no Russian prose, and is not counted."""
AROUND = 60
"""Characters of a refusal's line that are shown on each side of it."""
BALANCED = LanguagePolicy(mode="balanced")

_RUSSIAN = regex.compile("[А-Яа-яЁё]")
_WORD = regex.compile(rf"{LATIN}{{2,}}+", FLAGS)


@dataclass(frozen=True, slots=True)
class RefusedSpan:
    """One refused span. `words`: the Latin words that it touches; `context`: its line, cut on both sides."""

    file: str
    line: int
    place: Place
    kind: Kind
    text: str
    context: str
    words: int


@dataclass(slots=True)
class RefusalCount:
    """Blocks and Latin words, and those of them in which or of which something is refused."""

    blocks: int = 0
    blocks_refused: int = 0
    words: int = 0
    words_refused: int = 0

    def add(self, other: RefusalCount) -> None:
        self.blocks += other.blocks
        self.blocks_refused += other.blocks_refused
        self.words += other.words
        self.words_refused += other.words_refused

    def as_dict(self) -> dict[str, Any]:
        blocks, words = self.blocks_refused / max(self.blocks, 1), self.words_refused / max(self.words, 1)
        return {**asdict(self), "blocks_refused_share": blocks, "words_refused_share": words}


@dataclass(slots=True)
class SetResult:
    """What became of one set, or of all of them together. `slips`: the refusals that are listed, and not counted."""

    name: str
    all: RefusalCount = field(default_factory=RefusalCount)
    kinds: Counter[Kind] = field(default_factory=Counter)
    slips: int = 0
    places: dict[Place, RefusalCount] = field(default_factory=lambda: {place: RefusalCount() for place in PLACES})
    refusals: list[RefusedSpan] = field(default_factory=list)

    def add(self, other: SetResult) -> None:
        self.all.add(other.all)
        self.kinds.update(other.kinds)
        self.refusals += other.refusals
        self.slips += other.slips
        for place, count in other.places.items():
            self.places[place].add(count)

    def as_dict(self) -> dict[str, Any]:
        return {
            "set": self.name,
            **self.all.as_dict(),
            "slips": self.slips,
            "kinds": dict(self.kinds.most_common()),
            "places": {place: count.as_dict() for place, count in self.places.items() if count.blocks},
        }


@dataclass(frozen=True, slots=True)
class ProseSet:
    """The blocks of one folder that count."""

    name: str
    folder: Path
    blocks: Sequence[Block]


@dataclass(frozen=True, slots=True)
class ProseResult:
    sets: Sequence[SetResult]
    seed: int
    limit: int | None

    @property
    def sum(self) -> SetResult:
        total = SetResult("all")
        for one in self.sets:
            total.add(one)
        return total

    def samples(self, number: int) -> Mapping[str, list[RefusedSpan]]:
        """Up to `number` refusals of each set, the same for the same seed, in the order of the files."""
        return {one.name: some(one.refusals, number, self.seed) for one in self.sets}

    def as_dict(self) -> dict[str, Any]:
        return {
            "benchmark": "check --prose",
            "policy": BALANCED.mode,
            "seed": self.seed,
            "limit": self.limit,
            "sets": [{**one.as_dict(), "refusals": [asdict(refusal) for refusal in one.refusals]} for one in self.sets],
            "sum": self.sum.as_dict(),
        }


def read_sets(folders: Sequence[Path], *, limit: int | None = None, seed: int = 0) -> list[ProseSet]:
    """The blocks that count of each folder (or file): at least 20 Russian letters, and a Latin word of at least two.

    Args:
        limit: take at most so many of each, by chance.

    Raises:
        InputError: a folder is not there, or holds no such block.
    """
    return [ProseSet(name, folder, _blocks_of(folder, limit, seed)) for name, folder in _named(folders)]


def counts(text: str) -> bool:
    """Whether a block is Russian prose with something Latin in it."""
    return _WORD.search(text) is not None and len(_RUSSIAN.findall(text)) >= RUSSIAN_LETTERS


def measure(
    sets: Iterable[ProseSet],
    *,
    policy: LanguagePolicy = BALANCED,
    seed: int = 0,
    limit: int | None = None,
    slips: Sequence[Slip] = (),
    advance: Callable[[int], None] = lambda done: None,
) -> ProseResult:
    """Check every block by itself, as a reply without a question.

    Args:
        seed, limit: those that the sets were read with; the former also chooses the samples.
        slips: refusals that are right, which are left out.
        advance: told of each block that is done.
    """
    found = []
    for one in sets:
        measured = SetResult(one.name)
        for block in one.blocks:
            _add(measured, block, one.folder, policy, slips)
            advance(1)
        found.append(measured)
    return ProseResult(found, seed, limit)


def _add(measured: SetResult, block: Block, folder: Path, policy: LanguagePolicy, slips: Sequence[Slip]) -> None:
    found = check(block.text, policy).violations
    violations = [one for one in found if not is_slip(one.text, _context(block.text, one.start, one.end), slips)]
    measured.slips += len(found) - len(violations)
    words = [word.span() for word in _WORD.finditer(block.text)]
    hit: set[tuple[int, int]] = set()
    for violation in violations:
        touched = [word for word in words if word[0] < violation.end and violation.start < word[1]]
        hit.update(touched)
        measured.kinds[violation.kind] += 1
        measured.refusals.append(
            RefusedSpan(
                str(block.path.relative_to(folder)) if block.path != folder else block.path.name,
                block.line + block.text.count("\n", 0, violation.start),
                block.place,
                violation.kind,
                violation.text,
                _context(block.text, violation.start, violation.end),
                len(touched),
            )
        )
    count = RefusalCount(1, bool(violations), len(words), len(hit))
    measured.all.add(count)
    measured.places[block.place].add(count)


def _context(text: str, start: int, end: int) -> str:
    first = max(text.rfind("\n", 0, start) + 1, start - AROUND)
    last = text.find("\n", end)
    return text[first : min(len(text) if last < 0 else last, end + AROUND)]


def _blocks_of(folder: Path, limit: int | None, seed: int) -> list[Block]:
    try:
        blocks = [block for path in find_files(folder) for block in read_blocks(path) if counts(block.text)]
    except OSError as error:
        raise InputError(f"{error.filename} cannot be read: {error.strerror or error}.") from None
    if not blocks:
        what = "is not there" if not folder.exists() else "holds no Russian prose with Latin words in it"
        raise InputError(f"{folder} {what}.", hint="Markdown, AsciiDoc, reStructuredText, HTML and PO files are read.")
    return blocks if limit is None else some(blocks, limit, seed)


def _named(folders: Sequence[Path]) -> Iterator[tuple[str, Path]]:
    """Each folder under its name; of two with one name the second under its path."""
    seen: set[str] = set()
    for folder in folders:
        name = folder.name or folder.resolve().name or str(folder)
        yield (name if name not in seen else str(folder)), folder
        seen.add(name)
