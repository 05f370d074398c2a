"""What was found, as it stands in a prompt: «Информация (notes.md, «Чеснок»): …», a paragraph each.

A document is data. Nothing in it may speak to the tokenizer, to a template, to the modes, or pass for a turn of the
chat.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import regex

from role_engine.knowledge.index_folder import Fragment
from role_engine.prompts.neutral import as_name, neutralise
from role_engine.prompts.sentences import sentence_spans

LABEL = "Информация"

# Control characters but line ends and tabs, what turns the direction of text, noncharacters.
_UNSEEN = regex.compile(r"[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff--[\n\t]]", regex.V1)
# A line's start that frames without control tokens take for a turn: «### Response:», «User:», «Вопрос на русском:».
_TURN = regex.compile(
    r"^([ \t>#*_-]*)((?:user|human|assistant|system|ai|bot|instruction|input|response|question|answer|"
    r"пользователь|человек|ассистент|помощник|система|вопрос|ответ)(?:[ \t]+на[ \t]+русском)?)([*_]*[ \t]*:)",
    regex.IGNORECASE | regex.MULTILINE,
)
_FENCE = regex.compile(r"^[ \t]*(`{3,}|~{3,})", regex.MULTILINE)


def information(fragments: Sequence[Fragment], count: Callable[[str], int], max_tokens: int) -> str:
    """The block of `fragments`, the best first, in at most `max_tokens` by `count`; empty where none fits.

    What is too long is left out, and a shorter one behind it may take its place; of the best one, as many sentences are
    shown as fit.
    """
    block = ""
    for fragment in fragments:
        longer = _joined(block, _shown(fragment, fragment.text))
        if count(longer) <= max_tokens:
            block = longer
        elif fragment is fragments[0]:
            block = _beginning(fragment, count, max_tokens)
    return block


def as_data(text: str) -> str:
    """`text` with all broken, visibly, that could be more than text."""
    text = neutralise(_UNSEEN.sub("", text))
    text = _TURN.sub(r"\1‹\2›\3", text)
    fences = _FENCE.findall(text)
    return f"{text}\n{fences[-1]}" if len(fences) % 2 else text  # one that stays open would swallow what follows


def _shown(fragment: Fragment, text: str) -> str:
    places = [as_name(fragment.source), *(f"«{as_name(heading)}»" for heading in fragment.headings)]
    body = as_data(text)
    gap = "\n" if "\n" in body else " "
    return f"{LABEL} ({', '.join(places)}):{gap}{body}"


def _beginning(fragment: Fragment, count: Callable[[str], int], max_tokens: int) -> str:
    """The fragment's first sentences, as many as fit."""
    fits = ""
    for _, end in sentence_spans(fragment.text):
        shorter = _shown(fragment, fragment.text[:end].rstrip())
        if count(shorter) > max_tokens:
            break
        fits = shorter
    return fits


def _joined(first: str, second: str) -> str:
    return f"{first}\n\n{second}" if first else second
