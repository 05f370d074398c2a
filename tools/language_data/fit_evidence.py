"""Fits the weights of the evidence for Latin words: `evidence.json`.

    python tools/language_data/fit_evidence.py counts.json --source NAME=PATH … --english FILE… --vocabulary tokenizer.json \\
        --out extensions/role_engine/language/data/evidence.json

On one side stand the Latin words that Russian authors left in their texts (`--source`, as for `count_usage.py`; each is
judged by a record that was counted without it), on the other side slips put into the same texts (`made_slips.py`). A false
alarm weighs ten times a miss. Nothing that the project is measured on takes part.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from build_usage import usage_of as count_usage_of
from count_usage import lemma
from count_usage import rows as find_rows
from made_slips import Slip, Slips
from russian_prose import MASK, mask_code, parse_source, read_source
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from tqdm import tqdm

from role_engine.language import LanguagePolicy
from role_engine.language.latin import evidence, terms, usage
from role_engine.language.latin.free_shapes import JOINERS
from role_engine.language.latin.lexicon import look_up
from role_engine.language.latin.rows import Word
from role_engine.language.scanner import Scanner

FALSE_ALARM = 10.0
# An observation that was made less often has no weight, nor has one that says next to nothing.
FEWEST, LEAST = 12, 0.04
LONGEST_ROW = 7
POLICY = LanguagePolicy(mode="balanced")
_LATIN = re.compile("[A-Za-z]{2}")


class Counted:
    """A record that takes the place of `usage.txt`."""

    def __init__(self, table: dict[str, str]) -> None:
        self._table = table

    def find(self, word: str) -> str:
        return self._table.get(word, "")


def use_record(table: dict[str, str]) -> None:
    usage._TABLE = Counted(table)
    for cached in (usage.usage_of, usage.is_used_pair, evidence.observe_word, evidence._class_of, evidence.is_stranger,
                   evidence._weight_of_itself):  # fmt: skip
        getattr(cached, "cache_clear", lambda: None)()


def observations(
    text: str, start: int = 0, end: int | None = None, *, authors: bool = False
) -> Iterator[tuple[list[str], str]]:
    """What is observed of each word of text[start:end) that is weighed, and the word in its place, to look at.

    `authors`: an author left it; what is code, and what is foreign prose without the capitals of a title, is left out.
    """
    found: list[tuple[list[str], str]] = []
    until = len(text) if end is None else end
    masked = mask_code(text) if authors else text

    def observe(at: int, judged: terms.Judged) -> None:
        if start <= at < until and masked[at] != MASK and not (authors and is_foreign_prose(judged.around.row)):
            word = judged.word.text
            place = f"{text[max(0, at - 40) : at]}⟦{word}⟧{text[at + len(word) : at + len(word) + 40]}"
            found.append((evidence.observe(judged.word, judged.around), place))

    scanner = Scanner(POLICY)
    scanner.observe = observe
    scanner.feed(text)
    scanner.finish()
    yield from found


def is_foreign_prose(row: list[Word]) -> bool:
    words = [word.text for word in row]
    small = [word for word in words if word.islower() and word not in JOINERS]
    return len(words) > 4 and len(small) > 1 or any(look_up(word).function for word in small if len(words) > 1)


def is_russian(text: str) -> bool:
    """Whether Russian prevails and no stretch of the text is foreign by itself, an untranslated sentence."""
    text = mask_code(text)
    if len(re.findall("[а-яё]", text, re.IGNORECASE)) <= len(re.findall("[a-z]", text, re.IGNORECASE)):
        return False
    return all(
        len(row) <= LONGEST_ROW and sum(look_up(word).function and word.islower() for word in row) < 2
        for row in find_rows(text)
    )


def is_clean(text: str) -> bool:
    return not _LATIN.search(mask_code(text)) and text.count("\n") < 4 and 40 < len(text) < 900


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


def count_stems(asked: argparse.Namespace) -> dict[str, Counter[str]]:
    found = {}
    for source in tqdm(list(map(parse_source, asked.source)), unit="source"):
        stems = Counter[str]()
        for block, _ in zip(read_source(source), range(asked.blocks * 2), strict=False):
            words = re.findall("[А-Яа-яЁё]{5,}", mask_code(block))
            stems.update(word[: evidence.STEM].lower() for word in words)
        found[source.name] = stems
    return found


def gather(asked: argparse.Namespace) -> tuple[list[list[str]], list[int], list[str], list[str], list[str]]:
    counts = json.loads(asked.counts.read_text("utf-8"))
    chance = random.Random(asked.seed)
    vocabulary = [_bytes(piece) for piece in json.loads(asked.vocabulary.read_text("utf-8"))["model"]["vocab"]]
    slips = Slips(counts["dictionary"], list(_english(asked.english)), vocabulary, lemma, asked.seed)
    kinds = {
        slips.word: 40, slips.pair: 6, slips.phrase: 14, slips.subject: 8, slips.label: 9, slips.lead_in: 5,
        slips.sentence: 3, slips.shout: 2, slips.foreign: 6, slips.translit: 5, slips.salad: 4,
    }  # fmt: skip
    rows: list[list[str]] = []
    labels: list[int] = []
    origins: list[str] = []
    places: list[str] = []
    sources: list[str] = []
    for source in tqdm(list(map(parse_source, asked.source)), unit="source"):
        use_record(count_usage_of(counts, leave_out=source.name))
        blocks = list(read_source(source))
        chance.shuffle(blocks)
        with_latin = [block for block in blocks if _LATIN.search(mask_code(block)) and is_russian(block)]
        with_latin = with_latin[: asked.blocks]
        for block in with_latin if source.name not in asked.only_clean else ():
            for one, place in observations(block, authors=True):
                rows.append(one)
                places.append(place)
                labels.append(1)
                origins.append("authors")
                sources.append(source.name)
        clean = [block for block in blocks if is_clean(block)][: asked.blocks]
        technical = [block for block in with_latin if len(block) < 900][: len(clean) // 3]
        for block in clean + technical:
            kind = chance.choices(list(kinds), list(kinds.values()))[0]
            slip: Slip | None = kind(block)
            if slip is None:
                continue
            for one, place in observations(*slip):
                rows.append(one)
                places.append(place)
                labels.append(0)
                origins.append(kind.__name__)
                sources.append(source.name)
    return rows, labels, origins, sources, places


def _english(paths: list[Path]) -> Iterator[str]:
    for path in paths:
        if path.suffix == ".json":
            for article in json.loads(path.read_text("utf-8"))["data"]:
                for paragraph in article["paragraphs"]:
                    yield from re.split(r"(?<=[.!?]) ", paragraph["context"])
        else:
            for file in sorted(path.rglob("*.md")) if path.is_dir() else [path]:
                yield from re.findall(r"^[A-Z][^`\[\]<>{}\n]{30,300}\.$", file.read_text("utf-8"), re.MULTILINE)


def _bytes(piece: str) -> str:
    return piece.replace("Ġ", " ").replace("Ċ", " ")


def fit(rows: list[list[str]], labels: list[int], strength: float) -> dict[str, float]:
    vectorizer = DictVectorizer()
    matrix = vectorizer.fit_transform([dict.fromkeys(row, 1.0) for row in rows])
    often = np.asarray((matrix > 0).sum(axis=0)).ravel() >= FEWEST
    matrix = matrix[:, often]
    names = [name for name, kept in zip(vectorizer.get_feature_names_out(), often, strict=True) if kept]
    model = LogisticRegression(C=strength, max_iter=400, class_weight={1: FALSE_ALARM, 0: 1.0})
    model.fit(matrix, labels)
    weights = {name: round(float(weight), 2) for name, weight in zip(names, model.coef_[0], strict=True)}
    return {"bias": round(float(model.intercept_[0]), 2)} | {name: weight for name, weight in weights.items() if abs(weight) >= LEAST}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("counts", type=Path)
    parser.add_argument("--source", action="append", required=True)
    parser.add_argument("--prose", nargs="*", default=[], help="names of the sources that are no documentation")
    parser.add_argument("--only-clean", nargs="*", default=[], help="names of those whose Latin words are not counted")
    parser.add_argument("--english", type=Path, nargs="+", required=True, help="SQuAD's JSON, or Markdown")
    parser.add_argument("--vocabulary", type=Path, required=True, help="a tokenizer.json, for word salad")
    parser.add_argument("--blocks", type=int, default=3000, help="of each source, with Latin words and without")
    parser.add_argument("--strength", type=float, default=0.3, help="inverse of the regularisation")
    parser.add_argument("--missed", type=float, default=0.003, help="share of the authors' words that may be refused")
    parser.add_argument("--keep", type=Path, help="write what was gathered, to look at")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True)
    asked = parser.parse_args()
    stems = fit_stems(count_stems(asked), set(asked.prose))
    evidence.load_model = lambda: evidence.Model({"bias": 0.0}, 0.0, stems)
    rows, labels, origins, sources, places = gather(asked)
    if asked.keep:
        asked.keep.write_text(json.dumps([rows, labels, origins, sources, places], ensure_ascii=False), "utf-8")
    weights = fit(rows, labels, asked.strength)
    sums = np.array([weights["bias"] + sum(weights.get(name, 0.0) for name in row) for row in rows])
    kept = np.array(labels) == 1
    threshold = float(np.quantile(sums[kept], asked.missed))
    _report(sums, [f"{source} {origin}" if origin == "authors" else origin for source, origin in zip(sources, origins, strict=True)], threshold)
    found: dict[str, Any] = {
        "threshold": round(threshold, 2),
        "weights": dict(sorted(weights.items())),
        "stems": dict(sorted(stems.items())),
    }
    asked.out.write_text(json.dumps(found, ensure_ascii=False, indent=0) + "\n", "utf-8")


def _report(sums: np.ndarray, origins: list[str], threshold: float) -> None:
    by_origin: dict[str, list[bool]] = {}
    for weight, origin in zip(sums, origins, strict=True):
        by_origin.setdefault(origin, []).append(bool(weight < threshold))
    for origin, refused in by_origin.items():
        print(f"{origin:20} {len(refused):7} words, {100 * sum(refused) / len(refused):6.2f} % refused")
    print(f"threshold {threshold:.2f}")


if __name__ == "__main__":
    main()
