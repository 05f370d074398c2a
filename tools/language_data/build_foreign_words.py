"""Make `language/data/foreign_words.txt`: everyday words of other languages that read as Russian in Latin letters.

    pip download --no-deps wordfreq==3.1.1
    python tools/language_data/build_foreign_words.py --wordfreq wordfreq-3.1.1-py3-none-any.whl

«je vais» is French and «dolce vita» Italian, though `translit.bin` and its list take the words for Russian, or have too
few letters to tell. A word counts as foreign where one of the other languages uses it ten times as often as Russian, in
any of its spellings, and as a word of both where at least as often. Latin has no list of frequencies: its words are
those of sayings, and stand here. Needs msgpack; run it behind `build_translit.py`, whose table it asks.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from build_translit import DATA, fold, score
from transliteration import spellings
from wordfreq_lists import read

LANGUAGES = {"fr": 10_000, "de": 10_000, "es": 10_000, "it": 10_000, "pt": 10_000, "nl": 2000}
"""How many of each one's most frequent words."""
RUSSIAN = 80_000
FOREIGN, BOTH = 10, 1
"""How many times as often as in Russian."""
SHORT = 4
"""Words of fewer letters are listed whatever the table says of them."""
LATIN_SHARE = 1e-4

LATIN = """
a ab ac ad alea alia alii amicus amor an anima anno ante aqua arma ars artes aspera astra at atque audi aurea aut
autem avis bellum bene beati bona bono brevis caelum carpe casus causa cave civis cogito contra corpore corpus credo
cui cujus culpa cum cura curriculum de dei deo deus dictum diem dies divide dixi do docendo dominus domus dum dura ego
eo ergo errare est et etiam ex extra facto fecit festina fiat fides finis forma fortuna fuit genius genus gloria
gratia habeas hic hinc hoc hominem homini homo honoris humanum iacta id ignis ille in infra inter intra ipso ita ius
jus laborem lacrimae lapis lente lex libera libertas libri litteram locus lucem lupus lux magister magna magnum major
mala manus mare mater me mea mecum medium mei melior memento memoria mens mihi minima minus modo modus mora mori mors
mortem mortis multa multum mundi mundus mutandis mutatis natura navigare ne nec necesse nemo nihil nil nobis nomen non
nos nostra novum nulla nullum numerus nunc oculus olet omne omnes omnia omnibus opera opus ora orbi os pacem panem par
pars pater patria pax pecunia per perpetuum persona placebo plus poena populi populus post prima primum primus pro
publica quae quasi quem qui quid quo quod quorum ratio rebus regina regnum religio requiem res rex roma romanum rosa
salus salve sanctus sapere sapiens satis scientia scio scripta se secundum sed semper senatus sic sidera silentium
simplex sine sol sola spero spes spiro stella sua sub sum summa sunt super supra suum tabula tacere te tempora tempore
tempus terra tibi tua tuum ubi ultima ultra una unum urbi ut utile vademecum vale veni ventus verba verbis verbum
veritas veto vi via vice vici victis victoria vide vidi vinci vincit vino vinum vir viribus virtus vis vita vitae viva
vivat vivere vobis volens volo vos vox vulgaris
""".split()  # noqa: SIM905


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--wordfreq", type=Path, required=True)
    wheel = parser.parse_args().wordfreq

    in_russian: dict[str, float] = {}
    words = (pair for pair in read(wheel, "ru") if re.fullmatch("[а-яё]+", pair[0]))
    for (word, share), _ in zip(words, range(RUSSIAN), strict=False):
        for spelling in spellings(word):
            in_russian[spelling.replace("'", "")] = max(share, in_russian.get(spelling.replace("'", ""), 0))
    elsewhere = dict.fromkeys(LATIN, LATIN_SHARE)
    for language, count in LANGUAGES.items():
        for (word, share), _ in zip(read(wheel, language, "small"), range(count), strict=False):
            if word.isalpha() and len(plain := fold(word)) == len(word):
                elsewhere[plain] = max(share, elsewhere.get(plain, 0))

    table = (DATA / "translit.bin").read_bytes()
    marked = (DATA / "translit_words.txt").read_text("utf-8").split()
    in_list = {word[1:] for word in marked if word[0] in "+!"}
    listed = {"-": list[str](), "~": list[str]()}
    for word, share in sorted(elsewhere.items()):
        if len(word) >= SHORT and score(table, word) <= 0 and word not in in_list:
            continue
        times = share / in_russian[word] if word in in_russian else FOREIGN
        if times >= BOTH:
            listed["-" if times >= FOREIGN else "~"].append(word)
    lines = [mark + word for mark, words in listed.items() for word in words]
    (DATA / "foreign_words.txt").write_text("\n".join(lines) + "\n", "utf-8")
    print(", ".join(f"{mark} {len(words):,}" for mark, words in listed.items()))


if __name__ == "__main__":
    main()
