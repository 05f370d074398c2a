"""What speaks for a Latin word in Russian text, and what against it: a sum of evidence.

The model is a sum of small decision trees over what is observed of a word (`observations.py`), fitted by
`tools/language_data/fit_evidence.py` on words that Russian authors left in their texts and on words that were put in
the place of Russian ones. Each tree adds a natural log-odd; a word stands when the sum reaches the policy's threshold.
"""

from __future__ import annotations

import json
from collections import defaultdict
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from role_engine.language.latin.observations import (
    FEATURES,
    TOLD_BY_TABLE,
    Surroundings,
    observe_place,
    observe_word,
)
from role_engine.language.latin.rows import Word


class Tree(NamedTuple):
    """One tree. A node n ≥ 0 asks whether observation `feature[n]` is at most `split[n]`; a node below 0 is leaf ~n.

    Attributes:
        inner: what the tree would add at a node, were it to stop there.
        leaf: what it adds.
    """

    feature: list[int]
    split: list[float]
    yes: list[int]
    no: list[int]
    inner: list[float]
    leaf: list[float]


class EvidenceModel(NamedTuple):
    """What was fitted, in natural log-odds.

    Attributes:
        trees: their sum is the evidence.
        threshold: what it must come to, at a tolerance of 0.5.
        tables: what a neighbouring word, its stem or a sign says, for each of `TOLD_BY_TABLE`.
        stems: how much the beginning of a Russian word says that a text is technical.
    """

    trees: list[Tree]
    threshold: float
    tables: list[dict[str, float]]
    stems: dict[str, float]


class Evidence(NamedTuple):
    """One observation, its value, and what it adds: above 0 it speaks for the word."""

    name: str
    value: float
    weight: float


@cache
def load_model() -> EvidenceModel:
    read = json.loads(files("role_engine.language").joinpath("data/evidence.json").read_text("utf-8"))
    trees = [Tree(*tree) for tree in read["trees"]]
    return EvidenceModel(trees, read["threshold"], [read["tables"][name] for name in TOLD_BY_TABLE], read["stems"])


def observe(word: Word, around: Surroundings, model: EvidenceModel) -> tuple[float, ...]:
    """All that is observed of a word, in the order of `FEATURES`."""
    place = observe_place(word, around, model.stems)
    told = [table.get(entry, 0.0) for table, entry in zip(model.tables, place.told, strict=True)]
    return (*observe_word(word.text), *told, *place.numbers)


def weigh(word: Word, around: Surroundings) -> float:
    """The sum of the evidence for `word`."""
    seen = observe(word, around, load_model())
    return sum(_walk(node, seen) for node, _, _ in _roots())


def reaches(word: Word, around: Surroundings, threshold: float) -> bool:
    """Whether the sum of the evidence comes to `threshold`; no more trees are asked than that takes."""
    seen = observe(word, around, load_model())
    total = 0.0
    for node, least, most in _roots():
        if total + least >= threshold:
            return True
        if total + most < threshold:
            return False
        while node.__class__ is tuple:
            node = node[2] if seen[node[0]] <= node[1] else node[3]
        total += node
    return total >= threshold


def _walk(node: Any, seen: tuple[float, ...]) -> float:
    while node.__class__ is tuple:
        node = node[2] if seen[node[0]] <= node[1] else node[3]
    return float(node)


@cache
def _roots() -> list[tuple[Any, float, float]]:
    """Each tree as nested tuples (observation, split, yes, no) with floats for leaves, the one that can say most first;
    beside it the least and the most that it and those after it can add."""
    trees = sorted(load_model().trees, key=lambda tree: min(tree.leaf) - max(tree.leaf))
    least = most = 0.0
    found = []
    for tree in reversed(trees):
        least, most = least + min(tree.leaf), most + max(tree.leaf)
        found.append((_nested(tree, 0), least, most))
    return found[::-1]


def _nested(tree: Tree, node: int) -> Any:
    if node < 0:
        return tree.leaf[~node]
    yes, no = _nested(tree, tree.yes[node]), _nested(tree, tree.no[node])
    return (tree.feature[node], tree.split[node], yes, no)


def explain(word: Word, around: Surroundings) -> list[Evidence]:
    """What each observation adds to the sum, the strongest first.

    Going down a tree, the change from a node to the next is put down to the observation that the node asks for.
    """
    model = load_model()
    seen = observe(word, around, model)
    added: dict[int, float] = defaultdict(float)
    for tree in model.trees:
        node, value = 0, tree.inner[0]
        while node >= 0:
            asked = tree.feature[node]
            node = tree.yes[node] if seen[asked] <= tree.split[node] else tree.no[node]
            following = tree.inner[node] if node >= 0 else tree.leaf[~node]
            added[asked] += following - value
            value = following
    found = [Evidence(FEATURES[feature], seen[feature], weight) for feature, weight in added.items()]
    return sorted(found, key=lambda one: -abs(one.weight))
