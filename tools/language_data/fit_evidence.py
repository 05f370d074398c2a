"""Fits the evidence for Latin words: `evidence.json`.

    python tools/language_data/fit_evidence.py counts.json --source NAME=PATH … --prose NAME … --english FILE… \\
        --out extensions/role_engine/language/data/evidence.json

On one side stand the Latin words that Russian authors left in their texts (`--source`, as for `count_usage.py`; each is
judged by a record that was counted without it), on the other side slips put into the same texts (`made_slips.py`). A false
alarm weighs ten times a miss. Nothing that the project is measured on takes part.

With `--folds N` nothing is written: the sources are cut in N parts, each judged by what was fitted on the others, and the
share of slips that are found is printed for several shares of false alarms.
"""

from __future__ import annotations

import argparse
import json
import math
import pickle
import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import lightgbm
import numpy as np
from build_usage import usage_of as count_usage_of
from count_usage import lemma
from count_usage import rows as find_rows
from made_authors import Authors
from made_slips import Slips
from russian_prose import MASK, mask_code, parse_source, read_source
from tqdm import tqdm

from role_engine.language import LanguagePolicy
from role_engine.language.latin import evidence, terms, usage
from role_engine.language.latin import observations as observing
from role_engine.language.latin.free_shapes import JOINERS
from role_engine.language.latin.lexicon import look_up
from role_engine.language.latin.observations import FEATURES, OF_WORD, TOLD_BY_TABLE, observe_place, observe_word
from role_engine.language.latin.rows import Word
from role_engine.language.scanner import Scanner

DATA = Path(__file__).parents[2] / "extensions/role_engine/language/data"
FALSE_ALARM = 10.0
# What an author would leave, made, weighs less than what one left.
MADE = 0.7
# Words in a row that are no quotation.
LONGEST_ROW = 7
# What a neighbour says counts as if it had been seen so many times more with nothing to say.
SMOOTHING = 20.0
POLICY = LanguagePolicy(mode="balanced")
_LATIN = re.compile("[A-Za-z]{2}")
_CODE_SIGN = re.compile(r"[{}=;<>\\|_$&\[\]]")


class Row(NamedTuple):
    """A word that was weighed; `place` is what to look at, the word in its text."""

    numbers: tuple[float, ...]
    told: tuple[str, ...]
    kept: bool
    origin: str
    source: str
    place: str


class Counted:
    """A record that takes the place of `usage.txt`."""

    def __init__(self, table: dict[str, str]) -> None:
        self._table = table

    def find(self, word: str) -> str:
        return self._table.get(word, "")


def use_record(table: dict[str, str]) -> None:
    usage._TABLE = Counted(table)
    for cached in (usage.usage_of, usage.is_used_pair, observe_word, observing.kept_by_authors, observing.class_of,
                   observing.is_stranger):  # fmt: skip
        cached.cache_clear()


def observe_text(
    text: str, stems: dict[str, float], start: int = 0, end: int | None = None, *, authors: bool = False
) -> Iterator[tuple[tuple[float, ...], tuple[str, ...], str]]:
    """What is observed of each word of text[start:end) that is weighed.

    `authors`: an author left it; what is code, and what is foreign prose without the capitals of a title, is left out.
    """
    found = []
    until = len(text) if end is None else end
    masked = mask_code(text) if authors else text

    def observe(at: int, judged: terms.Judged) -> None:
        if not start <= at < until or masked[at] == MASK or (authors and is_foreign_prose(judged.around.row)):
            return
        word = judged.word.text
        place = observe_place(judged.word, judged.around, stems)
        shown = f"{text[max(0, at - 40) : at]}⟦{word}⟧{text[at + len(word) : at + len(word) + 40]}"
        found.append(((*observe_word(word), *place.numbers), place.told, shown))

    scanner = Scanner(POLICY)
    scanner.observe = observe
    scanner.feed(text)
    scanner.finish()
    yield from found


def is_foreign_prose(row: list[Word]) -> bool:
    words = [word.text for word in row]
    small = [word for word in words if word.islower() and word not in JOINERS]
    return (len(words) > 4 and len(small) > 1) or any(look_up(word).function for word in small if len(words) > 1)


