"""A message as sentences of the user's own: what is quoted, or handed over to be worked on, is left out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

# How much of a long message is read, at its beginning and at its end, in characters.
LONGEST_END = 600
# A last paragraph behind a text to be worked on is the user's own if it is as short as this, in characters.
LONGEST_AFTERWORD = 160

# Stands for what was in quotes.
QUOTED = "“”"

FENCE = re.compile(r"(?ms)^[ \t]*(```|~~~).*?(?:^[ \t]*\1[ \t]*$|\Z)")
_QUOTED_LINE = re.compile(r"(?m)^[ \t]*>.*$")
IN_QUOTES = re.compile(
    r"`[^`\n]+`|«[^«»]*»|“[^“”]*”|„[^„“”]*[“”]|\"[^\"]*\"|(?<![\w’'])['‘][^'‘’\n]+['’](?!\w)"
    r"|<(?P<tag>\w{1,40})>.{0,1200}?</(?P=tag)>",
    re.DOTALL,
)
_PARAGRAPH_END = re.compile(r"\n[ \t]*\n")
_SENTENCE_END = re.compile(r"(?<![.!?…])[.!?…]+[)\"»”]*(?=\s|$)|[;\n]+|(?<=[?!)])(?=[A-ZА-ЯЁ])")
_COLON = re.compile(r":(?!//)(?![)(\d])")
# An instruction that ends in one of these before a colon hands over a text: «Исправь ошибки в тексте: …».
_HANDS_OVER = re.compile(
    r"""(?ix) \b(?: переве[дс]|перевод|исправ|провер|сократ|переска|суммар|резюм|проанализ|прокоммент|разбер|оцен
      |прочит|прочт|отредакт|улучш|перепи|перефраз|выдел|вычит|найд|определ|объясн|ответь\ на|ответ\ на
      |упрост|дополн|продолж|translat|summari[sz]|fix|correct|proofread|edit|analy[sz]|review|explain
      |paraphras|rewrite|read|improve )
    | (?: текст|отрыв|письм|сообщени|стать|абзац|фрагмент|предложени|фраз|документ|цитат|отзыв|комментари|вопрос|слов
      |text|passage|article|email|letter|message|sentence|quote|review|comment|question )\w*
      (?:\s+\w+){0,3}\s*\Z"""
)


def ends_of(message: str) -> tuple[str, ...]:
    """What of a message is read: all of a short one, the beginning and the end of a long one."""
    if len(message) <= 2 * LONGEST_END:
        return (message,)
    # The end begins with a paragraph, or a line: half a sentence would be read for what it is not.
    end = message[-LONGEST_END:]
    begins = max(end.find("\n"), 0)
    return message[:LONGEST_END], end[begins:] if begins else ""


def sentences_in(parts: Sequence[str]) -> Iterator[str]:
    """The sentences that may hold a request, each with its last mark."""
    for part in parts:
        part = _QUOTED_LINE.sub("\n", FENCE.sub("\n\n", part))
        yield from _sentences(without_handed_over(IN_QUOTES.sub(f" {QUOTED} ", part)))


def without_handed_over(text: str) -> str:
    """What of `text`, whose quotes are `QUOTED`, is the user's own."""
    colon = next((found for found in _COLON.finditer(text) if _hands_over(text, found.start())), None)
    if colon is None:
        return text
    own, rest = text[: colon.start()], text[colon.end() :]
    if rest.lstrip().startswith(QUOTED):  # what is handed over was in quotes
        return f"{own} {rest}"
    paragraphs = _PARAGRAPH_END.split(rest.strip())
    if len(paragraphs) > 1 and len(paragraphs[-1]) <= LONGEST_AFTERWORD:
        own += "\n" + paragraphs[-1]
    return own


def _hands_over(text: str, colon: int) -> bool:
    begin = max((found.end() for found in _SENTENCE_END.finditer(text, 0, colon)), default=0)
    return _HANDS_OVER.search(text, begin, colon) is not None


def _sentences(text: str) -> Iterator[str]:
    at = 0
    for end in _SENTENCE_END.finditer(text):
        if sentence := text[at : end.end()].strip():
            yield sentence
        at = end.end()
    if sentence := text[at:].strip():
        yield sentence
