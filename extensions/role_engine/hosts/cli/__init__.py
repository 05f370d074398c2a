"""The command line: `role-engine …`, `python -m role_engine …`.

One file or folder a command, or a group of them; `app` puts them together, `command_line` turns what happened into an
exit code. What a command needs of the engine it imports when it runs, so that `--help` is quick.
"""

from __future__ import annotations

import sys
from typing import NoReturn

__all__ = ["main"]


def main() -> NoReturn:
    """Run the command line of this process and leave with its exit code."""
    from role_engine.hosts.cli.command_line import open_closed_streams, run

    open_closed_streams()
    sys.exit(run(sys.argv[1:]))
