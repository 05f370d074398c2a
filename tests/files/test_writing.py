"""Several writers at once, and what a writer does about what is there already."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from role_engine.app.settings_store import changing, read_settings, write_settings
from role_engine.errors import RoleEngineError, SettingsError
from role_engine.files import (
    FileChanged,
    FolderBusy,
    append_line,
    clear_leftovers,
    create_file,
    folder_lock,
    new_folder,
    passing_folder,
    replace_file,
    version_of,
    write_together,
)
from role_engine.files.temporary import temporary_path
from role_engine.hosts.panel.roles.role_files import ChangedMeanwhile, RoleFiles
from role_engine.roles import RoleLibrary
from tests.files.scenarios import unfinished
from tests.files.test_crashes import CHECKOUT, environment

ROUNDS = 40
posix = pytest.mark.skipif(os.name == "nt", reason="folders are locked elsewhere")
not_root = pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() == 0, reason="root may write everywhere")


def at_once(*works: Callable[[], object]) -> list[object]:
    """What each of them gave or raised, begun together."""
    barrier, found = threading.Barrier(len(works)), list[object]([None] * len(works))

    def run(number: int, work: Callable[[], object]) -> None:
        barrier.wait()
        try:
            found[number] = work()
        except (OSError, RoleEngineError) as error:
            found[number] = error

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def role(text: str, length: int) -> str:
    return f"name: {text}\nsystem: {text * length}\n"


@pytest.mark.slow
def test_of_two_threads_that_save_one_role_one_wins_and_the_other_is_told(tmp_path: Path) -> None:
    path = tmp_path / "poet.yaml"
    path.write_text(role("а", 10), encoding="utf-8")
    for number in range(ROUNDS):
        files = RoleFiles(tmp_path, RoleLibrary([tmp_path]))
        version = files.open("poet").version
        texts = [role(f"б{number} ", 3000), role(f"в{number} ", 5000)]
        found = at_once(*(partial(files.save, "poet", text, version) for text in texts))
        told = [one for one in found if isinstance(one, Exception)]
        assert [type(one) for one in told] == [ChangedMeanwhile], found
        assert path.read_text("utf-8") == texts[found.index(told[0]) ^ 1]
    assert unfinished(tmp_path) == []


@pytest.mark.slow
def test_of_two_programs_too(tmp_path: Path) -> None:
    path = tmp_path / "poet.yaml"
    path.write_text(role("а", 10), encoding="utf-8")
    code = (
        "import sys; from pathlib import Path; from role_engine.roles import RoleLibrary\n"
        "from role_engine.hosts.panel.roles.role_files import ChangedMeanwhile, RoleFiles\n"
        "folder, own = Path(sys.argv[1]), sys.argv[2]\n"
        "files = RoleFiles(folder, RoleLibrary([folder])); print('ready', flush=True)\n"
        f"for number in range({ROUNDS}):\n"
        "    version = sys.stdin.readline().strip()\n"
        "    try: files.save('poet', f'name: x\\nsystem: {(own + str(number)) * 4000}\\n', version); said = 'saved'\n"
        "    except ChangedMeanwhile: said = 'changed'\n"
        "    print(said, flush=True)\n"
    )
    programs = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(tmp_path), own],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment(), cwd=CHECKOUT,
        )
        for own in "бв"
    ]  # fmt: skip

    def say(program: subprocess.Popen[str], line: str) -> None:
        assert program.stdin is not None
        program.stdin.write(line + "\n")
        program.stdin.flush()

    def heard(program: subprocess.Popen[str]) -> str:
        assert program.stdout is not None
        return program.stdout.readline().strip()

    assert [heard(program) for program in programs] == ["ready", "ready"]
    for number in range(ROUNDS):
        version = version_of(path.read_bytes())
        for program in programs:
            say(program, version)
        said = [heard(program) for program in programs]
        assert sorted(said) == ["changed", "saved"], number
        own = "бв"[said.index("saved")]
        assert path.read_text("utf-8") == f"name: x\nsystem: {(own + str(number)) * 4000}\n"
    for program in programs:
        program.communicate()
    assert unfinished(tmp_path) == []


def test_settings_that_are_saved_at_once_are_all_kept(tmp_path: Path) -> None:
    path = tmp_path / "settings.yaml"

    def keep(key: str, value: int) -> None:
        with changing(path):
            write_settings(path, {**read_settings(path), key: value})

    for number in range(ROUNDS):
        assert at_once(*(partial(keep, key, number) for key in "abc")) == [None] * 3
        assert read_settings(path) == dict.fromkeys("abc", number)
    assert unfinished(tmp_path) == []


def test_of_two_that_create_one_file_one_wins(tmp_path: Path) -> None:
    for number in range(ROUNDS):
        path = tmp_path / f"{number}.txt"
        found = at_once(*(partial(create_file, path, word * 1000, lasting=False) for word in (b"a", b"b")))
        loser = next(n for n, one in enumerate(found) if isinstance(one, FileExistsError))
        assert path.read_bytes() == (b"a", b"b")[loser ^ 1] * 1000


def test_a_file_that_somebody_puts_there_at_the_last_moment_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody who asks nobody: between the look and the naming."""
    real = os.link

    def link(source: Path, target: Path) -> None:
        Path(target).write_text("theirs", encoding="utf-8")
        real(source, target)

    monkeypatch.setattr(os, "link", link)
    for attempt in (
        lambda: create_file(tmp_path / "role.yaml", b"ours"),
        lambda: write_together(tmp_path, {"a.md": b"ours", "b.yaml": b"ours"}, "b.yaml"),
    ):
        with pytest.raises(FileExistsError):
            attempt()
    assert {path.name: path.read_text("utf-8") for path in tmp_path.iterdir()} == {
        "role.yaml": "theirs",
        "a.md": "theirs",
    }


