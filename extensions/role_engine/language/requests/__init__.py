"""Whether the user asks for text in another language («переведи на английский», “answer in French”)."""

from __future__ import annotations

from role_engine.language.requests.languages import BY_ENGLISH, BY_NOUN, BY_STEM
from role_engine.language.requests.message import ends_of, sentences_in

__all__ = ["find_requested_language", "find_requested_languages"]


def find_requested_languages(message: str) -> tuple[str, ...]:
    """ISO 639-1 codes of the languages, other than Russian, that `message` asks for text in; most often none.

    Only the user's own words count: nothing in quotes or fences, nor a text that the message hands over to be worked
    on. Of a long message its beginning and its end are read.
    """
    parts = ends_of(message)
    named = " ".join(parts).lower()
    english = any(name in named for name in BY_ENGLISH)
    codes: dict[str, None] = {}
    if english or any(name in named for name in (*BY_STEM, *BY_NOUN)):
        from role_engine.language.requests.russian import find_asked_in_russian

        codes.update((code, None) for sentence in sentences_in(parts) for code in find_asked_in_russian(sentence))
    if english:
        from role_engine.language.requests.english import find_asked_in_english

        codes.update((code, None) for sentence in sentences_in(parts) for code in find_asked_in_english(sentence))
    return tuple(codes)


def find_requested_language(message: str) -> str | None:
    """The first of `find_requested_languages`, or None."""
    return next(iter(find_requested_languages(message)), None)
