"""Makes `usage.txt`: how Russian authors use a Latin word, and how common it is in English.

    python tools/language_data/build_usage.py counts.json extensions/role_engine/language/data/usage.txt

`counts.json` comes from `count_usage.py`. A line is a word, a tab and seven signs, each a digit or `-`:

1. how often authors leave it in small letters: log2 of the count, rounded up, 9 at most, as all counts here;
2. how many sources do;
3. and 4. the same with a capital;
5. how much more often they use its commonest Russian translation: log2 of the ratio; `-` where none is known;
6. how common it is in English, on Zipf's scale (log10 of its occurrences in 10^9 words); `-` below 2;
7. how often it stands in inline code.

A pair of words with a space between has two signs: how often it stands, and in how many sources.
"""

from __future__ import annotations

import argparse
import json
import math
from collections import Counter
from pathlib import Path
from typing import Any

from wordfreq import get_frequency_dict, zipf_frequency

# A word is kept when so many sources have it, or when it stands so often in all of them together.
FEWEST_SOURCES, OFTEN = 2, 6
FEWEST_FOR_PAIRS = 2
# English words that no author uses are kept for their commonness, down to this on Zipf's scale.
RAREST = 2.5
LONGEST_WORD, LONGEST_PAIR = 32, 40


def usage_of(counts: dict[str, Any], leave_out: str = "") -> dict[str, str]:
    """Word → its seven signs, pair → its two.

    Args:
        counts: what `count_usage.py` wrote.
        leave_out: a source that is not counted: one that is fitted on must not be judged by its own words.
    """
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
        if not 1 < len(word) <= LONGEST_WORD or not word.isascii():
            continue
        translated = max((russian[one] for one in counts["dictionary"].get(word, ())), default=-1)
        signs = _log(small[word]) + _digit(with_small[word]) + _log(capital[word]) + _digit(with_capital[word])
        signs += "-" if translated < 0 else _ratio(translated, small[word])
        signs += _zipf(english.get(word, 0.0)) + _log(code[word])
        table[word] = signs
    for pair, times in pairs.items():
        if with_pair[pair] >= FEWEST_FOR_PAIRS and len(pair) <= LONGEST_PAIR and pair.isascii():
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


def write_table(table: dict[str, str], path: Path) -> None:
    """Write the lines in the order of their bytes, which the words' look-up counts on; all of them are ASCII."""
    lines = sorted(f"{word}\t{signs}" for word, signs in table.items())
    path.write_text("\n".join(lines) + "\n", "utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("counts", type=Path)
    parser.add_argument("out", type=Path)
    asked = parser.parse_args()
    write_table(usage_of(json.loads(asked.counts.read_text("utf-8"))), asked.out)


if __name__ == "__main__":
    main()
