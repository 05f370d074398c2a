"""Make `language/data/translit.bin` and `translit_words.txt`: what tells Russian in Latin letters from other words.

    pip download --no-deps wordfreq==3.1.1
    python tools/language_data/build_translit.py --wordfreq wordfreq-3.1.1-py3-none-any.whl --english american-english

`--english` is the word list of Debian's `wamerican` (SCOWL; public domain and similar, see its copyright file). A
logistic regression over character trigrams is trained on Russian word forms in eight transliterations against English
words and those of six other languages. A tenth of all words takes no part: the figures at the end are theirs. Then the
words that the trained table has wrong are listed. Needs numpy and msgpack; about a minute.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from transliteration import SCHEMES, spellings, transliterate
from wordfreq_lists import read

DATA = Path(__file__).parents[2] / "extensions" / "role_engine" / "language" / "data"
LETTERS = "abcdefghijklmnopqrstuvwxyz'"
BASE = len(LETTERS) + 1  # 0 is the edge of a word
STEP = 16  # a table entry counts sixteenths of a natural log-odd

RUSSIAN_WORDS, LISTED_RUSSIAN, SHORT_RUSSIAN = 80_000, 60_000, 600
OTHERS = {"en": (90_000, 0.5), "de": (15_000, 0.2), "fr": (15_000, 0.2), "es": (15_000, 0.2), "it": (15_000, 0.2)}
OTHERS |= {"nl": (10_000, 0.1), "pl": (8_000, 0.03), "cs": (8_000, 0.03)}
# Of the English frequency list: what may not be listed as Russian, and as a Russian word that is no name.
KNOWN_ENGLISH, EVERYDAY_ENGLISH = 120_000, 10_000

# Said on their own, at the beginning of a sentence: nobody's name, though their first letter is a capital.
GREETINGS = """
привет здравствуй здравствуйте спасибо пожалуйста извини извините простите конечно хорошо ладно понятно отлично
прощай увидимся итак например однако поэтому потому почему зачем когда куда откуда сколько какой какая какое
какие который которая которые сегодня завтра вчера теперь сейчас потом всегда никогда очень только тоже также можно
нужно надо нельзя чтобы если хотя меня тебя тебе этот что это кто как где есть было будет буду можешь
хочу хочешь хочет знаю знаешь думаю люблю говорю делаю делаешь
""".split()  # noqa: SIM905


def trigrams(word: str) -> list[int]:
    codes = [0, *(LETTERS.index(char) + 1 for char in word if char in LETTERS), 0]
    return [(one * BASE + two) * BASE + three for one, two, three in zip(codes, codes[1:], codes[2:], strict=False)]


def fold(word: str) -> str:
    """A word without accents: «ž» is «z»."""
    for letter, plain in (("ß", "ss"), ("ø", "o"), ("æ", "ae"), ("œ", "oe"), ("ł", "l"), ("đ", "d")):
        word = word.replace(letter, plain)
    return "".join(char for char in unicodedata.normalize("NFD", word) if char in LETTERS)


def held_out(word: str) -> bool:
    return hashlib.md5(word.encode()).digest()[0] < 26


def train(words: Sequence[str], answers: NDArray[Any], weights: NDArray[Any]) -> NDArray[Any]:
    """Log-odds of a trigram; the last entry is the constant. Adam over the whole set."""
    grams = [trigrams(word) for word in words]
    lengths = np.array([len(found) for found in grams])
    flat, starts = np.concatenate([np.array(found) for found in grams]), np.concatenate([[0], np.cumsum(lengths)[:-1]])
    table, constant = np.zeros(BASE**3), 0.0
    mean: NDArray[Any]
    square: NDArray[Any]
    mean, square = np.zeros(BASE**3), np.zeros(BASE**3)
    for step in range(1, 151):
        odds = np.add.reduceat(table[flat], starts) + constant
        wrong = (1 / (1 + np.exp(-odds)) - answers) * weights
        slope = np.bincount(flat, weights=np.repeat(wrong, lengths), minlength=BASE**3) / len(words) * 50 + 1e-4 * table
        mean, square = 0.9 * mean + 0.1 * slope, 0.99 * square + 0.01 * slope * slope
        rate = 0.15 if step <= 100 else 0.05
        table -= rate * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-8)
        constant -= 0.5 * wrong.mean()
    return np.append(table, constant)


def pack(table: NDArray[Any]) -> bytes:
    """Signed bytes, in sixteenths; the constant is the entry for «no letters», which no word has."""
    table = np.clip(np.rint(table * STEP), -127, 127)
    table[0] = table[-1]
    return table[:-1].astype(np.int8).tobytes()


def score(packed: bytes, word: str) -> int:
    table = memoryview(packed).cast("b")
    return table[0] + sum(table[gram] for gram in trigrams(word))


def transliterated(russian: list[str], english: set[str]) -> dict[str, tuple[int, float]]:
    """Russian words as they are written in Latin letters, with the answer and the weight, but for those held out."""
    samples: dict[str, tuple[int, float]] = {}
    for rank, word in enumerate(russian):
        for spelling, scheme in () if held_out(word) else spellings(word).items():
            if spelling and spelling not in english:
                rare = 0.5 if scheme in SCHEMES[4:] else 1.0
                samples[spelling] = (1, rare * (1.5 if rank < 20_000 else 0.7))
    return samples


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--wordfreq", type=Path, required=True)
    parser.add_argument("--english", type=Path, required=True)
    options = parser.parse_args()

    english = {word for word in options.english.read_text("utf-8").split() if re.fullmatch("[a-z]+", word)}
    russian = [word for word, _ in read(options.wordfreq, "ru") if re.fullmatch("[а-яё]+", word)][:RUSSIAN_WORDS]
    samples: dict[str, tuple[int, float]] = {word: (0, 1.5) for word in english}
    known, everyday = set(english), set[str]()
    for language, (count, weight) in OTHERS.items():
        size = "small" if language in ("nl",) else "large"
        for place, (word, _) in enumerate(read(options.wordfreq, language, size)):
            if place >= KNOWN_ENGLISH:
                break
            if not word.isalpha() or len(plain := fold(word)) < 2:
                continue
            if language == "en":
                known.add(plain)
                if place < EVERYDAY_ENGLISH:
                    everyday.add(plain)
            if place < count and plain not in samples:
                samples[plain] = (0, weight)
            elif place < count and plain in english and language == "en":
                samples[plain] = (0, 4.0)
    samples |= transliterated(russian, english)

    used = [word for word, (answer, _) in samples.items() if answer or not held_out(word)]
    table = train(used, np.array([samples[word][0] for word in used]), np.array([samples[word][1] for word in used]))
    packed = pack(table)
    listed = wrong_words(packed, russian, english, known, everyday)
    DATA.mkdir(exist_ok=True)
    (DATA / "translit.bin").write_bytes(packed)
    (DATA / "translit_words.txt").write_text("\n".join(listed) + "\n", "utf-8")
    report(packed, russian, english)
    print(f"{len(packed):,} bytes, {len(listed):,} words listed")


def wrong_words(
    packed: bytes, russian: Sequence[str], english: set[str], known: set[str], everyday: set[str]
) -> list[str]:
    """`-word`: not Russian though the table says so; `+word`: Russian though it does not; `~word`: a short word
    of both; `=word`: a short word, hardly English; `!word`: nobody's name."""
    lines = [f"-{word}" for word in sorted(english) if len(word) > 2 and score(packed, word) > 0]
    missed: set[str] = set()
    for rank, word in enumerate(russian):
        if rank >= LISTED_RUSSIAN:
            break
        for spelling in spellings(word):
            if len(spelling) > 2 and spelling not in known and score(packed, spelling) <= 0:
                missed.add(spelling.replace("'", ""))
    lines += [f"+{word}" for word in sorted(missed - known) if len(word) > 2]
    short = {spelling.replace("'", "") for word in russian[:SHORT_RUSSIAN] for spelling in spellings(word)}
    lines += [
        f"{'~' if word in everyday | {*'aisdtmx'} else '='}{word}"
        for word in sorted(short & known)
        if 0 < len(word) <= 4
    ]
    usual = [(word, scheme) for word in GREETINGS for scheme in SCHEMES if scheme != "careless"]
    alone = {transliterate(word, scheme).replace("'", "") for word, scheme in usual}
    return lines + [f"!{word}" for word in sorted(alone - everyday) if len(word) > 2]


def report(packed: bytes, russian: Sequence[str], english: set[str]) -> None:
    aside = [word for word in english if held_out(word) and len(word) >= 4]
    refused = [word for word in aside if score(packed, word) > 0]
    print(f"English words taken for Russian, without the list: {len(refused)} of {len(aside)}")
    for scheme in SCHEMES:
        forms = [transliterate(word, scheme) for word in russian if held_out(word)]
        forms = [form for form in forms if len(form) >= 5 and form not in english]
        print(
            f"{scheme}: {sum(score(packed, form) > 0 for form in forms) / len(forms):.1%} of {len(forms):,} words found"
        )


if __name__ == "__main__":
    main()
