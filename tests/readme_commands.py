"""The commands of a page of documentation: every line of its ```bash blocks, and every command in its running text."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path

BASH = shutil.which("bash") or "bash"
_INLINE = re.compile(r"(?<!`)`((?:\./install\.sh|role-engine|pip|curl|pytest) [^`\n]+)`(?!`)")


def blocks(path: Path, language: str) -> list[str]:
    """Fenced blocks of one language; their indentation in a list is taken off."""
    found = re.findall(rf"^( *)```{language}\n(.*?)^ *```$", path.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    return [re.sub(rf"^{indentation}", "", text, flags=re.MULTILINE) for indentation, text in found]


def commands(path: Path) -> list[str]:
    """Each command once, comments taken off, lines that belong together kept together."""
    found = [command for block in blocks(path, "bash") for command in _split(block)]
    found += _INLINE.findall(path.read_text("utf-8"))
    return list(dict.fromkeys(found))


def words(command: str) -> list[str]:
    """The command's words as a shell sees them, a comment at its end left out."""
    return shlex.split(command, comments=True)


def _split(block: str) -> list[str]:
    found, open_lines = [], ""
    for line in block.splitlines():
        open_lines += ("\n" if open_lines else "") + line
        if not line.endswith("\\") and _is_whole(open_lines):
            command = re.sub(r"\s+# .*$", "", open_lines) if "\n" not in open_lines else open_lines
            if command.strip() and not command.startswith("#"):
                found.append(command)
            open_lines = ""
    assert not open_lines, f"this command has no end: {open_lines}"
    return found


def _is_whole(text: str) -> bool:
    return subprocess.run([BASH, "-n"], input=text, text=True, capture_output=True, check=False).returncode == 0
