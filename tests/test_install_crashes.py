"""`install.sh` into a webui, killed or on a full disk at each of its steps: nothing of the user's is lost."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests import installing
from tests.installing import program, run, write
from tests.test_install import done, make_webui, names, source

pytestmark = installing.needs_bash
__all__ = ["source"]

STEPS = ("cp", "mv")
"""After which the disk is another one; what else is done between them leaves nothing by halves."""
SHIM = """\
#!/bin/sh
count=$(($(cat "{counter}") + 1))
echo $count >"{counter}"
if [ $count -eq {at} ]; then
    if [ {name} = cp ]; then
        for last; do :; done
        head -c 5 "$1" >"$last"
    fi
    if [ {fault} = kill ]; then kill -9 0; fi
fi
if [ $count -eq {at} ]; then
    echo "{name}: No space left on device" >&2
    exit 1
fi
exec {real} "$@"
"""


def shims(folder: Path, fault: str, at: int) -> Path:
    folder.mkdir()
    write(folder / "counter", "0")
    for name in STEPS:
        text = SHIM.format(counter=folder / "counter", at=at, name=name, fault=fault, real=shutil.which(name))
        program(folder / name, text)
    return folder


def unfinished(webui: Path) -> set[str]:
    ours = webui / "user_data"
    return {name for name in names(ours) if "part" in name or ".incoming" in name or ".outgoing" in name}


@pytest.mark.slow
@pytest.mark.parametrize("fault", ["kill", "full"])
def test_at_every_step_of_an_update(source: Path, tmp_path: Path, fault: str) -> None:
    """A role that the user changed, one that is new, one that is replaced, an extension that is replaced."""
    before = make_webui(tmp_path / "before")
    python = {"ROLE_ENGINE_PYTHON": sys.executable}
    done(run(source, before, **python))
    mine = "name: Мой поэт\n"
    write(before / "user_data/role_engine/roles/poet.yaml", mine)
    write(source / "roles/poet.yaml", "name: Поэтесса\n")
    write(source / "roles/russian.yaml", "name: По-русски\n")
    write(source / "roles/clerk.yaml", "name: Писарь\n")
    write(source / "extensions/role_engine/script.py", "print('two')\n")
    reached = 0
    for step in range(1, 60):
        webui = tmp_path / f"webui-{step}"
        shutil.copytree(before, webui)
        path = shims(tmp_path / f"shims-{step}", fault, step)
        first = subprocess.run(
            installing.command(source, webui),
            env=installing.plain_environment(**python, PATH=f"{path}:{installing.plain_environment()['PATH']}"),
            stdin=subprocess.DEVNULL, capture_output=True, timeout=60, start_new_session=True,
        )  # fmt: skip
        if first.returncode == 0 and int((path / "counter").read_text()) < step:
            break
        reached += 1
        assert first.returncode == (-signal.SIGKILL if fault == "kill" else 1), first
        roles, extension = webui / "user_data/role_engine/roles", webui / "user_data/extensions/role_engine"
        assert (roles / "poet.yaml").read_text("utf-8") == mine
        assert (roles / "russian.yaml").read_text("utf-8") in ("name: Русский\n", "name: По-русски\n")
        if fault == "full":
            assert not unfinished(webui), step
            assert (extension / "script.py").is_file()
        done(run(source, webui, **python))
        assert not unfinished(webui), step
        assert (extension / "script.py").read_text("utf-8") == "print('two')\n"
        assert names(roles) == {"poet.yaml", "poet.yaml.new", "russian.yaml", "clerk.yaml"}, step
        assert (roles / "poet.yaml").read_text("utf-8") == mine
        assert (roles / "russian.yaml").read_text("utf-8") == "name: По-русски\n"
    assert reached > 10
    assert "up to date" in done(run(source, webui, **python))


@pytest.mark.skipif(sys.platform == "win32", reason="no such locks")
def test_two_at_once(source: Path, tmp_path: Path) -> None:
    import fcntl
    import os

    webui = make_webui(tmp_path / "webui")
    (webui / "user_data/extensions").mkdir()
    handle = os.open(webui / "user_data/extensions", os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    second: subprocess.CompletedProcess[str] = run(source, webui, ROLE_ENGINE_PYTHON=sys.executable)
    assert second.returncode == 1 and "another ./install.sh" in second.stderr
    os.close(handle)
    done(run(source, webui, ROLE_ENGINE_PYTHON=sys.executable))
