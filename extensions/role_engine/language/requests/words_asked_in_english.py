"""Questions about words and requests for lessons in English: “what does … mean?”, “explain Present Perfect”.

The patterns are for messages read in lower case; the foreign words stand as they are.
"""

from __future__ import annotations

import re

from role_engine.language.requests.languages import BY_ENGLISH

_NAME = "|".join(name for name in BY_ENGLISH if name != "russian")
_META = (
    r"(?:words?|phrases?|idioms?|expressions?|verbs?|terms?|slang|sayings?|proverbs?|prepositions?|adjectives?|nouns?"
    r"|adverbs?|articles?|sentences?|abbreviations?|acronyms?|quotes?)"
)
_QUOTE = r"[«“„\"'‘`][^«»“”\"‘’`а-яё]{1,60}[»”\"'’`]"
_TENSE = (
    r"(?:(?:present|past|future)\s+(?:simple|perfect|continuous|progressive)|(?:zero|first|second|third"
    r"|mixed)?\s*conditionals?|tenses?|(?:phrasal|irregular|modal|auxiliary)\s+verbs?|gerunds?|subjunctive"
    r"|passive\s+voice|reported\s+speech|collocations?|definite\s+article|indefinite\s+article|question\s+tags?"
    r"|(?:english|german|french|spanish|italian|latin|chinese|japanese)\s+(?:grammar|cases?|verbs?|articles?"
    r"|prepositions?|words?|phrases?|idioms?|alphabet|pronunciation|vocabulary|conjugations?|tenses?|nouns?|slang"
    r"|lessons?|exercises?|plurals?))"
)
# Pairs that learners mix up.
_MIXED_UP = (
    r"(?:make|do|say|tell|speak|talk|since|for|much|many|few|little|in|on|at|by|will|shall|may|might|can|could|lend"
    r"|borrow|bring|take|come|go|lay|lie|rise|raise|who|whom|affect|effect|then|than|its|it's|their|there|they're|your"
    r"|you're|this|that|these|those|a|an|the|some|any|must|should|would|have to|used to|be used to|going to|of|from|to"
    r"|with|if|when|whether|as|like|because|look|see|watch|hear|listen|learn|study|teach|job|work|big|large|small"
    r"|little|high|tall|fun|funny|few|a few|a little|been|gone|so|such|too|very|either|neither|other|another|beside"
    r"|besides|wear|put on|ser|estar|der|die|das|por|para)"
)
_ASKS = re.compile(
    rf"""(?x)
      \bwhat(?:\s+does|['’]s\s+does|\s+do|\s+did)\s+(?:the\s+)?(?:{_META}\s+)?{_QUOTE}[^.!?]{{0,20}}\bmeans?\b
    | \bwhat(?:\s+does|\s+do)\s+(?:the\s+)?(?:\w+\s+)?{_META}\s+[^.!?а-яё]{{2,60}}?\bmean\b
    | \bwhat(?:\s+does|\s+do)\s+(?!(?:the|a|an|this|that|it|error|you|he|she|they|these|those|my|your|red
      |i)\b)[^.!?а-яё]{{2,50}}?\bmean\b
    | \b(?:meaning|translation|origin|etymology|pronunciation|synonyms?|antonyms?|rhymes?|plural
      |past\s+tense|forms?|usage|examples?)\s+
      (?:of|for|to|with|in)\s+(?:the\s+)?(?:(?:{_META}|verb)\s+[^.!?а-яё]|{_QUOTE})
    | \b(?:synonyms?|antonyms?|rhymes?|words\s+that\s+rhyme)\s+(?:of|for|to|with)\s+\w
    | \b(?:difference|choose|differ)\w*\s+between\s+(?:{_QUOTE}\s+and|{_MIXED_UP}\s+and\s+{_MIXED_UP}\b|the\s+{_META}\s)
    | \b(?:confuse|mix\s+up)\b[^.!?]{{0,20}}(?:{_QUOTE}|{_MIXED_UP}\s+(?:and|with)\s+{_MIXED_UP}\b)
    | \bhow\s+(?:do\s+(?:i|you|we)|to|is|are|should\s+i)\s+(?:pronounce|spell|conjugate|decline)\b
    | \b{_META}\s+{_QUOTE}
    | \bhow\s+(?:do\s+(?:i|you|we)|to)\s+(?:use|say)\s+(?:the\s+{_META}\s|{_QUOTE})
    | \b(?:is\s+it\s+(?:correct|ok|right|grammatical)\s+to\s+say|can\s+(?:i|you|we)\s+say
      |which\s+(?:one\s+)?is\s+(?:correct|right|better)
      |is\s+this\s+(?:sentence|phrase)\s+(?:correct|right|ok))\b
    | \b(?:explain|teach|practi[cs]e|tell\s+me\s+about|give|show|list|help|learn|quiz|test|drill|use|need
      |make|write|when|how|what|why|about)
      \b[^.!?]{{0,60}}\b{_TENSE}\b
    | \b(?:correct|check|proofread|fix|improve|edit|review|rewrite|rephrase|polish)\s+(?:my|this
      |the\s+following|these|the)\s+
      (?:\w+\s+)?(?:grammar|essay|e-?mail|letter|text|sentences?|paragraph|resume|cv|writing|mistakes|english
        |message|translation)
    | \b(?:teach|tutor|help)\s+me\s+(?:with\s+|in\s+|(?:to\s+)?(?:learn|speak|practi[cs]e)\s+)?(?:some\s+
      |my\s+|a\s+little\s+)?(?:{_NAME})\b
    | \b(?:let['’]s|let\s+us|want\s+to|i\s+need\s+to)\s+practi[cs]e\s+(?:my\s+)?(?:{_NAME})\b
    | ^\W*(?:{_QUOTE}|{_MIXED_UP})\s+(?:vs\.?|or|versus)\s+(?:{_QUOTE}|{_MIXED_UP})(?!\w)
    | \btranslate\s+(?:the\s+)?(?:word|phrase|idiom|expression|saying|proverb)\b
    | \bhow\s+(?:do\s+(?:i|you|we)|to|can\s+i)\s+say\b[^.!?]{{0,60}}\bin\s+(?:{_NAME})\b
    | \bwas\s+(?:bedeutet|heißt)\b | \b(?:qu[eé]|cosa|che)\s+(?:significa|signifie|quiere\s+decir|vuol\s+dire)\b
    | \bque\s+veut\s+dire\b
    | \buse\s+(?:the\s+{_META}\s+)?(?:{_QUOTE}|\w+)\s+in\s+a\s+sentence
    """
)
_NAMED = re.compile(rf"\b(?:{_NAME})\b")


def asks_about_words_in_english(message: str) -> bool:
    """Whether `message`, in lower case, is such a request."""
    return _ASKS.search(message) is not None


def language_named_in_english(message: str) -> str | None:
    """Code of the first language that it names."""
    found = _NAMED.search(message)
    return BY_ENGLISH[found.group()].code if found else None
