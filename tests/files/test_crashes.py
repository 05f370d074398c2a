"""Killed, on a full disk, on a broken one: nothing of the user's is lost or half-written, and no leftovers stay."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.files.scenarios import SCENARIOS, unfinished

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="the faults are put into forks"),
]
pytest.importorskip("tokenizers", reason="tokens are added to a model")

CHECKOUT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def without_waiting_for_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", lambda handle: None)


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(CHECKOUT / "extensions"), str(CHECKOUT)])}


@pytest.fixture(params=SCENARIOS, scope="module")
def faults(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Faults:
    return Faults(request.param, tmp_path_factory.mktemp("faults"))


class Faults:
    """One piece of work, after something has happened at each of its steps."""

    def __init__(self, scenario: str, home: Path) -> None:
        self.scenario, self.work = scenario, SCENARIOS[scenario]
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-m", "tests.files.faults", scenario, str(home)],
            capture_output=True, text=True, env=environment(), cwd=CHECKOUT, timeout=110,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        self._home, self._told = home, [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
        assert not [one for one in self._told if one["outcome"] == "raised"], done.stderr

    def of(self, kind: str) -> Iterator[tuple[Path, str]]:
        """The folder and the outcome of each step: killed, refused or done."""
        told = [one for one in self._told if one["kind"] == kind]
        assert len(told) > 3 and not told[-1]["reached"] and told[-1]["outcome"] == "done"
        for one in told:
            yield self._home / str(one["folder"]), str(one["outcome"])


def test_killed_at_every_step(faults: Faults) -> None:
    work = faults.work
    for folder, outcome in faults.of("kill"):
        assert outcome in ("killed", "done"), folder
        work.check(folder)
        work.again(folder)
        assert unfinished(folder) == [], folder
        assert work.done(folder) or faults.scenario == "role deleted"


def test_a_disk_that_is_full_from_any_step_on(faults: Faults) -> None:
    work = faults.work
    for folder, outcome in faults.of("full"):
        waits = faults.scenario == "tokens add --force" and not (folder / "out").exists()  # to be put back
        assert unfinished(folder) == [] or waits, folder
        work.check(folder)
        assert work.done(folder) or outcome == "refused", folder
        work.again(folder)
        assert unfinished(folder) == [], folder


def test_a_disk_that_fails_altogether_from_any_step_on(faults: Faults) -> None:
    """Nothing can be cleared away then: it is by the next one that writes."""
    work = faults.work
    for folder, _ in faults.of("broken"):
        work.check(folder)
        work.again(folder)
        assert unfinished(folder) == [], folder


@pytest.mark.parametrize("scenario", ["save role", "card import", "index", "tokens add --force"])
def test_killed_at_any_moment(scenario: str, tmp_path: Path) -> None:
    """Wherever it is just then, between our steps too. The moments are drawn within the time that the work takes."""
    work, moments = SCENARIOS[scenario], random.Random(scenario)
    (tmp_path / "prepared").mkdir()
    work.prepare(tmp_path / "prepared")
    for number in range(4):
        folder = tmp_path / str(number)
        shutil.copytree(tmp_path / "prepared", folder)
        child = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "tests.files.once", scenario, str(folder)],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment(), cwd=CHECKOUT,
        )  # fmt: skip
        assert child.stdout is not None
        took = float(child.stdout.readline())  # and now it is being done
        time.sleep(moments.uniform(0, 1.1) * took)
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()
        work.check(folder)
        work.again(folder)
        assert unfinished(folder) == [], number


def test_the_next_start_clears_what_a_kill_left(tmp_path: Path) -> None:
    """Whatever it is that is started."""
    from role_engine.files.temporary import temporary_path
    from role_engine.hosts.cli.command_line import run

    cache = Path(os.environ["ROLE_ENGINE_CACHE"])
    left = [
        temporary_path(place / "x")
        for place in (tmp_path, tmp_path / "roles", cache / "decoder", cache / "knowledge", cache / "knowledge/0a")
    ]
    for number, path in enumerate(left):
        path.parent.mkdir(parents=True, exist_ok=True)
        if number % 2:
            path.mkdir()
        else:
            path.touch()
    assert run(["--home", str(tmp_path), "roles", "list"]) == 0
    assert not [path for path in left if path.exists()]