def is_russian(text: str) -> bool:
    """Whether Russian prevails and no stretch of the text is foreign by itself, or code."""
    text = mask_code(text)
    if len(re.findall("[а-яё]", text, re.IGNORECASE)) <= len(re.findall("[a-z]", text, re.IGNORECASE)):
        return False
    if len(_CODE_SIGN.findall(text)) * 25 > len(text):
        return False
    return all(
        len(row) <= LONGEST_ROW and sum(look_up(word).function and word.islower() for word in row) < 2
        for row in find_rows(text)
    )


def is_clean(text: str) -> bool:
    return not _LATIN.search(mask_code(text)) and text.count("\n") < 4 and 40 < len(text) < 900


def count_stems(asked: argparse.Namespace) -> dict[str, Counter[str]]:
    found = {}
    for source in tqdm(list(map(parse_source, asked.source)), unit="source"):
        stems = Counter[str]()
        for block, _ in zip(read_source(source), range(asked.blocks * 2), strict=False):
            words = re.findall("[А-Яа-яЁё]{5,}", mask_code(block))
            stems.update(word[: observing.STEM].lower() for word in words)
        found[source.name] = stems
    return found


def fit_stems(counts: dict[str, Counter[str]], prose: set[str]) -> dict[str, float]:
    """How much the beginning of a Russian word says that a text is technical: log-odds between -2 and 2."""
    technical, plain = Counter[str](), Counter[str]()
    for name, found in counts.items():
        total = sum(found.values()) or 1
        for stem, times in found.items():  # every source counts the same
            (plain if name in prose else technical)[stem] += 1e6 * times / total / len(counts)
    stems = {}
    for stem in {*technical, *plain}:
        one, two = technical[stem] + 10, plain[stem] + 10
        if max(one, two) > 30 and abs(odds := math.log(one / two)) >= 0.5:
            stems[stem] = round(max(-2.0, min(2.0, odds)), 1)
    return stems


