"""The commands in a page of documentation, run as a reader would run them.

A block that begins with ```console holds lines `$ command`, each with what the command prints (both streams, as on a
terminal). `python -m tests.hosts.cli.documented` writes the page anew; a test compares.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.backends.openai_stub import says, serving
from tests.models.made_models import QWEN3, QWEN3_TOKENS, QWEN_BASE_GENERATION, qwen3_config, write_directory

CHECKOUT = Path(__file__).resolve().parents[3]
PAGE = CHECKOUT / "docs/command-line.md"

SERVER = "http://127.0.0.1:5000"
"""In the page; a stub answers in its place."""

FILES = {
    "reply.txt": "Запустите Docker и откройте рyчкой крышку.\nЭто просто и healthy fats 健康 для всех.\n",
    "replies.jsonl": '{"id": 1, "text": "Всё хорошо."}\n{"id": 2, "text": "Всё 好."}\n',
}

_BLOCK = re.compile(r"(?<=^```console\n).*?(?=^```$)", re.MULTILINE | re.DOTALL)


def refreshed(page: str) -> str:
    """The page with every documented command's present output."""
    pages = {"/v1/models": {"data": [{"id": "qwen", "owned_by": "vllm"}]}}
    with tempfile.TemporaryDirectory() as folder, serving(pages=pages, answer=_model) as server:
        home = Path(folder)
        for name, text in FILES.items():
            (home / name).write_text(text, encoding="utf-8")
        _put_models(home)
        program = home / ".bin/role-engine"
        program.parent.mkdir()
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m role_engine "$@"\n', encoding="utf-8")
        program.chmod(0o755)
        return _BLOCK.sub(lambda block: _run_block(block[0], home, server.url), page)


def _put_models(home: Path) -> None:
    """A base model of Qwen's without its weights, and the embedded model under a name of its own."""
    write_directory(
        home / "Qwen3-30B-A3B-Base",
        qwen3_config(eos_token_id=151643, max_position_embeddings=32768),
        tokens=QWEN3_TOKENS,
        generation=QWEN_BASE_GENERATION,
        template=QWEN3,
        tokenizer_config={"eos_token": "<|endoftext|>", "pad_token": "<|endoftext|>"},
    )
    (home / "small-model").symlink_to(CHECKOUT / "extensions/role_engine/embedded/model")


def _model(path: str, body: dict[str, Any]) -> Any:
    """Slips into Chinese once."""
    if body["messages"][-1]["role"] == "assistant":
        return says(" то,", " что", " остаётся,", " когда", " уходит", " повод", " помнить.")
    return says("Память", " —", " это", " 记忆", " и", " так", " далее")


def _run_block(block: str, home: Path, server: str) -> str:
    commands = [line for line in block.splitlines() if line.startswith("$ ")]
    return "".join(f"{command}\n{_run(command[2:], home, server)}" for command in commands)


def _run(command: str, home: Path, server: str) -> str:
    path = f"{home / '.bin'}{os.pathsep}{os.environ['PATH']}"
    environment = {"PATH": path, "PYTHONPATH": str(CHECKOUT / "extensions"), "PYTHONUTF8": "1", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        ["bash", "-c", command.replace(SERVER, server)],
        cwd=home,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=60,
    )
    return done.stdout.decode().replace(f"{CHECKOUT}{os.sep}", "")


if __name__ == "__main__":
    PAGE.write_text(refreshed(PAGE.read_text("utf-8")), encoding="utf-8")
