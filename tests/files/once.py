"""A program that does one piece of work in a copy, says how many seconds that took, does it in FOLDER, and waits.

python -m tests.files.once SCENARIO FOLDER
"""

from __future__ import annotations

import shutil
import signal
import sys
import time
from pathlib import Path

from tests.files.scenarios import SCENARIOS


def main(scenario: str, folder: Path) -> None:
    work, copy = SCENARIOS[scenario], folder.with_name(f"{folder.name}-copy")
    shutil.copytree(folder, copy)
    work.act(copy)  # what is imported on the way is there now
    shutil.rmtree(copy)
    shutil.copytree(folder, copy)
    begun = time.monotonic()
    work.act(copy)
    print(time.monotonic() - begun, flush=True)
    work.act(folder)
    signal.pause()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
