"""Fits the evidence for Latin words: `evidence.json`.

    python tools/language_data/fit_evidence.py counts.json --source NAME=PATH … --prose NAME … --english FILE… \\
        --out extensions/role_engine/language/data/evidence.json

`counts.json` comes from `count_usage.py`, the sources are given as there. On one side stand the Latin words that
Russian authors left in their texts (each is judged by what was counted in the other sources) and some that are made
after them (`made_authors.py`), on the other side slips put into the same texts (`made_slips.py`). Nothing that the
project is measured on takes part.

With `--folds N` nothing is written: the sources are cut in N parts, each judged by what was fitted on the others, and
the share of slips that are found is printed for several shares of false alarms.
"""

from __future__ import annotations

import argparse
import json
import pickle
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np
from evidence_rows import Gatherer, Row, read_english
from evidence_tables import Tables, count_stems, fit_stems
from evidence_trees import fit_trees, matrix_of, trees_of
from numpy.typing import NDArray
from russian_prose import parse_source
from tqdm import tqdm

from role_engine.language.latin import evidence, terms
from role_engine.language.latin.observations import TOLD_BY_TABLE

DATA = Path(__file__).parents[2] / "extensions/role_engine/language/data"
SHARES_REPORTED = (0.002, 0.005, 0.01, 0.02)


def gather(asked: argparse.Namespace) -> tuple[dict[str, float], list[Row]]:
    """The stems and the rows, kept in a file where that is asked for."""
    if asked.keep and asked.keep.exists():
        kept: tuple[dict[str, float], list[Row]] = pickle.loads(asked.keep.read_bytes())
        return kept
    sources = list(map(parse_source, asked.source))
    stems = fit_stems(count_stems(tqdm(sources, unit="source"), asked.blocks * 2), set(asked.prose))
    # What is observed must not depend on an older model: with one that says nothing, every word stands.
    nothing = evidence.EvidenceModel([], 0.0, [{} for _ in TOLD_BY_TABLE], {})
    evidence.load_model = terms.load_model = lambda: nothing
    gatherer = Gatherer(
        json.loads(asked.counts.read_text("utf-8")),
        stems,
        list(read_english(asked.english)),
        asked.terms,
        prose=asked.prose,
        only_clean=asked.only_clean,
        blocks=asked.blocks,
        seed=asked.seed,
    )
    rows = gatherer.gather(sources)
    if asked.keep:
        asked.keep.write_bytes(pickle.dumps((stems, rows)))
    return stems, rows


def fit(rows: Sequence[Row], asked: argparse.Namespace) -> tuple[Tables, lightgbm.Booster]:
    """The tables and the trees that these rows give."""
    tables = Tables(rows)
    matrix = matrix_of(rows, tables)
    return tables, fit_trees(matrix, rows, trees=asked.trees, leaves=asked.leaves, seed=asked.seed)


def sum_evidence(booster: lightgbm.Booster, rows: Sequence[Row], tables: Tables) -> NDArray[Any]:
    """The evidence for each row."""
    return np.asarray(booster.predict(matrix_of(rows, tables), raw_score=True))


def cross_validate(rows: Sequence[Row], asked: argparse.Namespace) -> NDArray[Any]:
    """The evidence for each row, by what was fitted on other sources."""
    sums = np.zeros(len(rows))
    names = sorted({row.source for row in rows})
    for fold in range(asked.folds):
        held = set(names[fold :: asked.folds])
        tables, booster = fit([row for row in rows if row.source not in held], asked)
        there = [at for at, row in enumerate(rows) if row.source in held]
        sums[there] = sum_evidence(booster, [rows[at] for at in there], tables)
    return sums


def report(sums: NDArray[Any], rows: Sequence[Row], prose: Collection[str]) -> None:
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
    for false_alarms in SHARES_REPORTED:
        threshold = np.quantile(sums[kept], false_alarms)
        shares = ", ".join(f"{name} {100 * float((sums[part] < threshold).mean()):.1f}" for name, part in parts.items())
        print(f"{false_alarms}: threshold {threshold:.2f}", shares)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("counts", type=Path)
    parser.add_argument("--source", action="append", required=True, help="NAME=PATH or NAME=PATH=PART, several times")
    parser.add_argument("--prose", nargs="*", default=[], help="names of the sources that are no documentation")
    parser.add_argument("--only-clean", nargs="*", default=[], help="names of those whose Latin words are no examples")
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
    stems, rows = gather(asked)
    prose = set(asked.prose)
    if asked.folds:
        sums = cross_validate(rows, asked)
        report(sums, rows, prose)
        if asked.keep:
            np.save(asked.keep.with_suffix(".sums.npy"), sums)
        return
    tables, booster = fit(rows, asked)
    sums = sum_evidence(booster, rows, tables)
    report(sums, rows, prose)
    threshold = float(np.quantile(sums[[row.origin == "authors" for row in rows]], asked.false_alarms))
    found = {
        "threshold": round(threshold, 2),
        "tables": tables.finished(),
        "stems": dict(sorted(stems.items())),
        "trees": trees_of(booster),
    }
    asked.out.write_text(json.dumps(found, ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8")


if __name__ == "__main__":
    main()
