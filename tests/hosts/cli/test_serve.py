"""`role-engine serve` where its packages are not installed. What it does with them: `tests/hosts/serve/`."""

from __future__ import annotations

import os
import subprocess
import sys

WITHOUT = """
import sys
for name in ("uvicorn", "fastapi", "starlette", "gradio"):
    sys.modules[name] = None
sys.argv = ["role-engine", "serve"]
from role_engine.hosts.cli import main
sys.exit(main())
"""


def test_it_says_what_to_install() -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT], env=environment, capture_output=True, text=True, encoding="utf-8", timeout=60
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert "pip install 'role-engine[serve]'" in done.stderr
