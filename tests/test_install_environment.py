"""`install.sh --demo` and `--test`, from outside: the virtual environment that they make, and what may go wrong.

Nothing is fetched. A stand-in for Python makes environments whose pip does what the test says: $PIP_DOES is shell code
that sees pip's arguments, and whose exit code is pip's.
"""

from __future__ import annotations

import os
import pty
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import installing
from tests.installing import command, plain_environment, program, put_installer, write

pytestmark = installing.needs_bash

PYTHON = """#!/bin/sh
if [ "$1 $2" = "-m venv" ]; then
    mkdir -p "$3/bin"
    cp "{here}/python-inside" "$3/bin/python"
    for name in ruff mypy lint-imports role-engine; do cp "{here}/tool-inside" "$3/bin/$name"; done
else
    exec "{python}" "$@"
fi
"""
PYTHON_INSIDE = """#!/bin/sh
shift
echo "$*" >>"{here}/calls"
if [ "$1" = pip ]; then eval "$PIP_DOES"; fi
"""
TOOL_INSIDE = """#!/bin/sh
echo "$(basename "$0") $* [offline $HF_HUB_OFFLINE] [$PYTHONPATH]"
"""

PYTEST = "pytest -q -n auto --maxprocesses 4 --dist worksteal"

NOT_HERE = "echo 'ERROR: … torch==2.13.0+cpu (from versions: 2.12.0, 2.13.0)'; exit 1"
NO_NETWORK = (
    "echo 'WARNING: Retrying after connection broken by NewConnectionError: Temporary failure in name resolution';"
    "echo 'ERROR: Could not find a version … (from versions: none)'; exit 1"
)
DISK_FULL = 'echo "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device"; exit 1'


class Machine:
    """A checkout, and the programs that are found on the path before the real ones."""

    def __init__(self, root: Path) -> None:
        self.checkout = put_installer(root / "a checkout")
        write(self.checkout / "pyproject.toml", "[project]\n")
        write(self.checkout / "constraints.txt", "regex==1\ntorch==2.13.0\n")
        self.own = self.checkout / ".role-engine"
        self.programs = root / "programs"
        where = {"here": str(self.programs), "python": sys.executable}
        for name, text in [("python3.11", PYTHON), ("python-inside", PYTHON_INSIDE), ("tool-inside", TOOL_INSIDE)]:
            program(self.programs / name, text.format(**where))
        self.free(90_000)
        program(self.programs / "uname", "#!/bin/sh\necho Linux\n")

    def free(self, megabytes: int) -> None:
        program(
            self.programs / "df",
            f"#!/bin/sh\necho 'Filesystem 1024-blocks Used Available Capacity Mounted on'\n"
            f"echo 'disk 9 9 {megabytes * 1024} 9% /'\n",
        )

    def environment(self, pip: str = "", **more: str) -> dict[str, str]:
        path = f"{self.programs}:{os.environ['PATH']}"
        return plain_environment(**{"PATH": path, "PIP_DOES": pip, "PYTHONPATH": "somebody's", **more})

    def run(self, *arguments: object, pip: str = "", **more: str) -> subprocess.CompletedProcess[str]:
        """The installer's end, and the calls of pip (and of pytest) that it took in `self.calls`."""
        (self.programs / "calls").unlink(missing_ok=True)
        return installing.run(self.checkout, *arguments, **self.environment(pip, **more))

    def start(self, *arguments: object, pip: str) -> subprocess.Popen[bytes]:
        (self.programs / "calls").unlink(missing_ok=True)
        return subprocess.Popen(
            command(self.checkout, *arguments),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=self.environment(pip),
            # Ctrl-C reaches it also where these tests run in the background, which ignores it.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL) and None,
        )

    @property
    def calls(self) -> list[str]:
        calls = self.programs / "calls"
        return calls.read_text("utf-8").splitlines() if calls.exists() else []


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def failed(result: subprocess.CompletedProcess[str], *says: str) -> None:
    """It ended with 1, and the last line says why."""
    assert result.returncode == 1
    last = result.stderr.splitlines()[-1]
    assert last.startswith("install.sh: ")
    for words in says:
        assert words in last


