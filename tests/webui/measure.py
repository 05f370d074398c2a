"""What the guard costs and what it catches, on the real webui: a Markdown table, and JSON with `--json FILE`.

    python -m tests.webui.measure [-n 30] [--loader NAME]… [--model NAME]… [--json FILE]

For each loader and model the same N streamed chat replies are made with the guard off and on (`--mode`, default
strict), in turn, so that a busy machine slows both. Times are medians, as the client sees them.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from role_engine.bench.replies.oracle import name_foreign

from .client import CHAT, Reply, ask, chat_body
from .host import LOADERS, Host, launch

QUESTIONS = ("Расскажи о море.", "Что такое дружба?", "Опиши зимний лес.", "Почему небо синее?", "Дай совет ученику.")


@dataclass
class Row:
    """One loader, one model, the guard off or on.

    Attributes:
        violating: share of replies with a foreign character; failed: share that the guard could not make clean.
        rejected_per_delivered: tokens thrown away for each one delivered.
        first_ms: until the first visible character; per_token_ms: from there on, for each delivered token.
        characters: median length.
    """

    loader: str
    model: str
    mode: str
    replies: int
    violating: float
    failed: float
    rejected_per_delivered: float
    first_ms: float
    per_token_ms: float
    characters: float


def median(values: list[float]) -> float:
    return statistics.median(values) if values else float("nan")


def summed_up(loader: str, model: str, mode: str, replies: list[Reply]) -> Row:
    reports: list[dict[str, Any]] = [reply.report for reply in replies]
    delivered = sum(reply.usage or 0 for reply in replies)
    seen = [reply for reply in replies if reply.times]
    return Row(
        loader,
        model,
        mode,
        len(replies),
        violating=sum(bool(name_foreign(reply.text + reply.reasoning)) for reply in replies) / len(replies),
        failed=sum(bool(report.get("failed")) for report in reports) / len(replies),
        rejected_per_delivered=sum(report.get("tokens_rejected", 0) for report in reports) / max(delivered, 1),
        first_ms=1000 * median([reply.times[0] - reply.sent for reply in seen]),
        per_token_ms=1000
        * median(
            [(reply.done - reply.times[0]) / (reply.usage - 1) for reply in seen if reply.usage and reply.usage > 8]
        ),
        characters=median([float(len(reply.text)) for reply in replies]),
    )


def measure(host: Host, n: int, mode: str, max_tokens: int) -> list[Row]:
    replies: dict[str, list[Reply]] = {"off": [], mode: []}
    for seed in range(1, n + 1):
        for each in replies:
            body = chat_body(QUESTIONS[seed % 5], seed=seed, stream=True, max_tokens=max_tokens)
            reply = ask(host.client, CHAT, {**body, "role_engine": {"role": "none", "mode": each}})
            if seed > 1:  # the first one warms everything up
                replies[each].append(reply)
    return [summed_up(host.loader, host.model, each, got) for each, got in replies.items()]


def table(rows: list[Row]) -> str:
    lines = [
        "| loader | model | guard | replies | violating | failed | thrown away per delivered token "
        "| first character, ms | per token, ms | median length |",
        "| --- | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    lines += [
        f"| {row.loader} | {row.model} | {row.mode} | {row.replies} | {row.violating:.0%} | {row.failed:.0%} "
        f"| {row.rejected_per_delivered:.2f} | {row.first_ms:.0f} | {row.per_token_ms:.1f} | {row.characters:.0f} |"
        for row in rows
    ]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-n", type=int, default=30, help="replies per loader, model and mode, besides one to warm up")
    parser.add_argument("--loader", action="append", choices=LOADERS)
    parser.add_argument("--model", action="append")
    parser.add_argument("--mode", default="strict", choices=["strict", "balanced"])
    parser.add_argument("--max-tokens", type=int, default=120)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    rows: list[Row] = []
    for loader in options.loader or LOADERS:
        for model in options.model or ["tiny-qwen3", "tiny-qwen3-wild"]:
            with tempfile.TemporaryDirectory() as folder:
                host = launch(loader, model, Path(folder) / "home", extensions=("role_engine",))
                try:
                    rows += measure(host, options.n + 1, options.mode, options.max_tokens)
                finally:
                    host.stop()
            print(f"{loader} {model}: done", file=sys.stderr)
    print(table(rows))
    if options.json:
        new = options.json.with_suffix(".new")
        new.write_text(json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=1) + "\n", "utf-8")
        new.replace(options.json)


if __name__ == "__main__":
    main()
