"""The foreign words of a message: which of them one can ask the meaning of, and which are names of things.

«Чем отличается make от do?» asks about words; «Чем отличается TCP от UDP?» and «Что такое Docker?» do not. A message is
read with a sign in place of each run of foreign words, so that the rules for requests see Russian and signs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import regex

from role_engine.language.alphabets import CYRILLIC, FLAGS, LATIN
from role_engine.language.latin.lexicon import look_up
from role_engine.language.requests.languages import Script
from role_engine.language.requests.message import FENCE, IN_QUOTES, QUOTED

# The signs: words that one can ask about; unknown words; a name; something technical; a term of grammar.
WORDS, UNKNOWN, NAME, TECHNICAL, GRAMMAR = "◊◆□⌘§"
# So many of a message's words are remembered as named by the user.
MOST_NAMED = 40

_SCRIPT_LANGUAGES: tuple[tuple[Script, str, str], ...] = (
    ("kana", "ja", r"[\p{Hiragana}\p{Katakana}]"), ("hangul", "ko", r"\p{Hangul}"), ("han", "zh", r"\p{Han}"),
    ("arabic", "ar", r"\p{Arabic}"), ("hebrew", "he", r"\p{Hebrew}"), ("greek", "el", r"[\p{Greek}&&\p{L}]"),
    ("georgian", "ka", r"\p{Georgian}"), ("armenian", "hy", r"\p{Armenian}"), ("devanagari", "hi", r"\p{Devanagari}"),
    ("bengali", "bn", r"\p{Bengali}"), ("tamil", "ta", r"\p{Tamil}"), ("thai", "th", r"\p{Thai}"),
)  # fmt: skip
_OTHER = "".join(letters for _, _, letters in _SCRIPT_LANGUAGES)
_LANGUAGE_OF = [(code, regex.compile(letters, FLAGS)) for _, code, letters in _SCRIPT_LANGUAGES]

# Terms of grammar, by the language that they are used for.
_TERMS = {
    "en": r"(?:present|past|future)[ -](?:simple|perfect|continuous|progressive|indefinite|tense)(?:[ -]continuous)?"
    r"|(?:zero|first|second|third|mixed)[ -]conditionals?|conditionals?|(?:passive|active)[ -]voice"
    r"|(?:reported|indirect)[ -]speech|(?:phrasal|irregular|modal|auxiliary|regular)[ -]verbs?|gerunds?"
    r"|(?:complex|direct|indirect)[ -](?:object|subject)|question tags?|tag questions?|articles|tenses|perfect"
    r"|continuous"
    r"|comparatives|superlatives|collocations|ielts|toefl",
    "de": r"perfekt|präteritum|plusquamperfekt|konjunktiv(?: ii?)?|partizip(?: ii?)?|akkusativ|dativ|genitiv|nominativ",
    "fr": r"passé composé|passe compose|imparfait|subjonctif|plus-que-parfait|conditionnel|futur simple",
    "es": r"subjuntivo|pretérito(?: \w+)?|imperfecto|gerundio",
}
_GRAMMAR = "|".join(f"(?P<{code}>{terms})" for code, terms in _TERMS.items())

# A run of Latin words; what is built like code or an address is one with a sign in it.
_LATIN_WORD = rf"{LATIN}[{LATIN}\p{{M}}'’\-]*"
_TOKEN = regex.compile(
    rf"(?P<quote>{IN_QUOTES.pattern})|(?P<grammar>(?<!\p{{L}})(?i:{_GRAMMAR})(?!\p{{L}}))"
    rf"|(?P<code>(?:https?://|www\.)\S+|(?<![\w.\-/\\@])(?=[\w.\-/\\@]*[\d_@/\\])(?=[\w.\-/\\@]*{LATIN})[\w.\-/\\@+#]+"
    rf"|{LATIN}[\w.]{{0,60}}\(|(?<!\w){LATIN}{{1,3}}[+#]{{1,2}}|[{{}}=;<>]{{1,3}}(?=\s*{LATIN}))"
    rf"|(?P<run>{_LATIN_WORD}(?:[ ,]{{1,2}}{_LATIN_WORD})*+)|(?P<other>[{_OTHER}][{_OTHER}\p{{M}}\u3000-\u303f]*)",
    FLAGS | regex.DOTALL,
)
_KINDS = ("quote", "grammar", "code", "run", "other")
_A_WORD = regex.compile(rf"{_LATIN_WORD}|[{_OTHER}][{_OTHER}\p{{M}}]*", FLAGS)
_A_CYRILLIC = regex.compile(CYRILLIC, FLAGS)
_A_FOREIGN = regex.compile(f"[{LATIN}{_OTHER}]", FLAGS)
_IDENTIFIER = regex.compile(r"\p{Lu}{2}|\p{Ll}\p{Lu}|[0-9_/\\{}=<>]|\w\(", FLAGS)
_LEVEL = regex.compile(r"(?i)[abc][12]|i|ok|eng?|esl", FLAGS)
_QUOTED_LINE = regex.compile(r"(?m)^[ \t]*>[ \t]?", FLAGS)
_SENTENCE_BEGINS = regex.compile(r"(?:\A[^\p{L}\p{N}]*|[.!?…:\n][^\p{L}\p{N}]*)\Z", FLAGS)

# Names that make a message one about programs, whatever words stand beside them.
_PROGRAMS = frozenset(
    """
    python java javascript typescript php ruby rust golang kotlin swift scala perl haskell matlab sql mysql postgres
    postgresql sqlite mongodb redis linux ubuntu debian windows macos android docker kubernetes git github gitlab npm
    yarn webpack node react vue angular django flask fastapi html css json xml yaml excel word pandas numpy pytorch
    tensorflow bash powershell vim nginx apache ansible terraform kafka spring unity arduino latex postman figma
    """.split()  # noqa: SIM905
)
# Words by which a language other than English is known, most of which English has not.
_KNOWN_BY = {
    "de": """
    der die das und ist nicht ich du wir ihr sie ein eine einen den dem zu mit für auf wie bedeutet haben sein bin bist
    von im kein keine ja nein doch noch schon auch aber oder wenn weil dass mir mich dir dich guten tag danke bitte
    weh bedeutet heißt
    """,
    "fr": """
    le la les des une est et je tu il elle nous vous ne pas que qui dans pour avec sur au aux ce cette mon être avoir
    suis sais quoi c'est la vie merci bonjour déjà vu bon ma chère cherchez femme noblesse oblige signifie veut dire
    """,
    "es": """
    el los las una es y yo tú que de en por para con está ser estar soy hola gracias como cómo qué mañana significa
    nada quiere decir
    """,
    "it": "il lo gli una è e io che di per con sono ciao come non dolce vita bella grazie significa vuol dire",
    "la": """
    est et ad ex non quod sunt per pro cum sine carpe diem veni vidi vici ergo sum nihil omnia semper mors vita deus
    veritas lux pax lex vox populi memento mori amor vincit homo homini lupus fortuna alea iacta cogito aspera astra
    vino bellum para scio tempus fugit dura sed cui prodest mea culpa ave
    """,
}
_KNOWN = {code: frozenset(words.split()) for code, words in _KNOWN_BY.items()}
_LETTERS_OF = (("de", "äöüß"), ("es", "ñ¿¡"), ("fr", "çœêèàùâ"))


class ForeignWords(NamedTuple):
    """A message read: `text` in lower case with signs for the foreign words, the words themselves, their language.

    `language` is a guess: English, unless the words say otherwise; None where there are none. `term`: the language
    whose grammar a term names.
    """

    text: str
    words: frozenset[str]
    language: str | None
    term: str | None


def read_foreign(message: str) -> ForeignWords:
    """Read a message, or a part of it."""
    text = _QUOTED_LINE.sub("", FENCE.sub("\n\n", message))
    signs: list[str] = []
    runs: list[str] = []
    term: str | None = None
    at = 0
    for token in _TOKEN.finditer(text):
        signs.append(text[at : token.start()])
        at = token.end()
        word = token.group()
        kind = next(kind for kind in _KINDS if token[kind] is not None)
        if kind == "grammar":
            term = term or next((code for code in _TERMS if token[code]), None)
        sign = _sign_of(
            kind, word, opens=_SENTENCE_BEGINS.search(text[max(0, token.start() - 8) : token.start()]) is not None
        )
        if sign in (WORDS, UNKNOWN):
            runs.append(word)
        signs.append(f" «{sign}» " if kind == "quote" and sign != QUOTED else f" {sign} ")
    signs.append(text[at:])
    plain = regex.sub(r"[ \t]+", " ", "".join(signs).lower().replace("ё", "е"))
    words = [word.casefold().replace("’", "'") for run in runs for word in _A_WORD.findall(run)]
    language = language_of(words) if words else None
    return ForeignWords(plain, frozenset(words[:MOST_NAMED]), language, term)


def has_words_only(message: str) -> bool:
    """Whether there are foreign words in the message, and none of them is a name or technical."""
    text = read_foreign(message).text
    return WORDS in text and NAME not in text and TECHNICAL not in text


def function_words_of(codes: Sequence[str]) -> frozenset[str]:
    """The commonest words of the languages, as far as they are known here."""
    return frozenset().union(*(_KNOWN[code] for code in codes if code in _KNOWN))


def language_of(words: list[str]) -> str:
    """The language of foreign words, as far as letters and the commonest words tell."""
    joined = " ".join(words)
    for code, letters in _LANGUAGE_OF:
        if letters.search(joined):
            return code
    for code, letters_of in _LETTERS_OF:
        if any(letter in joined for letter in letters_of):
            return code
    known = {code: sum(word in of for word in words) for code, of in _KNOWN.items()}
    best = max(known, key=lambda code: known[code])
    english = sum(look_up(word).function for word in words)
    telling = [word for word in words if not look_up(word).ordinary]
    foreign = known[best] > english or (known[best] == english and len(telling) * 2 > len(words))
    return best if known[best] and telling and foreign else "en"


def _sign_of(kind: str, word: str, opens: bool) -> str:
    if kind == "grammar":
        return GRAMMAR
    if kind == "code":
        return GRAMMAR if _LEVEL.fullmatch(word.strip(".,")) else TECHNICAL
    if kind == "other":
        return WORDS
    if kind == "quote":
        if _A_CYRILLIC.search(word) or not _A_FOREIGN.search(word):
            return QUOTED
        inside = word.strip("«»“”„\"'‘’`<>")
        return TECHNICAL if _IDENTIFIER.search(inside) else _sign_of_words(inside, opens=True, quoted=True)
    return _sign_of_words(word, opens, quoted=False)


def _sign_of_words(run: str, opens: bool, quoted: bool) -> str:
    words = _A_WORD.findall(run)
    if not words:
        return UNKNOWN
    if any(word.casefold() in _PROGRAMS for word in words):
        return TECHNICAL
    if any(_IDENTIFIER.search(word) and not _LEVEL.fullmatch(word) for word in words):
        return TECHNICAL
    small = [word for at, word in enumerate(words) if not word[0].isupper() or word == "I" or (opens and at == 0)]
    first = look_up(words[0])
    if first.tool and not first.common and not opens:
        return TECHNICAL
    if len(small) == 0:
        return NAME
    if len(words) == 1 and opens and words[0][0].isupper() and (first.name or not first.ordinary):
        return WORDS if quoted and not first.name else NAME
    if quoted or any(look_up(word).ordinary for word in small) or language_of([w.casefold() for w in words]) != "en":
        return WORDS
    return UNKNOWN
