"""The library: fresh, safe among threads, kept on the disk, and never in a role's way."""

from __future__ import annotations

import logging
import os
import shutil
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from role_engine.knowledge import KnowledgeLibrary
from role_engine.knowledge.bm25 import Bm25Retriever
from role_engine.roles import Role
from role_engine.roles.role import Knowledge
from tests.knowledge.conftest import NOTES, Write

ASKED = "Когда сажать чеснок?"


def words(text: str) -> int:
    return len(text.split())


class Counting(Bm25Retriever):
    """Counts how many indexes are built."""

    def __init__(self) -> None:
        super().__init__()
        self.built = 0

    def build(self, *arguments) -> None:  # type: ignore[no-untyped-def]
        self.built += 1
        super().build(*arguments)


def test_what_the_files_say_of_a_question(library: KnowledgeLibrary, notes: Path, write: Write) -> None:
    knowledge = Knowledge(files=(notes, write("more.txt", "Чеснок хранят в сухом чулане.")), top_k=5)
    assert library.information(knowledge, ASKED, words) == (
        "Информация (notes.md, «Огород», «Чеснок»): Озимый чеснок сажают в октябре, за месяц до морозов."
    )
    assert "(more.txt)" in library.information(knowledge, "Где хранят чеснок?", words)
    assert library.information(knowledge, "Привет!", words) == ""
    assert library.information(knowledge, "", words) == ""
    assert library.information(Knowledge(), ASKED, words) == ""


def test_at_most_top_k(library: KnowledgeLibrary, write: Write) -> None:
    many = write("many.md", "\n\n".join(f"Чеснок сорта {number} сажают рядами." for number in range(9)))
    for top_k in (1, 4):
        assert library.information(Knowledge(files=(many,), top_k=top_k), ASKED, words).count("Информация") == top_k


def test_a_changed_file_is_read_again_and_an_untouched_one_is_not(cache: Path, notes: Path, write: Write) -> None:
    retriever = Counting()
    library = KnowledgeLibrary(cache, retriever=retriever)
    assert library.find([notes], ASKED, 3) and library.find([notes], "Что с тыквой?", 3)
    assert retriever.built == 1
    write("notes.md", NOTES.replace("в октябре", "в сентябре"))
    assert "в сентябре" in library.find([notes], ASKED, 3)[0].text
    assert retriever.built == 2
    os.utime(notes)  # touched, the same content
    assert library.find([notes], ASKED, 3)
    assert retriever.built == 2


def test_a_change_that_leaves_time_and_size_as_they_were_is_seen(library: KnowledgeLibrary, notes: Path) -> None:
    assert library.find([notes], ASKED, 3)
    before = notes.stat()
    other = notes.with_name("other")
    other.write_text(NOTES.replace("октябре", "августе"), encoding="utf-8")
    os.utime(other, ns=(before.st_atime_ns, before.st_mtime_ns))
    other.replace(notes)
    assert "августе" in library.find([notes], ASKED, 3)[0].text


def test_the_index_is_kept_and_the_old_one_goes(cache: Path, notes: Path, write: Write) -> None:
    KnowledgeLibrary(cache).find([notes], ASKED, 3)
    again = Counting()
    assert KnowledgeLibrary(cache, retriever=again).find([notes], ASKED, 3)
    assert again.built == 0 if again.identity == Bm25Retriever().identity else again.built == 1
    (home,) = cache.iterdir()
    write("notes.md", NOTES + "\nЕщё абзац о капусте.\n")
    library = KnowledgeLibrary(cache)
    assert library.find([notes], "Где абзац о капусте?", 3)
    assert len(list(home.iterdir())) == 1


@pytest.mark.parametrize(
    "damage", ["fragments.jsonl", "begins.bin", "about.json", "indptr.csc.index.npy", "everything"]
)
def test_a_damaged_or_vanished_index_is_built_again(cache: Path, notes: Path, damage: str) -> None:
    library = KnowledgeLibrary(cache)
    assert library.find([notes], ASKED, 3)
    (folder,) = next(cache.iterdir()).iterdir()
    if damage == "everything":
        shutil.rmtree(cache)
    else:
        (folder / damage).unlink()  # not cut short in place: that would pull the memory from under who has it mapped
        (folder / damage).write_bytes(b"")
    assert KnowledgeLibrary(cache).find([notes], ASKED, 3), "a new program"
    assert library.find([notes], ASKED, 3), "one that has it open"


