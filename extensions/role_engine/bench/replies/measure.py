"""A run of `role-engine bench replies`: asked, kept, judged, and written as a page."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from role_engine.app.planner import Planner
from role_engine.bench.replies.page import render_page
from role_engine.bench.replies.play import PlayedReply, PlaySetup, play
from role_engine.bench.replies.summary import ModeSummary, count_by_category, summarise
from role_engine.files import replace_file

PAGE = "report.html"


@dataclass(frozen=True, slots=True)
class RepliesResult:
    """`page`: where the report lies."""

    model: str
    settings: dict[str, Any]
    replies: Sequence[PlayedReply]
    modes: Sequence[ModeSummary]
    page: Path

    def as_dict(self) -> dict[str, Any]:
        return {
            "benchmark": "replies",
            "model": self.model,
            **self.settings,
            "modes": [one.as_dict() for one in self.modes],
            "categories": {name: dict(counts) for name, counts in count_by_category(self.replies).items()},
            "report": str(self.page),
        }


def measure(
    planner: Planner, wanted: PlaySetup, folder: Path, *, advance: Callable[[int], None] = lambda done: None
) -> RepliesResult:
    """Ask, judge, and write `report.html` and `summary.json` into the folder.

    Raises:
        InputError: the folder holds replies of another model or of other settings, or cannot be written.
        BackendError: the model gives no reply.
    """
    settings = {"model": planner.engine.name, "max_tokens": wanted.max_tokens, "role": wanted.role}
    replies = play(planner, wanted, folder, settings=settings, advance=advance)
    shown = {
        "questions": len(wanted.questions),
        "temperatures": list(wanted.temperatures),
        "seeds": wanted.seeds,
        "seed": wanted.seed,
        "max_tokens": wanted.max_tokens,
        "role": wanted.role,
    }
    modes = summarise(replies)
    result = RepliesResult(planner.engine.name, shown, replies, modes, folder / PAGE)
    replace_file(result.page, render_page(result.model, shown, replies, modes).encode())
    summary = json.dumps(result.as_dict(), ensure_ascii=False, indent=1)
    replace_file(folder / "summary.json", summary.encode())
    return result
