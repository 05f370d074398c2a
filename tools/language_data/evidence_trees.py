"""Fits the trees of `evidence.json` with LightGBM, and turns them into what `language/latin/evidence.py` reads."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any

import lightgbm
import numpy as np
from evidence_rows import Row
from evidence_tables import Tables
from numpy.typing import NDArray

from role_engine.language.latin.observations import FEATURES, OF_WORD

# A false alarm weighs ten times a miss; words that were made as an author would leave them, less than an author's own.
FALSE_ALARM, MADE = 10.0, 0.7
# A large source says no more than so many times what a usual one does.
LARGEST_SOURCE = 3
# LightGBM tells 0 from other numbers by a split of 1e-35 on either side.
LEAST_SPLIT = 1e-9
# More of these never speaks against a word.
RISING = frozenset({"authors leave it", "sources that leave it", "user wrote it"})


def matrix_of(rows: Sequence[Row], tables: Tables) -> NDArray[Any]:
    """All observations of each row, in the order of `FEATURES`."""
    first = len(OF_WORD)
    return np.array(
        [[*row.numbers[:first], *tables.values(row), *row.numbers[first:]] for row in rows], dtype=np.float64
    )


def weights_of(rows: Sequence[Row]) -> list[float]:
    """How much each row weighs in the fit."""
    weights = [(FALSE_ALARM if row.origin == "authors" else MADE) if row.kept else 1.0 for row in rows]
    of_source = Counter((row.source, row.kept) for row in rows)
    typical = float(np.median(list(of_source.values())))
    return [
        weight * min(1.0, LARGEST_SOURCE * typical / of_source[row.source, row.kept])
        for weight, row in zip(weights, rows, strict=True)
    ]


def fit_trees(matrix: NDArray[Any], rows: Sequence[Row], *, trees: int, leaves: int, seed: int) -> lightgbm.Booster:
    """Trees whose sum is above 0 where a word should rather stand than go."""
    model = lightgbm.LGBMClassifier(
        n_estimators=trees, num_leaves=leaves, learning_rate=0.1, min_child_samples=40, subsample=0.8,
        subsample_freq=1, colsample_bytree=0.5, reg_lambda=5.0, random_state=seed, n_jobs=2, verbose=-1,
        monotone_constraints=[int(name in RISING) for name in FEATURES],
    )  # fmt: skip
    model.fit(matrix, [row.kept for row in rows], sample_weight=weights_of(rows))
    return model.booster_


def trees_of(booster: lightgbm.Booster) -> list[list[list[float]]]:
    """The trees that ask for anything, each as the six lists of `role_engine.language.latin.evidence.Tree`."""
    trees = [_lists_of(one["tree_structure"]) for one in booster.dump_model()["tree_info"]]
    return [tree for tree in trees if tree[0]]


def _rounded(split: float) -> float:
    """A split with three digits; one that tells 0 from what is below it, or above, still does."""
    return round(split, 3) if abs(split) > LEAST_SPLIT else math.copysign(LEAST_SPLIT, split)


def _lists_of(root: dict[str, Any]) -> list[list[float]]:
    """A tree's nodes as lists, the root first; a node is known by its number, leaf n by ~n."""
    feature: list[float] = []
    split: list[float] = []
    yes: list[float] = []
    no: list[float] = []
    inner: list[float] = []
    leaf: list[float] = []

    def add(node: dict[str, Any]) -> int:
        if "leaf_value" in node:
            leaf.append(round(node["leaf_value"], 3))
            return ~(len(leaf) - 1)
        at = len(feature)
        feature.append(node["split_feature"])
        split.append(_rounded(node["threshold"]))
        inner.append(round(node["internal_value"], 3))
        yes.append(0)
        no.append(0)
        yes[at], no[at] = add(node["left_child"]), add(node["right_child"])
        return at

    add(root)
    return [feature, split, yes, no, inner, leaf]