def test_a_cache_that_cannot_be_written_is_done_without(
    tmp_path: Path, notes: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("")
    library = KnowledgeLibrary(tmp_path / "file" / "cache")
    assert library.find([notes], ASKED, 3)
    assert "cannot be written" in caplog.text


def test_a_missing_file_is_reported_once_and_the_others_serve(
    library: KnowledgeLibrary, notes: Path, write: Write, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    files = [notes, tmp_path / "gone.md"]
    assert library.find(files, ASKED, 3) and library.find(files, ASKED, 3)
    assert [record.message for record in caplog.records].count(f"knowledge: {files[1]}: There is no such file.") == 1
    write("gone.md", "Капусту солят в бочке.")
    assert library.find(files, "Где солят капусту?", 3)
    assert library.problems(files) == ()


def test_a_broken_file_is_reported_and_the_others_serve(library: KnowledgeLibrary, notes: Path, tmp_path: Path) -> None:
    (tmp_path / "old.txt").write_bytes("Старый текст".encode("cp1251"))
    files = [tmp_path / "old.txt", notes]
    assert library.find(files, ASKED, 3)
    (problem,) = library.problems(files)
    assert "old.txt" in problem and "Save it as UTF-8" in problem
    assert library.find([tmp_path / "old.txt"], ASKED, 3) == []


@pytest.mark.parametrize("kept", [False, True])
@pytest.mark.parametrize("package", ["bm25s", "Stemmer", "numpy"])
def test_without_a_package_nothing_is_found_and_it_is_said(
    cache: Path, notes: Path, package: str, kept: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if kept:
        assert KnowledgeLibrary(cache).find([notes], ASKED, 3)
    library = KnowledgeLibrary(cache)
    monkeypatch.setitem(sys.modules, package, None)
    assert library.find([notes], ASKED, 3) == []
    (problem,) = library.problems([notes])
    assert "pip install" in problem


def test_many_threads_build_once_and_all_find(cache: Path, notes: Path) -> None:
    retriever = Counting()
    library = KnowledgeLibrary(cache, retriever=retriever)
    barrier = threading.Barrier(8)

    def ask(number: int) -> list[str]:
        barrier.wait()
        asked = (ASKED, "Когда убирают тыкву?")[number % 2]
        return [library.find([notes], asked, 1)[0].text for _ in range(20)]

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(8)))
    assert retriever.built == 1
    for number, texts in enumerate(answers):
        assert all(("Озимый", "Тыкву")[number % 2] in text for text in texts)


def test_threads_while_the_file_changes(library: KnowledgeLibrary, notes: Path, write: Write) -> None:
    stop = threading.Event()

    def ask() -> set[str]:
        seen = set()
        while not stop.is_set():
            seen |= {one.text for one in library.find([notes], ASKED, 1)}
        return seen

    with ThreadPoolExecutor(4) as pool:
        asking = [pool.submit(ask) for _ in range(4)]
        try:
            for number in range(6):
                fresh = notes.with_name("fresh")
                fresh.write_text(NOTES.replace("в октябре", f"в октябре {number}"), encoding="utf-8")
                fresh.replace(notes)
                assert str(number) in library.find([notes], ASKED, 1)[0].text
        finally:
            stop.set()
        assert all(texts and all("Озимый" in text for text in texts) for texts in (one.result() for one in asking))


def test_building_is_told(cache: Path, notes: Path, caplog: pytest.LogCaptureFixture) -> None:
    told: list[tuple[int, int]] = []
    with caplog.at_level(logging.INFO, logger="role_engine"):
        KnowledgeLibrary(cache, progress=lambda done, of: told.append((done, of))).find([notes], ASKED, 3)
    assert told == [(1, 3), (2, 3), (3, 3)]
    assert "3 paragraphs of notes.md" in caplog.text


def test_what_stands_twice_is_found_once(library: KnowledgeLibrary, write: Write) -> None:
    twice = write("twice.md", "Чеснок сажают в октябре.\n\nДругое.\n\nЧеснок сажают в октябре.")
    assert len(library.find([twice], ASKED, 3)) == 1


def test_a_role_made_in_a_program(library: KnowledgeLibrary, notes: Path) -> None:
    role = Role(id="x", name="X", system="Ты.", knowledge=Knowledge(files=(notes,)))
    assert library.information(role.knowledge, ASKED, words).startswith("Информация (notes.md")


def test_a_link_that_takes_a_files_place_is_not_followed(library: KnowledgeLibrary, notes: Path, write: Write) -> None:
    assert library.find([notes], ASKED, 3)
    secret = write("secret.txt", "Озимый чеснок сажают тайно.")
    notes.unlink()
    notes.symlink_to(secret)
    assert library.find([notes], ASKED, 3) == []
    assert "through a link" in library.problems([notes])[0]


def test_headings_are_looked_up_with_their_paragraphs(library: KnowledgeLibrary, notes: Path) -> None:
    assert "Стрелки" in library.find([notes], "Обламывать ли у чеснока стрелку?", 3)[0].text
    assert {one.headings[-1] for one in library.find([notes], "Огород: что про чеснок?", 3)} == {"Чеснок"}


def test_without_a_listener_long_building_is_logged(
    cache: Path, notes: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("role_engine.knowledge.library.SILENT", -1.0)
    KnowledgeLibrary(cache).find([notes], ASKED, 3)
    assert "notes.md is being indexed, 1 of 3 paragraphs" in caplog.text
