"""What came of the replies, mode by mode, against the unguarded ones of the same question and seed."""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from role_engine.bench.replies.oracle import ends_in_loop, find_violations, parse_code_blocks
from role_engine.bench.replies.play import PlayedReply


@dataclass(frozen=True, slots=True)
class ModeSummary:
    """The replies of one mode. Shares are of its replies, ratios medians over pairs with the unguarded reply.

    Attributes:
        broken: replies that hold what the mode forbids, judged from outside.
        looping: that end in a loop; `looping_alone`: though the unguarded one does not.
        clean_pairs: pairs whose unguarded reply was clean; `identical`: of them those delivered letter for letter.
        code, code_parsed: blocks of code in a language that can be parsed, and those that parse.
        thrown_away: tokens generated and not delivered, per token delivered.
        length, first, per_token: medians of the ratio to the unguarded reply: characters, seconds to the first
            character, seconds per token. None without pairs.
    """

    mode: str
    replies: int
    broken: int
    looping: int
    looping_alone: int
    failed: int
    stripped: int
    rejected: dict[str, int]
    thrown_away: float
    clean_pairs: int
    identical: int
    code: int
    code_parsed: int
    length: float | None
    first: float | None
    per_token: float | None

    def as_dict(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


def summarise(replies: Sequence[PlayedReply]) -> list[ModeSummary]:
    """A summary for each mode, in the order in which they were asked."""
    by_mode: dict[str, list[PlayedReply]] = defaultdict(list)
    for reply in replies:
        by_mode[reply.mode].append(reply)
    unguarded = {(one.question, one.temperature, one.seed): one for one in by_mode.get("off", ())}
    return [_of_mode(mode, found, unguarded) for mode, found in by_mode.items()]


def count_by_category(replies: Iterable[PlayedReply]) -> dict[str, Counter[str]]:
    """For each category how many replies of each mode there are, and how many are broken (`MODE broken`)."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for reply in replies:
        found[reply.category][reply.mode] += 1
        found[reply.category][f"{reply.mode} broken"] += bool(find_violations(reply.text, reply.mode))
    return dict(found)


def _of_mode(
    mode: str, replies: Sequence[PlayedReply], unguarded: dict[tuple[str, float, int], PlayedReply]
) -> ModeSummary:
    pairs = [
        (off, one)
        for one in replies
        if mode != "off" and (off := unguarded.get((one.question, one.temperature, one.seed))) is not None
    ]
    clean = [(off, one) for off, one in pairs if not find_violations(off.text, mode)]
    blocks = [parsed for one in replies for _, parsed in parse_code_blocks(one.text)]
    tokens = sum(one.tokens for one in replies)
    return ModeSummary(
        mode=mode,
        replies=len(replies),
        broken=sum(bool(find_violations(one.text, mode)) for one in replies),
        looping=sum(ends_in_loop(one.text) for one in replies),
        looping_alone=sum(ends_in_loop(one.text) and not ends_in_loop(off.text) for off, one in pairs),
        failed=sum(one.failed for one in replies),
        stripped=sum(bool(one.stripped) for one in replies),
        rejected=dict(Counter(span["kind"] for one in replies for span in one.rejected).most_common()),
        thrown_away=sum(one.thrown_away for one in replies) / max(1, tokens),
        clean_pairs=len(clean),
        identical=sum(off.text == one.text for off, one in clean),
        code=len(blocks),
        code_parsed=sum(blocks),
        length=_median(len(one.text) / len(off.text) for off, one in pairs if off.text),
        first=_median(one.first / off.first for off, one in pairs if off.first and one.first),
        per_token=_median(
            _pace(one) / _pace(off)
            for off, one in pairs
            if off.tokens > 1 and one.tokens > 1 and off.first and one.first
        ),
    )


def _pace(reply: PlayedReply) -> float:
    return (reply.seconds - (reply.first or 0.0)) / max(1, reply.tokens - 1)


def _median(ratios: Iterable[float]) -> float | None:
    found = list(ratios)
    return statistics.median(found) if found else None