def at_once(result: subprocess.CompletedProcess[str], *says: str) -> None:
    """That line is the only one, so nothing had been begun."""
    failed(result, *says)
    assert (result.stdout, result.stderr.count("\n")) == ("", 1)


def until(condition: Callable[[], object]) -> None:
    for _ in range(600):
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError("it did not come to that")


# ---------------------------------------------------------------- as it should be


def test_the_demo_runs_in_an_environment_of_its_own(machine: Machine) -> None:
    result = machine.run("--demo", "--", "--seed", "3", "--role", "the poet")
    assert result.returncode == 0, result.stderr
    assert result.stdout == "role-engine demo --seed 3 --role the poet [offline 1] []\n"  # nothing but the demo's own
    torch, packages = machine.calls
    assert "torch==2.13.0+cpu" in torch and "-c constraints.txt" in torch and "index-url" not in torch
    assert "-e .[demo]" in packages and "-c constraints.txt" in packages


def test_a_gguf_file_brings_llama_cpp_once(machine: Machine) -> None:
    machine.run("--demo")
    result = machine.run("--demo", "--", "--model", "my models/a.gguf", "--seed", "3")
    assert result.stdout == "role-engine demo --model my models/a.gguf --seed 3 [offline 1] []\n"
    assert [call for call in machine.calls if "pip" in call] == machine.calls and "-e .[gguf]" in machine.calls[0]
    assert len(machine.calls) == 1
    machine.run("--demo", "--", "--model", "my models/a.gguf")
    assert machine.calls == []
    machine.run("--test")
    machine.run("--demo", "--", "--model", "b.gguf")
    assert machine.calls == []


def test_the_second_run_installs_nothing(machine: Machine) -> None:
    machine.run("--demo")
    machine.free(3)
    second = machine.run("--demo", pip="exit 1")
    assert (second.returncode, second.stderr, machine.calls) == (0, "", [])


def test_the_tests_run_with_linters_and_types(machine: Machine) -> None:
    result = machine.run("--test", "--", "-k", "some of them")
    assert result.returncode == 0, result.stderr
    for line in ("ruff check .", "ruff format --check .", "mypy", "layers"):
        assert line in result.stdout
    assert "-e .[test]" in machine.calls[1]
    assert machine.calls[2] == f"{PYTEST} -k some of them"


def test_what_fails_is_named(machine: Machine) -> None:
    machine.run("--test")
    program(machine.own / "venv/bin/mypy", "#!/bin/sh\nexit 1\n")
    failed(machine.run("--test"), "failed: mypy")
    assert machine.calls == [PYTEST]  # a type error keeps nobody from seeing the tests


def test_the_tests_add_to_what_the_demo_has_put_there(machine: Machine) -> None:
    machine.run("--demo")
    assert machine.run("--test").returncode == 0
    assert [call for call in machine.calls if "pip" in call and "-e .[test]" not in call] == []
    demo = machine.run("--demo")
    assert (demo.returncode, demo.stderr, machine.calls) == (0, "", [])


@pytest.mark.parametrize("changed", ["pyproject.toml", "constraints.txt"])
def test_another_version_gets_another_environment(machine: Machine, changed: str) -> None:
    machine.run("--demo")
    left = write(machine.own / "venv/left", "")
    write(machine.checkout / changed, "torch==2.14.0\n")
    result = machine.run("--demo")
    assert result.returncode == 0
    assert not left.exists() and len(machine.calls) == 2


def test_a_line_tells_on_the_terminal_what_it_is_at(machine: Machine) -> None:
    terminal, other_end = pty.openpty()
    pip = "echo 'Collecting torch==2.13.0'; sleep 2.5"
    process = subprocess.Popen(
        command(machine.checkout, "--demo"),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=other_end,
        env=machine.environment(pip),
    )
    os.close(other_end)
    shown = b""
    try:
        while piece := os.read(terminal, 4096):
            shown += piece
    except OSError:  # the other side is closed
        pass
    os.close(terminal)
    assert process.wait(60) == 0
    assert "Installing torch 2.13.0 for the CPU" in shown.decode()
    assert "1 s  Collecting torch==2.13.0" in shown.decode()


# ---------------------------------------------------------------- where torch comes from


