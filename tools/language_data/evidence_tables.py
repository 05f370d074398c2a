"""What Russian words and signs tell of the Latin words beside them, as log-odds: the tables of `evidence.json`."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING

from russian_prose import Source, mask_code, read_source

from role_engine.language.latin.observations import STEM, TOLD_BY_TABLE

if TYPE_CHECKING:
    from evidence_rows import Row

# An entry counts as if it had been seen so many times more, telling nothing: rare entries then tell little.
SMOOTHING = 20.0
# Entries that are rarer, or tell less, are left out of the file.
RAREST_ENTRY, LEAST_ODDS = 8, 0.05
# Of stems: occurrences in a million words that are added to both sides, that are wanted, and the odds that are.
STEM_SMOOTHING, RAREST_STEM, LEAST_STEM_ODDS, MOST_STEM_ODDS = 10, 30, 0.5, 2.0
_LONG_RUSSIAN_WORD = re.compile(f"[А-Яа-яЁё]{{{STEM},}}")


def count_stems(sources: Iterable[Source], blocks: int) -> dict[str, Counter[str]]:
    """How often Russian words begin with which letters, in so many blocks of each source."""
    found = {}
    for source in sources:
        stems = Counter[str]()
        for block, _ in zip(read_source(source), range(blocks), strict=False):
            stems.update(word[:STEM].lower() for word in _LONG_RUSSIAN_WORD.findall(mask_code(block)))
        found[source.name] = stems
    return found


def fit_stems(counts: dict[str, Counter[str]], prose: Collection[str]) -> dict[str, float]:
    """How much the beginning of a Russian word says that a text is technical: log-odds between -2 and 2.

    Args:
        counts: from `count_stems`; every source counts the same, whatever its size.
        prose: names of the sources that are no documentation.
    """
    technical, plain = Counter[str](), Counter[str]()
    for name, found in counts.items():
        total = sum(found.values()) or 1
        for stem, times in found.items():
            (plain if name in prose else technical)[stem] += 1e6 * times / total / len(counts)  # type: ignore[assignment]
    stems = {}
    for stem in {*technical, *plain}:
        one, two = technical[stem] + STEM_SMOOTHING, plain[stem] + STEM_SMOOTHING
        if max(one, two) > RAREST_STEM and abs(odds := math.log(one / two)) >= LEAST_STEM_ODDS:
            stems[stem] = round(max(-MOST_STEM_ODDS, min(MOST_STEM_ODDS, odds)), 1)
    return stems


class Tables:
    """For each of `TOLD_BY_TABLE`, how much an entry says for a word beyond what the word's case says.

    The first character of an entry is the word's case.
    """

    def __init__(self, rows: Sequence[Row]) -> None:
        # (entry, kept) → how often; of all sources, and of each.
        self._counts: list[Counter[tuple[str, bool]]] = [Counter() for _ in TOLD_BY_TABLE]
        self._of_source: dict[str, list[Counter[tuple[str, bool]]]] = {}
        # (case, kept) → how often; "" is all sources.
        self._totals: dict[str, Counter[tuple[str, bool]]] = {"": Counter()}
        for row in rows:
            if row.origin == "made":  # its surroundings are made too
                continue
            own = self._of_source.setdefault(row.source, [Counter() for _ in TOLD_BY_TABLE])
            for counts, ours, entry in zip(self._counts, own, row.told, strict=True):
                counts[entry, row.kept] += 1
                ours[entry, row.kept] += 1
            for name in ("", row.source):
                self._totals.setdefault(name, Counter())[row.told[0][0], row.kept] += 1

    def values(self, row: Row) -> list[float]:
        """What each table says of a row, by what was counted in other sources than its own."""
        own = self._of_source.get(row.source)
        return [
            self._odds(entry, counts, own[at] if own else Counter(), self._totals.get(row.source, Counter()))
            for at, (counts, entry) in enumerate(zip(self._counts, row.told, strict=True))
        ]

    def finished(self) -> dict[str, dict[str, float]]:
        """The tables for the file, of all sources, without entries that are rare or tell nothing."""
        tables = {}
        for name, counts in zip(TOLD_BY_TABLE, self._counts, strict=True):
            entries = sorted({entry for entry, _ in counts})
            odds = {entry: round(self._odds(entry, counts, Counter(), Counter()), 2) for entry in entries}
            seen = Counter[str]()
            for (entry, _), times in counts.items():
                seen[entry] += times
            tables[name] = {
                entry: value
                for entry, value in odds.items()
                if seen[entry] >= RAREST_ENTRY and abs(value) >= LEAST_ODDS
            }
        return tables

    def _odds(
        self,
        entry: str,
        counts: Counter[tuple[str, bool]],
        own: Counter[tuple[str, bool]],
        own_total: Counter[tuple[str, bool]],
    ) -> float:
        case = entry[0]
        kept, slipped = counts[entry, True] - own[entry, True], counts[entry, False] - own[entry, False]
        all_kept = self._totals[""][case, True] - own_total[case, True] + 1
        all_slipped = self._totals[""][case, False] - own_total[case, False] + 1
        share = all_kept / (all_kept + all_slipped)
        return math.log((kept + SMOOTHING * share) / (slipped + SMOOTHING * (1 - share)) * (1 - share) / share)
