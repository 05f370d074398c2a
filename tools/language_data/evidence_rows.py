"""Gathers the words that the evidence is fitted on: those that Russian authors left, and slips put into their texts.

What is observed of each is what `role_engine.language` observes of it (`latin/observations.py`); a word is judged by
counts from all sources but its own, as a word of a text that nobody counted would be.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from build_usage import usage_of as count_usage_of
from count_usage import find_rows, lemma
from made_authors import Authors
from made_slips import Slips
from made_text import MadeText
from russian_prose import MASK, Source, mask_code, read_source
from tqdm import tqdm

from role_engine.language import LanguagePolicy
from role_engine.language.latin import observations, terms, usage, word_kinds
from role_engine.language.latin.free_shapes import JOINERS
from role_engine.language.latin.lexicon import look_up
from role_engine.language.latin.rows import Word
from role_engine.language.scanner import Scanner

POLICY = LanguagePolicy(mode="balanced")
# More Latin words in a row are a quotation.
LONGEST_ROW = 7
# A word's text is shown with so many characters before and behind it.
_SHOWN = 40
_LATIN = re.compile("[A-Za-z]{2}")
_CODE_SIGN = re.compile(r"[{}=;<>\\|_$&\[\]]")
_ENGLISH_SENTENCE = re.compile(r"^[A-Z][^`\[\]<>{}\n]{30,300}\.$", re.MULTILINE)
_SENTENCE_END = re.compile(r"(?<=[.!?]) ")


class Row(NamedTuple):
    """A Latin word that was weighed.

    Attributes:
        numbers: the observations that are numbers, in the order of `OF_WORD` and `OF_PLACE`.
        told: the entries of the tables, in the order of `TOLD_BY_TABLE`.
        kept: it should stand.
        origin: «authors», «made», or the kind of slip.
        source: the name of the source.
        place: the word in its text, to look at.
    """

    numbers: tuple[float, ...]
    told: tuple[str, ...]
    kept: bool
    origin: str
    source: str
    place: str


class Observed(NamedTuple):
    """What is observed of one word; see `Row`."""

    numbers: tuple[float, ...]
    told: tuple[str, ...]
    place: str


class CountedTable:
    """Takes the place of `usage.txt`."""

    def __init__(self, table: dict[str, str]) -> None:
        self._table = table

    def find(self, word: str) -> str:
        return self._table.get(word, "")


def use_table(table: dict[str, str]) -> None:
    """Have the language check read `table` instead of `usage.txt`, from now on."""
    usage._TABLE = CountedTable(table)  # type: ignore[assignment]
    for cached in (
        usage.usage_of,
        usage.is_used_pair,
        observations.observe_word,
        word_kinds.count_keeping_sources,
        word_kinds.class_of,
        word_kinds.is_stranger,
    ):
        cached.cache_clear()


def observe_text(
    text: str, stems: dict[str, float], start: int = 0, end: int | None = None, *, authors: bool = False
) -> list[Observed]:
    """What is observed of each word of text[start:end) that the check weighs.

    Args:
        stems: see `evidence_tables.fit_stems`.
        authors: an author left the words; those of code and of foreign prose are then passed over.
    """
    found: list[Observed] = []
    until = len(text) if end is None else end
    masked = mask_code(text) if authors else text

    def observe(at: int, judged: terms.JudgedWord) -> None:
        if not start <= at < until or masked[at] == MASK or (authors and is_foreign_prose(judged.around.row)):
            return
        word = judged.word.text
        place = observations.observe_place(judged.word, judged.around, stems)
        behind = at + len(word)
        shown = f"{text[max(0, at - _SHOWN) : at]}⟦{word}⟧{text[behind : behind + _SHOWN]}"
        found.append(Observed((*observations.observe_word(word), *place.numbers), place.told, shown))

    scanner = Scanner(POLICY)
    scanner.observe = observe
    scanner.feed(text)
    scanner.finish()
    return found


def is_foreign_prose(row: list[Word]) -> bool:
    """Whether a row reads as a sentence, or a part of one, and not as a name: small letters, function words."""
    words = [word.text for word in row]
    small = [word for word in words if word.islower() and word not in JOINERS]
    return (len(words) > 4 and len(small) > 1) or any(look_up(word).function for word in small if len(words) > 1)


def is_russian(text: str) -> bool:
    """Whether Russian prevails in a block, and no stretch of it is a foreign quotation or code."""
    text = mask_code(text)
    if len(re.findall("[а-яё]", text, re.IGNORECASE)) <= len(re.findall("[a-z]", text, re.IGNORECASE)):
        return False
    if len(_CODE_SIGN.findall(text)) * 25 > len(text):
        return False
    return all(
        len(row) <= LONGEST_ROW and sum(look_up(word).function and word.islower() for word in row) < 2
        for row in find_rows(text)
    )


def is_clean(text: str) -> bool:
    """Whether a block is a paragraph of usual length without Latin words."""
    return not _LATIN.search(mask_code(text)) and text.count("\n") < 4 and 40 < len(text) < 900


def read_english(paths: Iterable[Path]) -> Iterator[str]:
    """Sentences of SQuAD's JSON and of Markdown, in files or folders."""
    for path in paths:
        if path.suffix == ".json":
            for article in json.loads(path.read_text("utf-8"))["data"]:
                for paragraph in article["paragraphs"]:
                    yield from _SENTENCE_END.split(paragraph["context"])
        else:
            for file in sorted(path.rglob("*.md")) if path.is_dir() else [path]:
                yield from _ENGLISH_SENTENCE.findall(file.read_text("utf-8"))