def test_torch_comes_from_its_own_index_where_pip_knows_no_build_for_the_cpu(machine: Machine) -> None:
    result = machine.run("--demo", pip=f"case $* in *+cpu*) {NOT_HERE} ;; esac")
    assert result.returncode == 0, result.stderr
    assert "--index-url https://download.pytorch.org/whl/cpu" in machine.calls[1]
    assert "--timeout 15 --retries 1" in machine.calls[1]  # it may be out of reach, and then costs seconds
    assert len(machine.calls) == 3


ONLY_WITH_CUDA = f"case $* in *+cpu*) {NOT_HERE} ;; *index-url*) {NO_NETWORK} ;; esac"


def test_or_as_the_package_index_has_it(machine: Machine) -> None:
    result = machine.run("--demo", pip=ONLY_WITH_CUDA)
    assert result.returncode == 0, result.stderr
    assert "may bring CUDA" in result.stderr
    assert machine.calls[2].endswith(" torch==2.13.0") and "index-url" not in machine.calls[2]


def test_which_needs_more_room(machine: Machine) -> None:
    machine.free(5000)
    failed(machine.run("--demo", pip=ONLY_WITH_CUDA), "5000 MB free", "8000 MB")


def test_elsewhere_than_on_linux_there_is_one_build(machine: Machine) -> None:
    program(machine.programs / "uname", "#!/bin/sh\necho Darwin\n")
    assert machine.run("--demo").returncode == 0
    assert machine.calls[0].endswith(" torch==2.13.0")


# ---------------------------------------------------------------- what is in the way


@pytest.mark.parametrize("task", ["--demo", "--test"])
def test_without_a_network_it_says_so(machine: Machine, task: str) -> None:
    failed(machine.run(task, pip=NO_NETWORK), "no network?", "Run this again")
    assert len(machine.calls) == 1


def test_a_network_that_goes_away_later(machine: Machine) -> None:
    failed(machine.run("--demo", pip=f"case $* in *demo*) {NO_NETWORK} ;; esac"), "no network?")


def test_a_disk_that_is_full_before(machine: Machine) -> None:
    machine.free(900)
    at_once(machine.run("--demo"), "900 MB free", "1500 MB are needed")
    machine.free(2000)
    at_once(machine.run("--test"), "2000 MB free", "2500 MB are needed")
    assert machine.calls == []


@pytest.mark.parametrize("when", ["torch", ".[demo]"])
def test_a_disk_that_fills_up(machine: Machine, when: str) -> None:
    failed(machine.run("--demo", pip=f"case $* in *'{when}'*) {DISK_FULL} ;; esac"), "disk is full")


def test_any_other_word_of_pip_is_shown(machine: Machine) -> None:
    result = machine.run("--demo", pip="case $* in *demo*) echo 'ERROR: the moon is wrong'; exit 1 ;; esac")
    failed(result, "could not install", "install.log")
    assert "ERROR: the moon is wrong" in result.stderr
    assert "ERROR: the moon is wrong" in (machine.own / "install.log").read_text("utf-8")


def test_a_folder_that_cannot_be_written(machine: Machine) -> None:
    write(machine.own, "a file in its place")
    at_once(machine.run("--demo"), "cannot be written")


def test_no_python_at_all(machine: Machine, tmp_path: Path) -> None:
    at_once(machine.run("--demo", PATH=only_tools(tmp_path)), "no Python found", "3.10 to 3.13")


@pytest.mark.parametrize("minor", [8, 14])
def test_a_python_of_the_wrong_age(machine: Machine, tmp_path: Path, minor: int) -> None:
    text = f'#!/bin/sh\nif [ "$1" = -V ]; then echo "Python 3.{minor}.1"; else echo {minor}; fi\n'
    program(tmp_path / "tools/python3", text)
    at_once(machine.run("--demo", PATH=only_tools(tmp_path)), f"Python 3.{minor}.1", "3.10 to 3.13")
    at_once(machine.run("--demo", PYTHON=str(tmp_path / "tools/python3")), f"Python 3.{minor}.1")


