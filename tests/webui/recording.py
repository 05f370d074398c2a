"""What the recorder extension wrote down, read from outside."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class Run:
    """One start of an engine: the prompt as it reached it, and the times of its decode steps (seconds, Unix)."""

    prompt: str
    tokens: int
    max_new_tokens: int
    seed: int
    started: float
    steps: list[float] = field(default_factory=list)
    text: str | None = None


@dataclass(frozen=True)
class Reply:
    """What the host's `generate_reply` handed on: the last text, and whether each text extended the one before."""

    text: str
    grew: bool
    ended: float


@dataclass
class Recording:
    """The file that a host's recorder appends to."""

    path: Path

    def mark(self) -> int:
        """Where the file ends now; give it to the other calls to see only what came after."""
        return self.path.stat().st_size if self.path.exists() else 0

    def events(self, since: int = 0) -> list[dict[str, Any]]:
        if not self.path.exists():
            return []
        with self.path.open("rb") as file:
            file.seek(since)
            lines = file.read().split(b"\n")[:-1]
        return [json.loads(line.decode("utf-8", "surrogatepass")) for line in lines if line]

    def runs(self, since: int = 0) -> list[Run]:
        """The engine's starts, in order. With two requests at once, tell them apart by their prompts."""
        runs: dict[int, Run] = {}
        for event in self.events(since):
            number, kind = event["run"], event["event"]
            if kind == "start":
                runs[number] = Run(
                    event["prompt"], event["tokens"], event["max_new_tokens"], event["seed"], event["time"]
                )
            elif kind == "step" and number in runs:
                runs[number].steps.append(event["time"])
            elif kind == "end" and number in runs:
                runs[number].text = event["text"]
        return list(runs.values())

    def prompts(self, since: int = 0) -> list[str]:
        return [run.prompt for run in self.runs(since)]

    def replies(self, since: int = 0) -> list[Reply]:
        return [
            Reply(event["text"], event["grew"], event["time"])
            for event in self.events(since)
            if event["event"] == "reply"
        ]

    def wait_for_reply(self, since: int, patience: float) -> Reply | None:
        """The first reply that ends after `since`, or None when none does in `patience` seconds."""
        limit = time.monotonic() + patience
        while time.monotonic() < limit:
            if replies := self.replies(since):
                return replies[0]
            time.sleep(0.02)
        return None
