"""Exit codes and the one clear line."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from role_engine import __version__
from role_engine.hosts.cli.app import app
from role_engine.hosts.cli.policy_options import PolicyMode
from role_engine.language.policy import MODES
from tests.hosts.cli.conftest import Cli

COMMANDS = ("roles list", "roles show", "roles validate", "roles new", "render", "check", "chat", "bench guard")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "Missing command"),
        (("rols",), "'rols'"),
        (("--frobnicate",), "--frobnicate"),
        (("roles",), "Missing command"),
        (("roles", "show"), "NAME"),
        (("roles", "show", "filosopher"), "Did you mean 'philosopher'?"),
        (("render", "text"), "--role"),
        (("check", "--mode", "loose"), "balanced"),
        (("check", "no-such-file.txt"), "no-such-file.txt cannot be read"),
        (("chat", "--model", "no-such-folder", "Привет"), "nor a folder"),
    ],
)
def test_wrong_use_is_code_2_and_one_line(cli: Cli, arguments: tuple[str, ...], says: str) -> None:
    assert says in cli(*arguments).refusal


def test_version(cli: Cli) -> None:
    assert cli("--version").out.strip() == __version__


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(cli: Cli, command: str) -> None:
    for flag in ("--help", "-h"):
        outcome = cli(*command.split(), flag)
        assert outcome.code == 0
        assert f"role-engine {command}" in outcome.out.split("Example", 1)[1]


def test_a_bug_is_no_answer(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("role_engine.hosts.cli.check.policy_for", lambda *_: 1 / 0)
    outcome = cli("check", stdin="Да.")
    assert outcome.code == 70
    assert "ZeroDivisionError" in outcome.err and "report" in outcome.err


def test_modes_are_those_of_the_policy() -> None:
    assert tuple(mode.value for mode in PolicyMode) == MODES
    assert app.info.name == "role-engine"


def test_help_loads_nothing_of_the_engine() -> None:
    code = (
        "import sys; from role_engine.hosts.cli.exit_codes import run; run(['check', '--help']);"
        "print(*sorted(name for name in sys.modules if name.startswith('role_engine.')))"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    light = ("role_engine.hosts", "role_engine.files")
    own = {name for name in shown.stdout.splitlines()[-1].split() if not name.startswith(light)}
    cleared = {"role_engine.app", "role_engine.app.leftovers"}  # every start clears what a killed one left
    assert own == {"role_engine.errors", "role_engine.paths", "role_engine.version"} | cleared


def start(*arguments: str, **options: object) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "role_engine", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        **options,  # type: ignore[call-overload]
    )


def test_a_reader_that_goes_away_is_met_with_silence() -> None:
    with start("check", "--jsonl") as process:
        assert process.stdin and process.stdout and process.stderr
        process.stdout.close()
        with suppress(BrokenPipeError):
            process.stdin.write(b'{"text": "1"}\n' * 5000)
            process.stdin.close()
        assert process.wait(60) == 141
        assert process.stderr.read() == b""


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_ctrl_c_leaves_no_traceback() -> None:
    with start("check", "--jsonl") as process:
        assert process.stdin and process.stdout
        process.stdin.write(b'{"text": "1"}\n')
        process.stdin.flush()
        assert process.stdout.readline().startswith(b'{"ok": true')
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
        assert (process.returncode, out, err) == (130, b"", b"")


def test_home_by_option_and_by_variable(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    roles = tmp_path / "mine/roles"
    roles.mkdir(parents=True)
    (roles / "gardener.yaml").write_text("name: Садовник\nsystem: Ты — садовник.\n", encoding="utf-8")
    assert "gardener" in cli("--home", tmp_path / "mine", "roles", "list").out
    assert "gardener" not in cli("roles", "list").out
    monkeypatch.setenv("ROLE_ENGINE_HOME", str(tmp_path / "mine"))
    assert "gardener" in cli("roles", "list").out


@pytest.mark.skipif(os.name != "posix", reason="closes streams as a shell does")
@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", ">&- 2>&- <&-"])
def test_a_stream_that_is_closed_leads_nowhere(tmp_path: Path, closed: str) -> None:
    text = tmp_path / "text.txt"
    for content, code in (("Да.", 0), ("Он hello город.", 1)):
        text.write_text(content, encoding="utf-8")
        command = f'"{sys.executable}" -m role_engine check "{text}" {closed}'
        done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False, encoding="utf-8")
        assert (done.returncode, done.stderr) == (code, "")
