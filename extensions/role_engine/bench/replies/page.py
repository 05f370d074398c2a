"""`report.html`: the replies of a run as one page that fetches nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from itertools import groupby
from typing import Any

from jinja2 import Environment, StrictUndefined

from role_engine.bench.replies.oracle import ends_in_loop, find_violations
from role_engine.bench.replies.play import PlayedReply
from role_engine.bench.replies.summary import ModeSummary, count_by_category
from role_engine.bench.replies.table import ROWS

TEMPLATE = "report.html.jinja"


def render_page(
    model: str, settings: Mapping[str, Any], replies: Sequence[PlayedReply], modes: Sequence[ModeSummary]
) -> str:
    """The page's HTML; everything that a model wrote is escaped."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string((files(__package__) / TEMPLATE).read_text("utf-8"))
    return template.render(
        model=model,
        settings=settings,
        modes=[one.mode for one in modes],
        rows=[(name, [cell(one) for one in modes]) for name, cell in ROWS],
        categories=list(_bars(replies, [one.mode for one in modes])),
        rejected=[(reply, span) for reply in replies for span in reply.rejected],
        questions=list(_questions(replies)),
    )


def _bars(replies: Sequence[PlayedReply], modes: Sequence[str]) -> Iterator[dict[str, Any]]:
    """A category, and for each mode how many of its replies are broken, of how many."""
    for category, counts in count_by_category(replies).items():
        yield {"name": category, "bars": [(mode, counts[f"{mode} broken"], counts[mode]) for mode in modes]}


def _questions(replies: Sequence[PlayedReply]) -> Iterator[dict[str, Any]]:
    def place(reply: PlayedReply) -> tuple[str, str, float, int]:
        return reply.category, reply.question, reply.temperature, reply.seed

    for (category, question, temperature, seed), group in groupby(sorted(replies, key=place), key=place):
        columns: list[dict[str, Any]] = [
            {"reply": one, "wrong": find_violations(one.text, one.mode), "loop": ends_in_loop(one.text)}
            for one in group
        ]
        yield {
            "category": category,
            "question": question,
            "temperature": temperature,
            "seed": seed,
            "columns": columns,
            "marked": any(one["wrong"] or one["loop"] or one["reply"].rejected for one in columns),
        }
