"""What somebody has to type to call this program again."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

NAME = "role-engine"


def program_name(called: str | None = None) -> str:
    """`role-engine` where the shell finds it, else the path under which it was called.

    The demo runs out of an environment that its reader has never heard of: a bare name would be «command not found».

    Args:
        called: the program's own path; None: that of this process.
    """
    path = Path(sys.argv[0] if called is None else called)
    if path.name == "__main__.py":
        return "python -m role_engine"
    if path.stem != NAME or _same_file(shutil.which(NAME), path):
        return NAME
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def _same_file(found: str | None, path: Path) -> bool:
    try:
        return found is not None and os.path.samefile(found, path)
    except OSError:
        return False