def test_a_python_without_venv(machine: Machine, tmp_path: Path) -> None:
    text = "#!/bin/sh\ncase $2 in *ensurepip*) exit 1 ;; *) echo 11 ;; esac\n"
    program(tmp_path / "tools/python3", text)
    at_once(machine.run("--demo", PATH=only_tools(tmp_path)), "python3 cannot make", "python3-venv")


def test_the_python_that_is_named_is_the_one(machine: Machine, tmp_path: Path) -> None:
    at_once(machine.run("--test", PYTHON=str(tmp_path / "nothing")), "$PYTHON names", "not a program")
    at_once(machine.run("--test", PYTHON="/bin/false"), "$PYTHON names", "not a Python")
    (machine.programs / "python3.11").rename(tmp_path / "another")
    assert machine.run("--demo", PYTHON=str(tmp_path / "another")).returncode == 0


def only_tools(tmp_path: Path) -> str:
    """A path on which there is everything that the installer uses, and no Python but what the test puts there."""
    tools = tmp_path / "tools"
    tools.mkdir(exist_ok=True)
    names = "awk bash cat cut df dirname env grep mkdir mv rm sed sha256sum sleep tail uname"
    found = [shutil.which(name) for name in names.split()]
    for path in map(Path, filter(None, found)):
        if not (tools / path.name).exists():
            (tools / path.name).symlink_to(path)
    return str(tools)


# ---------------------------------------------------------------- cut off, and two at once


def test_half_an_environment_is_made_anew(machine: Machine) -> None:
    failed(machine.run("--demo", pip="case $* in *demo*) exit 1 ;; esac"))
    left = write(machine.own / "venv/half a package", "")
    again = machine.run("--demo")
    assert again.returncode == 0 and "half made" in again.stderr
    assert not left.exists() and len(machine.calls) == 2


def test_nor_does_it_count_as_whole_when_the_tests_packages_could_not_be_added(machine: Machine) -> None:
    machine.run("--demo")
    failed(machine.run("--test", pip="exit 1"))
    assert machine.run("--demo").returncode == 0
    assert len(machine.calls) == 2


SLOW = 'echo $$ >"$TMPDIR/../slow.pid"; exec sleep 100'


def running(machine: Machine) -> int | None:
    """The process number of what is slow, while it runs."""
    file = machine.own / "slow.pid"
    if not file.exists() or not (number := file.read_text("ascii").strip()):
        return None
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return None
    return int(number)


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_run_that_is_stopped_takes_pip_along_and_is_gone_on_with(machine: Machine, end: signal.Signals) -> None:
    process = machine.start("--demo", pip=SLOW)
    until(lambda: running(machine))
    process.send_signal(end)
    assert process.wait(30) == 130
    assert not running(machine)
    assert not (machine.own / "tmp").exists()  # what pip had unpacked
    assert machine.run("--demo").returncode == 0


def test_while_one_run_installs_another_leaves_it_alone(machine: Machine) -> None:
    process = machine.start("--demo", pip=SLOW)
    until(lambda: running(machine))
    venv = machine.own / "venv"
    before = sorted(venv.rglob("*"))
    at_once(machine.run("--test"), "another ./install.sh", "Wait")
    assert sorted(venv.rglob("*")) == before
    process.terminate()
    process.wait(30)


def test_a_killed_run_locks_nobody_out_once_its_pip_has_ended(machine: Machine) -> None:
    process = machine.start("--demo", pip=SLOW)
    until(lambda: running(machine))
    process.kill()
    process.wait(30)
    at_once(machine.run("--demo"), "another ./install.sh")  # its pip goes on unpacking
    os.kill(running(machine) or 0, signal.SIGKILL)
    until(lambda: not running(machine))
    assert machine.run("--demo").returncode == 0


def test_a_demo_that_goes_on_keeps_nobody_from_installing(machine: Machine) -> None:
    slow = f'#!/bin/sh\ncase $0 in *role-engine) echo $$ >"{machine.own}/slow.pid"; exec sleep 100 ;; esac\n'
    program(machine.programs / "tool-inside", slow)
    process = machine.start("--demo", pip="")
    until(lambda: running(machine))
    assert machine.run("--test").returncode == 0
    process.kill()  # the demo took the installer's place
    process.wait(30)
