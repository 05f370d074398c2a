"""Counts which Latin words Russian authors leave in their texts, how, and how often they use a Russian word instead.

    python tools/language_data/count_usage.py --source fastapi=fastapi/docs/ru --source … \\
        --dictionary mueller7.dict --out counts.json

Counted in each source: Latin words in running Russian, in small letters and with a capital; pairs of them that stand
beside each other; single words in inline code; and those Russian words, by their dictionary form, that translate an
English one. Code, addresses and markup are masked, and rows of more than four Latin words are passed over.
`counts.json` holds counts and the dictionary, no text; `build_usage.py` and `fit_evidence.py` read it.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pymorphy3
from russian_prose import mask_code, parse_source, read_source
from tqdm import tqdm
from transliteration import transliterate
from wordfreq import top_n_list

from role_engine.language.latin.free_shapes import TERM

LONGEST_ROW = 4
_RUSSIAN_WORD = re.compile("[а-яё]+(?:-[а-яё]+)*")
_CODE_WORD = re.compile(r"`([A-Za-z][A-Za-z\-]{1,30})`|<literal>([a-z][a-z\-]{1,30})</literal>")
_HEADWORD = re.compile(r"^(?=\S)([A-Za-z][A-Za-z'\-]+)$")
_MEANING = re.compile(r"_[a-zа-я]+\.?|\([^)]*\)|\[[^\]]*\]|\d+\)")


_MORPH = pymorphy3.MorphAnalyzer()
_MOST_TRANSLATIONS = 6
# English and Russian spell the same sound in their own ways; these are made equal before two words are compared.
_SAME_SOUND = (
    ("ph", "f"), ("th", "t"), ("ch", "h"), ("kh", "h"), ("ck", "k"), ("qu", "kv"), ("x", "ks"), ("ce", "se"),
    ("ci", "si"), ("cy", "si"), ("c", "k"), ("y", "i"), ("j", "i"), ("w", "v"), ("z", "s"), ("ou", "u"), ("oo", "u"),
    ("ee", "i"),
)  # fmt: skip
_LONGEST_STEM = 6


@lru_cache(maxsize=200_000)
def lemma(word: str) -> str:
    """The dictionary form of a Russian word."""
    return str(_MORPH.parse(word)[0].normal_form)


def read_dictionary(path: Path) -> dict[str, list[str]]:
    """English word → the first Russian words that translate it, in dictionary form; of Mueller's for dictd."""
    found: dict[str, list[str]] = {}
    head = ""
    for line in path.read_text("utf-8", errors="replace").splitlines():
        if match := _HEADWORD.match(line):
            head = match[1].lower()
        elif head and line.startswith(" "):
            words = found.setdefault(head, [])
            for part in re.split("[,;]", _MEANING.sub(" ", line)):
                one = _RUSSIAN_WORD.fullmatch(part.strip().lower())
                if one and len(words) < _MOST_TRANSLATIONS:
                    words.append(lemma(one.group()))
    return {head: list(dict.fromkeys(words)) for head, words in found.items() if words}


def add_cognates(dictionary: dict[str, list[str]]) -> None:
    """Add Russian words that are the English one in Russian letters: «globalization» — «глобализация».

    Two words are the same when their beginnings are, in Latin letters and with equal sounds spelled alike.
    """
    russian: dict[str, str] = {}
    for word in top_n_list("ru", 80_000):
        if re.fullmatch("[а-яё]{5,}", word):
            russian.setdefault(_stem(transliterate(word, "careless")), lemma(word))
    for word in top_n_list("en", 60_000):
        if re.fullmatch("[a-z]{5,}", word) and (same := russian.get(_stem(word))):
            words = dictionary.setdefault(word, [])
            if same not in words:
                words.append(same)


def _stem(word: str) -> str:
    """How a word begins, and whether it goes on for long."""
    for spelling, sound in _SAME_SOUND:
        word = word.replace(spelling, sound)
    return re.sub(r"(.)\1", r"\1", word)[:_LONGEST_STEM] + ("+" if len(word) > _LONGEST_STEM + 3 else "")


def count_words(blocks: Iterable[str], wanted: set[str]) -> dict[str, Any]:
    """What is counted in the blocks of one source; of Russian words, those that are `wanted`."""
    small: Counter[str] = Counter()
    capital: Counter[str] = Counter()
    pairs: Counter[str] = Counter()
    russian: Counter[str] = Counter()
    code: Counter[str] = Counter()
    total = 0
    for block in blocks:
        code.update((one or two).lower() for one, two in _CODE_WORD.findall(block))
        text = mask_code(block)
        words = _RUSSIAN_WORD.findall(text.lower())
        total += len(words)
        russian.update(one for one in map(lemma, words) if one in wanted)
        for row in find_rows(text):
            if len(row) > LONGEST_ROW:
                continue
            for word in row:
                plain = word.replace("’", "'")
                (small if plain[0].islower() else capital)[plain.lower()] += 1
            pairs.update(f"{one} {two}".lower() for one, two in pairwise(row))
    return {"words": total, "small": small, "capital": capital, "code": code, "pairs": pairs, "russian": russian}


def find_rows(text: str) -> list[list[str]]:
    """The Latin words of `text`, those together that only a space divides."""
    found: list[list[str]] = []
    end = -2
    for term in TERM.common.finditer(text):
        if term.start() - end == 1 and text[end] == " ":
            found[-1].append(term.group())
        else:
            found.append([term.group()])
        end = term.end()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--source", action="append", required=True, help="NAME=PATH or NAME=PATH=PART, several times")
    parser.add_argument("--dictionary", type=Path, required=True, help="mueller7.dict, unpacked")
    parser.add_argument("--limit", type=int, default=60_000, help="blocks of one source")
    parser.add_argument("--out", type=Path, required=True)
    asked = parser.parse_args()
    dictionary = read_dictionary(asked.dictionary)
    add_cognates(dictionary)
    wanted = {word for words in dictionary.values() for word in words}
    counts = {}
    for source in tqdm(list(map(parse_source, asked.source)), unit="source"):
        blocks = [block for block, _ in zip(read_source(source), range(asked.limit), strict=False)]
        counts[source.name] = count_words(blocks, wanted) | {"blocks": len(blocks)}
    asked.out.write_text(json.dumps({"dictionary": dictionary, "sources": counts}, ensure_ascii=False), "utf-8")


if __name__ == "__main__":
    main()