def test_a_file_system_without_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def link(source: Path, target: Path) -> None:
        raise PermissionError(1, "no links here")

    monkeypatch.setattr(os, "link", link)
    create_file(tmp_path / "a", b"1")
    write_together(tmp_path, {"b": b"2", "c": b"3"}, "c")
    with pytest.raises(FileExistsError):
        create_file(tmp_path / "a", b"4")
    assert sorted((path.name, path.read_bytes()) for path in tmp_path.iterdir()) == [
        ("a", b"1"),
        ("b", b"2"),
        ("c", b"3"),
    ]


def test_what_has_gone_or_changed_is_not_written_over(tmp_path: Path) -> None:
    path = tmp_path / "role.yaml"
    with pytest.raises(FileChanged):
        replace_file(path, b"new", version=version_of(b"old"))
    assert not path.exists()
    path.write_bytes(b"other")
    with pytest.raises(FileChanged):
        replace_file(path, b"new", version=version_of(b"old"))
    replace_file(path, b"new", version=version_of(b"other"))
    assert path.read_bytes() == b"new"


@posix
def test_permissions_stay_and_new_files_get_the_usual_ones(tmp_path: Path) -> None:
    path = tmp_path / "role.yaml"
    create_file(path, b"1")
    usual = path.stat().st_mode & 0o777
    assert usual == 0o666 & ~_umask()
    path.chmod(0o640)
    replace_file(path, b"2")
    assert path.stat().st_mode & 0o777 == 0o640


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


@posix
@not_root
def test_what_is_marked_read_only_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "role.yaml"
    path.write_bytes(b"1")
    path.chmod(0o444)
    with pytest.raises(PermissionError):
        replace_file(path, b"2")
    tmp_path.chmod(0o555)
    try:
        for attempt in (
            lambda: create_file(tmp_path / "new", b""),
            lambda: write_together(tmp_path, {"a": b"", "b": b""}, "b"),
        ):
            with pytest.raises(PermissionError):
                attempt()
    finally:
        tmp_path.chmod(0o755)
    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [("role.yaml", b"1")]


@posix
def test_a_writer_that_does_not_end_is_waited_for_only_so_long(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from role_engine.files import folder_lock\n"
        "with folder_lock(Path(sys.argv[1])):\n"
        "    print('held', flush=True); sys.stdin.readline()\n"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment(), cwd=CHECKOUT,
    )  # fmt: skip
    assert other.stdout is not None and other.stdout.readline() == "held\n"
    with pytest.raises(FolderBusy), folder_lock(tmp_path, 0.05):
        pass
    other.kill()
    other.communicate()
    with folder_lock(tmp_path, 5), folder_lock(tmp_path, 5):  # a killed writer holds nothing; one may take it twice
        create_file(tmp_path / "a", b"")


