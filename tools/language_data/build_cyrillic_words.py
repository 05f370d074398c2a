"""Make `language/data/cyrillic_words.txt`: frequent words in Russian letters, and how much each speaks for Russian.

    pip download --no-deps wordfreq==3.1.1
    python tools/language_data/build_cyrillic_words.py --wordfreq wordfreq-3.1.1-py3-none-any.whl

Of Bulgarian, Macedonian, Serbian and Ukrainian (the lists there are) the words that Russian letters can spell are
weighed against Russian by their frequency. Needs msgpack.
"""

from __future__ import annotations

import argparse
import math
import re
from pathlib import Path

from wordfreq_lists import read

DATA = Path(__file__).parents[2] / "extensions" / "role_engine" / "language" / "data"
OTHERS = {"bg": "small", "mk": "large", "sh": "small", "uk": "large"}
# Serbian words are listed in Latin letters. Those with a letter that only Serbian has need no word to be known by.
SERBIAN = str.maketrans("abvgdežzijklmnoprstćufhcčš", "абвгдежзијклмнопрстћуфхцчш")
# Grammar words of languages that there is no list of, as any primer has them: Belarusian, Mongolian, Kazakh, Kyrgyz.
BY_HAND = """
гэта гэты гэтая гэтае гэтай гэтага гэтым гэтых гэтую гэтую каб яго яе яна яны яно яшчэ тады сёння дзе чаму пасля праз
будзе мяне цябе альбо цяпер заўсёды ён нават можна трэба няма бо
нь юм энэ тэр байна байсан байгаа байх болно болсон болон гэж гэсэн гэх хийх хийж тухай дээр онд манай миний тийм ийм
хэн юу билээ дахь дэх шиг тул хувьд мэт ямар
болып туралы емес бойынша сонымен туралы менен жана болгон деген болуп
""".split()  # noqa: SIM905
FREQUENT, VERY_FREQUENT = 2e-5, 1e-3  # shares of all words
UNSEEN = 1e-6  # the share of a word that a list has not; the small lists end there
STRONGEST = 4.0  # natural log-odds
# A word of which Russian has this share says no more against it than that, however much more often others use it.
RUSSIAN_TOO, STRONGEST_AGAINST = 1e-4, 1.5
LEAST, LEAST_OF_VERY_FREQUENT = 1.5, 0.7
STEP = 10  # the file counts tenths


def read_others(wheel: Path) -> dict[str, float]:
    """Words of the other languages in Cyrillic letters, with the greatest share that one has in any of them."""
    other: dict[str, float] = {}
    for language, size in OTHERS.items():
        for word, share in read(wheel, language, size):
            if language == "sh":
                word = word.replace("lj", "љ").replace("nj", "њ").replace("dž", "џ").translate(SERBIAN)
            if share >= UNSEEN:
                other[word] = max(other.get(word, 0.0), share)
    return other


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--wordfreq", type=Path, required=True)
    wheel = parser.parse_args().wordfreq
    russian = {word: share for word, share in read(wheel, "ru") if share >= UNSEEN}
    other = read_others(wheel)
    lines = []
    for word in BY_HAND:
        if russian.get(word, 0.0) < FREQUENT and re.fullmatch("[а-яё]+", word):
            other[word] = max(other.get(word, 0.0), FREQUENT)
    for word in sorted(russian.keys() | other.keys()):
        share = max(russian.get(word, 0.0), other.get(word, 0.0))
        if share < FREQUENT or not re.fullmatch("[а-яё]+", word):
            continue
        odds = math.log(max(russian.get(word, 0.0), UNSEEN) / max(other.get(word, 0.0), UNSEEN))
        if russian.get(word, 0.0) >= RUSSIAN_TOO:
            odds = max(odds, -STRONGEST_AGAINST)
        if abs(odds) >= (LEAST_OF_VERY_FREQUENT if share >= VERY_FREQUENT else LEAST):
            lines.append(f"{word} {round(max(-STRONGEST, min(STRONGEST, odds)) * STEP)}\n")
    (DATA / "cyrillic_words.txt").write_text("".join(lines), "utf-8")
    print(f"{len(lines):,} words, {sum(line.split()[1][0] != '-' for line in lines):,} of them Russian")


if __name__ == "__main__":
    main()
