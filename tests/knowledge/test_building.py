"""The building of an index: told, broken off, begun again, done where a program wants it done."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from role_engine.knowledge import KnowledgeLibrary
from tests.knowledge.conftest import NOTES, Write

ASKED = "Когда сажать чеснок?"


class BrokenOff(Exception):
    pass


def break_off_at(number: int) -> Callable[[int, int], None]:
    def told(done: int, of: int) -> None:
        if done == number:
            raise BrokenOff

    return told


def built(cache: Path) -> list[str]:
    """The names of indexes, of half-built ones too."""
    return [path.name for home in cache.iterdir() for path in home.iterdir()] if cache.exists() else []


def test_each_file_and_each_fragment_is_told(library: KnowledgeLibrary, notes: Path, write: Write) -> None:
    read: list[tuple[str, int, int]] = []
    told: list[tuple[int, int]] = []
    files = [notes, write("more.txt", "Капуста.")]
    library.build(files, reading=lambda *one: read.append(one), progress=lambda *one: told.append(one))
    assert read == [("notes.md", 1, 2), ("more.txt", 2, 2)]
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]
    read.clear()
    library.build(files, reading=lambda *one: read.append(one))
    assert read == [], "it is current"


def test_broken_off_it_leaves_nothing_and_no_question_begins_it_again(
    library: KnowledgeLibrary, cache: Path, notes: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(BrokenOff):
        library.build([notes], progress=break_off_at(2))
    assert built(cache) == [] and library.is_given_up([notes])
    assert library.find([notes], ASKED, 3) == [] and built(cache) == []
    assert (library.state([notes]).stage, library.state([notes]).given_up) == ("absent", True)
    assert "notes.md: the index was not finished" in caplog.text
    library.build([notes])
    assert library.find([notes], ASKED, 3) and not library.is_given_up([notes])


def test_a_file_that_changes_begins_it_again(library: KnowledgeLibrary, notes: Path, write: Write) -> None:
    with pytest.raises(BrokenOff):
        library.build([notes], reading=lambda name, number, of: break_off_at(1)(number, of))
    write("notes.md", NOTES.replace("октябре", "сентябре"))
    assert not library.is_given_up([notes])
    assert "сентябре" in library.find([notes], ASKED, 1)[0].text


def test_while_it_is_built_anew_the_one_before_serves_and_outlives_a_break(
    library: KnowledgeLibrary, cache: Path, notes: Path
) -> None:
    library.build([notes])
    (name,) = built(cache)
    with pytest.raises(BrokenOff):
        library.build([notes], anew=True, progress=break_off_at(2))
    assert built(cache) == [name] and not library.is_given_up([notes])
    assert library.state([notes]).stage == "current" and library.find([notes], ASKED, 3)
    told: list[int] = []
    library.build([notes], anew=True, progress=lambda done, of: told.append(done))
    assert told == [1, 2, 3] and built(cache) == [name] and library.find([notes], ASKED, 3)


def test_its_state_is_seen_without_building_it(library: KnowledgeLibrary, cache: Path, notes: Path) -> None:
    assert library.state([notes]).stage == "absent" and built(cache) == []
    assert not library.is_known([notes]) and library.is_known([])
    library.build([notes])
    assert (library.state([notes]).stage, library.state([notes]).size) == ("current", 3)
    another = KnowledgeLibrary(cache)
    assert another.state([notes]).size == 3, "another program finds the one that is kept"
    assert another.is_known([notes])
    missing = notes.with_name("missing.md")
    assert "There is no such file" in library.state([missing]).problems[0]


def test_its_state_is_seen_while_it_is_built(library: KnowledgeLibrary, notes: Path) -> None:
    seen = []
    library.build([notes], progress=lambda done, of: seen.append(look(library, notes)))
    assert seen == ["busy"] * 3


def look(library: KnowledgeLibrary, notes: Path) -> str:
    """From another thread, as a page does."""
    found: list[str] = []
    thread = threading.Thread(target=lambda: found.append(library.state([notes]).stage))
    thread.start()
    thread.join(10)
    return found[0]


def test_a_program_begins_it_in_its_own_way(library: KnowledgeLibrary, notes: Path) -> None:
    begun: list[tuple[Path, ...]] = []

    def begin(files: tuple[Path, ...], build: Callable[..., None]) -> None:
        begun.append(files)
        thread = threading.Thread(target=build, kwargs={"progress": lambda done, of: None})
        thread.start()
        thread.join(10)

    library.begin = begin
    assert library.find([notes], ASKED, 3) and library.find([notes], "Тыква?", 3)
    assert begun == [(notes,)]
