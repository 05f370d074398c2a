"""Makes `usage.txt`: how Russian authors use a Latin word, and how common it is in English.

    python tools/language_data/build_usage.py counts.json extensions/role_engine/language/data/usage.txt

`counts.json` comes from `count_usage.py`. A line is a word, or two with a space between, a tab and seven signs, each a
digit or `-`: how often it stands in small letters (log2 of the count), in how many sources; the same with a capital; how
much more often the sources say it in Russian (log2 of the ratio; `-`: no translation is known); how common it is in
English (Zipf's scale: log10 of its occurrences in 10^9 words, `-`: hardly ever); and how often it stands in inline code.
"""

from __future__ import annotations

import argparse
import json
import math
from collections import Counter
from pathlib import Path
from typing import Any

from wordfreq import get_frequency_dict, zipf_frequency

# A word counts when this many sources have it, or it stands this often in one.
FEWEST_SOURCES, OFTEN = 2, 6
FEWEST_FOR_PAIRS = 2
# Rarer English words say no more than the lexicon does.
RAREST = 2.5
_SHAPE = str.isascii


def usage_of(counts: dict[str, Any], leave_out: str = "") -> dict[str, str]:
    """Word → its seven signs; `leave_out`: a source that is not counted, for fitting on it."""
    sources = {name: one for name, one in counts["sources"].items() if name != leave_out}
    small, capital, russian, code = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    with_small, with_capital = Counter[str](), Counter[str]()
    pairs, with_pair = Counter[str](), Counter[str]()
    for one in sources.values():
        small.update(one["small"])
        capital.update(one["capital"])
        russian.update(one["russian"])
        code.update(one["code"])
        pairs.update(one["pairs"])
        with_small.update(one["small"].keys())
        with_capital.update(one["capital"].keys())
        with_pair.update(one["pairs"].keys())
    english = {word: zipf_frequency(word, "en") for word, _ in get_frequency_dict("en").items() if word.isascii()}
    kept = {
        word
        for word in {**small, **capital, **code}
        if max(with_small[word], with_capital[word]) >= FEWEST_SOURCES
        or small[word] + capital[word] + code[word] >= OFTEN
    }
    kept |= {word for word, zipf in english.items() if zipf >= RAREST and word.isalpha()}
    table = {}
    for word in kept:
        if not 1 < len(word) <= 32 or not _SHAPE(word):
            continue
        translated = max((russian[one] for one in counts["dictionary"].get(word, ())), default=-1)
        signs = _log(small[word]) + _digit(with_small[word]) + _log(capital[word]) + _digit(with_capital[word])
        signs += "-" if translated < 0 else _ratio(translated, small[word])
        signs += _zipf(english.get(word, 0.0)) + _log(code[word])
        table[word] = signs
    for pair, times in pairs.items():
        if with_pair[pair] >= FEWEST_FOR_PAIRS and len(pair) <= 40 and _SHAPE(pair):
            table[pair] = f"{_log(times)}{_digit(with_pair[pair])}"
    return table


def _log(times: int) -> str:
    return _digit(math.ceil(math.log2(1 + times)))


def _digit(number: int) -> str:
    return str(min(number, 9))


def _ratio(translated: int, kept: int) -> str:
    return _digit(max(round(math.log2((translated + 1) / (kept + 1))), 0))


def _zipf(zipf: float) -> str:
    return "-" if zipf < 2 else _digit(round(zipf))


def write(table: dict[str, str], path: Path) -> None:
    lines = sorted(f"{word}\t{signs}" for word, signs in table.items())
    path.write_text("\n".join(lines) + "\n", "utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("counts", type=Path)
    parser.add_argument("out", type=Path)
    asked = parser.parse_args()
    write(usage_of(json.loads(asked.counts.read_text("utf-8"))), asked.out)


if __name__ == "__main__":
    main()