@posix
def test_work_that_somebody_is_at_is_not_cleared_away(tmp_path: Path) -> None:
    with new_folder(tmp_path / "model") as part:
        (part / "weights").write_bytes(b"1")
        assert clear_leftovers([tmp_path]) == []
        code = (
            "import sys; from pathlib import Path; from role_engine.files import clear_leftovers\n"
            "print(clear_leftovers([Path(sys.argv[1])]))"
        )
        done = subprocess.run(
            [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, env=environment(), check=True
        )
        assert done.stdout.strip() == "[]"
    assert (tmp_path / "model/weights").read_bytes() == b"1" and unfinished(tmp_path) == []


def test_only_work_of_ours_is_cleared_away(tmp_path: Path) -> None:
    theirs = [".poet.yaml.swp", ".poet.yaml.1234", "role-engine-notes", "x.part", ".a.12-ffffffffffff.other"]
    for name in theirs:
        (tmp_path / name).write_bytes(b"")
    ours = temporary_path(tmp_path / "poet.yaml")
    ours.write_bytes(b"half")
    link = temporary_path(tmp_path / "linked.yaml")
    link.symlink_to(tmp_path / "x.part")
    assert clear_leftovers([tmp_path]) == [ours]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*theirs, link.name])


def test_a_journal_cannot_name_what_lies_elsewhere(tmp_path: Path) -> None:
    """It lies in a folder like any other: somebody may have sent it."""
    import json

    home, kept = tmp_path / "roles", tmp_path / "kept.md"
    kept.write_bytes(b"1")
    work = temporary_path(home / "poet.yaml")
    work.mkdir(parents=True)
    (work / "poet.yaml").write_bytes(b"")
    said = {"files": {"../kept.md": version_of(b"1")}, "last": "poet.yaml"}
    (work / "journal.json").write_text(json.dumps(said), encoding="utf-8")
    clear_leftovers([home])
    assert kept.exists() and not work.exists()


def test_what_the_user_has_changed_since_a_kill_is_kept(tmp_path: Path) -> None:
    import json

    work = temporary_path(tmp_path / "poet.yaml")
    work.mkdir()
    (work / "poet.yaml").write_bytes(b"")
    said = {"files": {"a.md": version_of(b"ours"), "b.md": version_of(b"ours")}, "last": "poet.yaml"}
    (work / "journal.json").write_text(json.dumps(said), encoding="utf-8")
    (tmp_path / "a.md").write_bytes(b"ours")
    (tmp_path / "b.md").write_bytes(b"the user's")
    clear_leftovers([tmp_path])
    assert [path.name for path in tmp_path.iterdir()] == ["b.md"]


def test_long_names(tmp_path: Path) -> None:
    path = tmp_path / ("я" * 125 + ".yaml")
    create_file(path, b"1")
    replace_file(path, b"2")
    assert path.read_bytes() == b"2" and unfinished(tmp_path) == []


def test_a_line_after_half_a_line(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    append_line(path, "{}")
    with path.open("ab") as stream:
        stream.write(b'{"half')
    append_line(path, '{"a": 1}')
    assert path.read_bytes() == b'{}\n{"half\n{"a": 1}\n'


@posix
def test_a_passing_folder_goes_with_its_program(tmp_path: Path) -> None:
    code = (
        "import os, signal, sys; from pathlib import Path; from role_engine.files import passing_folder\n"
        "class Owner: pass\n"
        "owner = Owner(); made, _ = passing_folder(Path(sys.argv[1]), 'test', owner); (made / 'file').touch()\n"
        "os.kill(os.getpid(), signal.SIGKILL) if sys.argv[2] == 'killed' else None\n"
    )
    for ending in ("killed", "by itself"):
        subprocess.run([sys.executable, "-c", code, str(tmp_path), ending], env=environment(), check=False)
        assert len(unfinished(tmp_path)) == (ending == "killed")
        made, remove = passing_folder(tmp_path, "test", object.__new__(_Owner))
        assert unfinished(tmp_path) in ([], [made.name])
        remove()


class _Owner:
    pass


def test_the_settings_say_who_is_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "home").write_bytes(b"")
    with pytest.raises(SettingsError, match="Cannot be written"), changing(tmp_path / "home" / "settings.yaml"):
        pass


@pytest.mark.slow
def test_nothing_else_of_ours_names_or_renames_files() -> None:
    """Whoever writes a file of the user's writes it through `role_engine.files`."""
    import ast

    package = CHECKOUT / "extensions/role_engine"
    forbidden = {"replace", "rename", "renames", "link", "symlink", "getpid"}
    temporary = {"mkstemp", "mkdtemp", "NamedTemporaryFile"}
    found = set()
    for file in package.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                name = f"{node.value.id}.{node.attr}"
                if (node.value.id == "os" and node.attr in forbidden) or node.attr in temporary:
                    found.add((file.relative_to(package).as_posix(), name))
    outside = {(file, name) for file, name in found if not file.startswith("files/")}
    assert outside == {("models/tokens/staging.py", "os.link")}, "a model's files are linked into a folder of work"
    assert len(found) > 3