def gather(asked: argparse.Namespace, stems: dict[str, float]) -> list[Row]:
    counts = json.loads(asked.counts.read_text("utf-8"))
    chance = random.Random(asked.seed)
    authors = Authors(asked.terms, asked.seed)
    slips = Slips(counts["dictionary"], list(_english(asked.english)), lemma, asked.seed)
    kinds = {
        slips.word: 42, slips.pair: 6, slips.phrase: 14, slips.subject: 8, slips.label: 9, slips.lead_in: 5,
        slips.sentence: 3, slips.shout: 2, slips.foreign: 6, slips.translit: 5,
    }  # fmt: skip
    rows: list[Row] = []
    for source in tqdm(list(map(parse_source, asked.source)), unit="source"):
        use_record(count_usage_of(counts, leave_out=source.name))
        blocks = list(read_source(source))
        chance.shuffle(blocks)
        with_latin = [block for block in blocks if _LATIN.search(mask_code(block)) and is_russian(block)]
        for block in with_latin[: asked.blocks] if source.name not in asked.only_clean else ():
            for numbers, told, place in observe_text(block, stems, authors=True):
                rows.append(Row(numbers, told, True, "authors", source.name, place))
        made = [slip for block in with_latin[: asked.blocks] for slip in authors.unwrap(block)]
        chance.shuffle(made)
        made = made[: asked.blocks // 3]
        if source.name not in asked.prose:
            made += [slip for _ in range(asked.blocks // 40) for slip in authors.label()]
        for slip in made:
            for numbers, told, place in observe_text(slip.text, stems, slip.start, slip.end):
                rows.append(Row(numbers, told, True, "made", source.name, place))
        clean = [block for block in blocks if is_clean(block)][: asked.blocks]
        technical = [block for block in with_latin if len(block) < 900][: len(clean) // 3]
        for block in clean + technical:
            kind = chance.choices(list(kinds), list(kinds.values()))[0]
            slip = kind(block)
            if slip is not None:
                for numbers, told, place in observe_text(slip.text, stems, slip.start, slip.end):
                    rows.append(Row(numbers, told, False, kind.__name__, source.name, place))
    return rows


def _english(paths: list[Path]) -> Iterator[str]:
    for path in paths:
        if path.suffix == ".json":
            for article in json.loads(path.read_text("utf-8"))["data"]:
                for paragraph in article["paragraphs"]:
                    yield from re.split(r"(?<=[.!?]) ", paragraph["context"])
        else:
            for file in sorted(path.rglob("*.md")) if path.is_dir() else [path]:
                yield from re.findall(r"^[A-Z][^`\[\]<>{}\n]{30,300}\.$", file.read_text("utf-8"), re.MULTILINE)


class Tables:
    """What neighbours and signs say, as log-odds; a source is judged without what was counted in it."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._counts: list[Counter[tuple[str, bool]]] = [Counter() for _ in TOLD_BY_TABLE]
        self._of_source: dict[str, list[Counter[tuple[str, bool]]]] = {}
        self._totals: dict[str, Counter[tuple[str, bool]]] = {"": Counter()}
        for row in rows:
            if row.origin == "made":  # what was put in stands anywhere
                continue
            own = self._of_source.setdefault(row.source, [Counter() for _ in TOLD_BY_TABLE])
            for counts, ours, entry in zip(self._counts, own, row.told, strict=True):
                counts[entry, row.kept] += 1
                ours[entry, row.kept] += 1
            # Odds are those beyond what the word's case says.
            for name in ("", row.source):
                self._totals.setdefault(name, Counter())[row.told[0][0], row.kept] += 1

    def values(self, row: Row) -> list[float]:
        own = self._of_source.get(row.source)
        return [
            self._odds(entry, counts, own[at] if own else Counter(), self._totals.get(row.source, Counter()))
            for at, (counts, entry) in enumerate(zip(self._counts, row.told, strict=True))
        ]

    def finished(self) -> dict[str, dict[str, float]]:
        tables = {}
        for name, counts in zip(TOLD_BY_TABLE, self._counts, strict=True):
            entries = sorted({entry for entry, _ in counts})
            odds = {entry: round(self._odds(entry, counts, Counter(), Counter()), 2) for entry in entries}
            seen = Counter[str]()
            for (entry, _), times in counts.items():
                seen[entry] += times
            tables[name] = {entry: value for entry, value in odds.items() if seen[entry] >= 8 and abs(value) >= 0.05}
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


def matrix_of(rows: Sequence[Row], tables: Tables) -> np.ndarray:
    first = len(OF_WORD)
    return np.array(
        [[*row.numbers[:first], *tables.values(row), *row.numbers[first:]] for row in rows], dtype=np.float64
    )


def fit(matrix: np.ndarray, rows: Sequence[Row], asked: argparse.Namespace) -> lightgbm.Booster:
    rising = {"authors leave it", "sources that leave it", "user wrote it"}
    weights = [(FALSE_ALARM if row.origin == "authors" else MADE) if row.kept else 1.0 for row in rows]
    of_source = Counter((row.source, row.kept) for row in rows)
    typical = float(np.median(list(of_source.values())))
    # A large source says no more than three times what a usual one does.
    weights = [
        weight * min(1.0, 3 * typical / of_source[row.source, row.kept])
        for weight, row in zip(weights, rows, strict=True)
    ]
    model = lightgbm.LGBMClassifier(
        n_estimators=asked.trees, num_leaves=asked.leaves, learning_rate=0.1, min_child_samples=40, subsample=0.8,
        subsample_freq=1, colsample_bytree=0.5, reg_lambda=5.0, random_state=asked.seed, n_jobs=2, verbose=-1,
        monotone_constraints=[int(name in rising) for name in FEATURES],
    )  # fmt: skip
    model.fit(matrix, [row.kept for row in rows], sample_weight=weights)
    return model.booster_


def trees_of(booster: lightgbm.Booster) -> list[list[list[float]]]:
    """The trees in the form of `role_engine.language.latin.evidence.Tree`."""
    found = []
    for one in booster.dump_model()["tree_info"]:
        feature, split, yes, no, inner, leaf = [], [], [], [], [], []

        def walk(node: dict[str, Any]) -> int:
            if "leaf_value" in node:
                leaf.append(round(node["leaf_value"], 3))
                return ~(len(leaf) - 1)
            at = len(feature)
            feature.append(node["split_feature"])
            split.append(round(node["threshold"], 3))
            inner.append(round(node["internal_value"], 3))
            yes.append(0)
            no.append(0)
            yes[at], no[at] = walk(node["left_child"]), walk(node["right_child"])
            return at

        if walk(one["tree_structure"]) == 0:
            found.append([feature, split, yes, no, inner, leaf])
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("counts", type=Path)
    parser.add_argument("--source", action="append", required=True)
    parser.add_argument("--prose", nargs="*", default=[], help="names of the sources that are no documentation")
    parser.add_argument("--only-clean", nargs="*", default=[], help="names of those whose Latin words are not counted")
    parser.add_argument("--english", type=Path, nargs="+", required=True, help="SQuAD's JSON, or Markdown")
    parser.add_argument("--terms", type=Path, default=DATA / "terms.txt")
    parser.add_argument("--blocks", type=int, default=3000, help="of each source, with Latin words and without")
    parser.add_argument("--trees", type=int, default=150)
    parser.add_argument("--leaves", type=int, default=24)
    parser.add_argument("--false-alarms", type=float, default=0.005, help="share of the authors' words refused")
    parser.add_argument("--folds", type=int, default=0)
    parser.add_argument("--keep", type=Path, help="keep what was gathered there, and use it when it is there")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True)
    asked = parser.parse_args()
    if asked.keep and asked.keep.exists():
        stems, rows = pickle.loads(asked.keep.read_bytes())
        rows = [row for row in rows if row.origin != "made" or row.source not in asked.prose]
    else:
        stems = fit_stems(count_stems(asked), set(asked.prose))
        nothing = evidence.Model([], 0.0, [{} for _ in TOLD_BY_TABLE], {})
        evidence.load_model = terms.load_model = lambda: nothing
        rows = gather(asked, stems)
        if asked.keep:
            asked.keep.write_bytes(pickle.dumps((stems, rows)))
    sums = np.zeros(len(rows))
    if asked.folds:
        names = sorted({row.source for row in rows})
        for fold in range(asked.folds):
            held = set(names[fold :: asked.folds])
            ours = [row for row in rows if row.source not in held]
            tables = Tables(ours)
            booster = fit(matrix_of(ours, tables), ours, asked)
            there = [at for at, row in enumerate(rows) if row.source in held]
            sums[there] = booster.predict(matrix_of([rows[at] for at in there], tables), raw_score=True)
        report(sums, rows, set(asked.prose))
        if asked.keep:
            np.save(asked.keep.with_suffix(".sums.npy"), sums)
        return
    tables = Tables(rows)
    matrix = matrix_of(rows, tables)
    booster = fit(matrix, rows, asked)
    sums = np.asarray(booster.predict(matrix, raw_score=True))
    report(sums, rows, set(asked.prose))
    threshold = float(np.quantile(sums[[row.origin == "authors" for row in rows]], asked.false_alarms))
    found = {
        "threshold": round(threshold, 2),
        "tables": tables.finished(),
        "stems": dict(sorted(stems.items())),
        "trees": trees_of(booster),
    }
    asked.out.write_text(json.dumps(found, ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8")


def report(sums: np.ndarray, rows: Sequence[Row], prose: set[str]) -> None:
    """Print which share of the slips is found, for several shares of false alarms."""
    kept = np.array([row.origin == "authors" for row in rows])
    in_prose = np.array([row.source in prose for row in rows])
    case = np.array([row.numbers[0] for row in rows])
    origin = np.array([row.origin for row in rows])
    of_word = origin == "word"
    parts = {
        "prose word": of_word & in_prose & (case == 0),
        "prose Word": of_word & in_prose & (case == 1),
        "docs word": of_word & ~in_prose & (case == 0),
        "docs Word": of_word & ~in_prose & (case == 1),
        **{kind: origin == kind for kind in sorted(set(origin) - {"word", "authors"})},
        "authors in prose": kept & in_prose,
        "authors in docs": kept & ~in_prose,
    }
    for false_alarms in (0.002, 0.005, 0.01, 0.02):
        threshold = np.quantile(sums[kept], false_alarms)
        shares = {name: f"{100 * float((sums[part] < threshold).mean()):.1f}" for name, part in parts.items()}
        print(
            f"{false_alarms}: threshold {threshold:.2f}", ", ".join(f"{name} {share}" for name, share in shares.items())
        )


if __name__ == "__main__":
    main()
