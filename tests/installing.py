"""`install.sh` as tests run it: a small checkout with the real installer, and an environment that is known."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[1]
BASH = shutil.which("bash")
needs_bash = pytest.mark.skipif(BASH is None, reason="install.sh needs bash")


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def program(path: Path, text: str) -> Path:
    write(path, text).chmod(0o755)
    return path


def put_installer(checkout: Path) -> Path:
    checkout.mkdir(parents=True, exist_ok=True)
    shutil.copy(CHECKOUT / "install.sh", checkout)
    shutil.copytree(CHECKOUT / "installer", checkout / "installer")
    return checkout


def command(checkout: Path, *arguments: object) -> list[str]:
    return [str(BASH), str(checkout / "install.sh"), *map(str, arguments)]


def plain_environment(**more: str) -> dict[str, str]:
    return {k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "TMPDIR", "LANG")} | more


def run(checkout: Path, *arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(checkout, *arguments),
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=plain_environment(**environment),
        stdin=subprocess.DEVNULL,
        timeout=100,
    )
