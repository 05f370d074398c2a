"""Puts slips, as language models make them, into clean Russian: `fit_evidence.py` learns from them what to refuse.

Kinds: an English word in place of its Russian equivalent, two of them, an English phrase in place of some words, the
subject of a sentence, a label or a heading, a word in capitals, a lead-in, a sentence, words of other languages,
Russian in Latin letters.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Callable, Sequence

from made_text import MadeText, replace
from transliteration import SCHEMES, transliterate
from wordfreq import top_n_list, zipf_frequency

_WORD = re.compile("[А-Яа-яЁё]+")
LEAD_INS = (
    "Sure, here is the answer:", "Here is the summary:", "Here's a short overview:", "Of course! Let me explain.",
    "Certainly! Here are the main points:", "Note:", "Answer:", "Summary:", "Title:", "Introduction:", "Conclusion:",
    "Let's break it down:", "In conclusion,", "However,", "First of all,", "For example,", "As an AI language model, I",
    "I hope this helps!", "Translation:", "Explanation:", "Key points:", "The answer is", "Sure!",
    "Thank you for your question.", "Step one:", "Overview:", "Here are some tips:", "Therefore,", "In summary,",
    "To summarize:", "Additionally,",
)  # fmt: skip


class Slips:
    """Puts a slip of a kind into a Russian text, or returns None where the text has no place for it.

    Args:
        dictionary: English word → Russian words, in dictionary form.
        english: sentences in English, for phrases.
        lemma: gives a Russian word's dictionary form.
        seed: the same seed makes the same slips.
    """

    def __init__(
        self,
        dictionary: dict[str, list[str]],
        english: Sequence[str],
        lemma: Callable[[str], str],
        seed: int,
    ) -> None:
        self._random = random.Random(seed)
        self._lemma = lemma
        self._by_russian: dict[str, list[str]] = defaultdict(list)
        for word, translations in dictionary.items():
            commonness = zipf_frequency(word, "en")
            if commonness >= 3.4 and len(word) > 2 and word.isalpha():
                for place, russian in enumerate(translations[:2]):
                    self._by_russian[russian] += [word] * round(2 * (commonness - 3) ** 2 * (2 - place))
        self._english = [words for sentence in english if len(words := sentence.split()) > 4]
        self._ordinary = sorted({word for words in self._by_russian.values() for word in words})
        self._foreign = {
            code: [word for word in top_n_list(code, 3000) if len(word) > 2 and re.fullmatch("[a-zà-ÿ]+", word)]
            for code in ("de", "fr", "es", "it")
        }

    def word(self, text: str) -> MadeText | None:
        """One Russian word inside of `text` becomes English."""
        found = [one for one in _WORD.finditer(text) if len(one.group()) > 3]
        self._random.shuffle(found)
        for one in found[:12]:
            if english := self._by_russian.get(self._lemma(one.group().lower())):
                word = self._random.choice(english)
                if self._random.random() < 0.12 and not word.endswith("s"):
                    word += "s"
                if one.group()[0].isupper() or self._random.random() < 0.2:
                    word = word.capitalize()
                return replace(text, one.start(), one.end(), word)
        return None

    def phrase(self, text: str) -> MadeText | None:
        """One to four Russian words become two to seven English ones."""
        found = list(_WORD.finditer(text))
        if len(found) < 5:
            return None
        first = self._random.randrange(len(found) - 3)
        last = min(first + self._random.randrange(4), len(found) - 1)
        between = text[found[first].start() : found[last].end()]
        if "\n" in between or re.search("[A-Za-z`<>|]", between):
            return None
        sentence = self._random.choice(self._english)
        begin = self._random.randrange(len(sentence) - 2)
        words = sentence[begin : begin + self._random.randint(2, 7)]
        phrase = " ".join(words).strip(".,;:()\"'?!")
        if not re.fullmatch("[A-Za-z',\\- ]{5,60}", phrase) or (phrase[0].isupper() and len(words) < 3):
            return None
        return replace(text, found[first].start(), found[last].end(), phrase)

    def pair(self, text: str) -> MadeText | None:
        """Two neighbours become English: «имеет thick atmosphere из азота»."""
        found = list(_WORD.finditer(text))
        self._random.shuffle(found)
        for one in found[:20]:
            two = _WORD.match(text, one.end() + 1)
            if two is None or text[one.end()] != " ":
                continue
            words = [self._by_russian.get(self._lemma(word.group().lower())) for word in (one, two)]
            if words[0] and words[1]:
                phrase = " ".join(self._random.choice(several) for several in words if several)
                if self._random.random() < 0.2:
                    phrase = phrase.title() if self._random.random() < 0.6 else phrase.capitalize()
                return replace(text, one.start(), two.end(), phrase)
        return None

    def subject(self, text: str) -> MadeText | None:
        """The first word, or the first two, become English: «Meditation помогает»."""
        first = _WORD.match(text)
        if first is None or "\n" in text[:80]:
            return None
        words = self._words(self._random.choice((1, 1, 1, 2)))
        phrase = words.title() if self._random.random() < 0.7 else words.capitalize()
        return replace(text, 0, first.end(), phrase)

    def label(self, text: str) -> MadeText:
        """A label, an item of a list, or a heading: «Strengths: опыт», «- Teamwork — работа», «# Business Plan»."""
        words = self._words(self._random.choice((1, 1, 1, 2, 2, 3)))
        phrase = words.title() if self._random.random() < 0.7 else words.capitalize()
        mark = self._random.choice(("", "", "- ", "* ", "1. ", "2. ", "**", "# ", "## ", "| "))
        if mark.startswith("#"):
            return MadeText(f"{mark}{phrase}\n\n{text}", len(mark), len(mark) + len(phrase))
        if mark == "| ":
            return MadeText(f"| {phrase} | {text[:60].splitlines()[0]} |", 2, 2 + len(phrase))
        close = "**" if mark == "**" else ""
        between = self._random.choice((": ", ": ", " — ", " - ", " — это "))
        small = text[0].lower() + text[1:]
        return MadeText(f"{mark}{phrase}{close}{between}{small}", len(mark), len(mark) + len(phrase))

    def shout(self, text: str) -> MadeText:
        """A word in capitals before the text."""
        word = self._random.choice((self._words(1).upper(), "IMPORTANT", "WARNING", "NOTE", "ATTENTION", "SUMMARY"))
        between = self._random.choice((": ", "! ", ":\n"))
        return MadeText(f"{word}{between}{text}", 0, len(word))

    def foreign(self, text: str) -> MadeText | None:
        """Words of another language: «Погода heute хорошая», «это muy importante»."""
        found = [one for one in _WORD.finditer(text) if len(one.group()) > 3]
        if not found:
            return None
        one = self._random.choice(found)
        several = self._foreign[self._random.choice(tuple(self._foreign))]
        phrase = " ".join(self._random.choice(several) for _ in range(self._random.choice((1, 1, 2, 3))))
        return replace(text, one.start(), one.end(), phrase)

    def translit(self, text: str) -> MadeText | None:
        """One to four Russian words in Latin letters."""
        found = [one for one in _WORD.finditer(text) if len(one.group()) > 3 and one.group().islower()]
        if not found:
            return None
        one = self._random.choice(found)
        end = one.end()
        for _ in range(self._random.choice((0, 0, 1, 2, 3))):
            following = _WORD.match(text, end + 1)
            if following is None or text[end] != " ":
                break
            end = following.end()
        written = transliterate(text[one.start() : end], self._random.choice(SCHEMES))
        return replace(text, one.start(), end, written)

    def lead_in(self, text: str) -> MadeText:
        """What models open or go on with: «Sure, here is the answer:», «In summary,»."""
        lead = self._random.choice(LEAD_INS)
        if self._random.random() < 0.3:
            lead = f"**{lead}**"
        between = self._random.choice([" ", "\n", "\n\n"])
        return MadeText(f"{lead}{between}{text}", 0, len(lead))

    def sentence(self, text: str) -> MadeText:
        """An English sentence before the text, on its own line or not."""
        sentence = " ".join(self._random.choice(self._english)[:14]).rstrip(".,;:") + "."
        return MadeText(f"{sentence}{self._random.choice([' ', chr(10)])}{text}", 0, len(sentence))

    def _words(self, number: int) -> str:
        return " ".join(self._random.choice(self._ordinary) for _ in range(number))