class Gatherer:
    """Gathers rows, source by source.

    Args:
        counts: what `count_usage.py` wrote.
        stems: see `evidence_tables.fit_stems`.
        english: sentences in English, for slips.
        terms: `terms.txt`.
        prose: names of the sources that are no documentation.
        only_clean: names of those whose Latin words are no examples; slips alone are put into their texts.
        blocks: how many of a source are read, with Latin words and without.
    """

    def __init__(
        self,
        counts: dict[str, Any],
        stems: dict[str, float],
        english: Sequence[str],
        terms: Path,
        *,
        prose: Iterable[str],
        only_clean: Iterable[str],
        blocks: int,
        seed: int,
    ) -> None:
        self._counts, self._stems, self._blocks = counts, stems, blocks
        self._prose, self._only_clean = frozenset(prose), frozenset(only_clean)
        self._random = random.Random(seed)
        self._authors = Authors(terms, seed)
        slips = Slips(counts["dictionary"], english, lemma, seed)
        self._kinds: dict[Callable[[str], MadeText | None], int] = {
            slips.word: 42, slips.pair: 6, slips.phrase: 14, slips.subject: 8, slips.label: 9, slips.lead_in: 5,
            slips.sentence: 3, slips.shout: 2, slips.foreign: 6, slips.translit: 5,
        }  # fmt: skip

    def gather(self, sources: Sequence[Source]) -> list[Row]:
        """The rows of all sources; the language check reads other counts than its own afterwards."""
        return [row for source in tqdm(sources, unit="source") for row in self._gather_source(source)]

    def _gather_source(self, source: Source) -> Iterator[Row]:
        use_table(count_usage_of(self._counts, leave_out=source.name))
        blocks = list(read_source(source))
        self._random.shuffle(blocks)
        with_latin = [block for block in blocks if _LATIN.search(mask_code(block)) and is_russian(block)]
        if source.name not in self._only_clean:
            for block in with_latin[: self._blocks]:
                yield from self._rows(observe_text(block, self._stems, authors=True), True, "authors", source)
        for made in self._make_authors(source, with_latin):
            yield from self._rows(self._observe_made(made), True, "made", source)
        clean = [block for block in blocks if is_clean(block)][: self._blocks]
        technical = [block for block in with_latin if len(block) < 900][: len(clean) // 3]
        for block in clean + technical:
            kind = self._random.choices(list(self._kinds), list(self._kinds.values()))[0]
            slip = kind(block)
            if slip is not None:
                yield from self._rows(self._observe_made(slip), False, kind.__name__, source)

    def _make_authors(self, source: Source, with_latin: list[str]) -> list[MadeText]:
        """Texts with words that an author would leave, of the kinds that the source has too little of."""
        if source.name in self._prose:
            return []
        made = [text for block in with_latin[: self._blocks] for text in self._authors.unwrap(block)]
        self._random.shuffle(made)
        made = made[: self._blocks // 3]
        if source.name not in self._only_clean:
            made += [text for _ in range(self._blocks // 40) for text in self._authors.label()]
        return made

    def _observe_made(self, made: MadeText) -> list[Observed]:
        return observe_text(made.text, self._stems, made.start, made.end)

    @staticmethod
    def _rows(found: list[Observed], kept: bool, origin: str, source: Source) -> Iterator[Row]:
        for one in found:
            yield Row(one.numbers, one.told, kept, origin, source.name, one.place)
