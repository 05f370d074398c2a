"""What a model wrote is read back token by token, as far as the text is the same."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from role_engine.backends.transcripts import KnownTokens, Transcript, Transcripts


def written(head: str, *units: tuple[tuple[int, ...], str]) -> Transcript[int]:
    transcript = Transcript(head, [len(head)])
    for ids, text in units:
        transcript.add(ids, text)
    return transcript


CHAT = written("Кто?", ((1,), "Я"), ((2, 3), " ёж"), ((4,), "!"))


def test_the_text_up_to_a_token_is_known_whole() -> None:
    assert CHAT.find_known("Кто?Я ёж") == KnownTokens((4,), (1, 2, 3), "")


def test_from_inside_a_token_on_nothing_is_known() -> None:
    assert CHAT.find_known("Кто?Я ё") == KnownTokens((4,), (1,), " ё")


def test_a_text_that_goes_on_otherwise() -> None:
    assert CHAT.find_known("Кто?Я ёж, а ты?") == KnownTokens((4,), (1, 2, 3), ", а ты?")


def test_the_same_prompt_again_and_a_longer_one() -> None:
    assert CHAT.find_known("Кто?") == KnownTokens((4,), (), "")
    assert CHAT.find_known("Кто? Где?") is None
    assert CHAT.find_known("Где?") is None


def test_half_a_character_ends_no_token() -> None:
    transcript: Transcript[int] = Transcript("", ())
    transcript.add([1], "а", whole=False)
    transcript.add([2], "б")
    assert transcript.find_known("а") is None
    assert transcript.find_known("абв") == KnownTokens((), (1, 2), "в")


def test_behind_a_token_that_was_not_named_nothing_is_known() -> None:
    transcript: Transcript[int] = Transcript("", ())
    transcript.add([1], "а")
    transcript.add(None, "б")
    transcript.add([3], "в")
    assert transcript.find_known("абв") == KnownTokens((), (1,), "бв")


def test_the_one_that_knows_most_is_asked_the_latest_of_several() -> None:
    kept: Transcripts[int] = Transcripts(3)
    kept.keep(CHAT)
    kept.keep(written("Кто?", ((9,), "Я"), ((8,), " ёж")))
    kept.keep(written("Кто?", ((7,), "Я")))
    assert kept.find_known("Кто?Я") == KnownTokens((4,), (7,), "")
    assert kept.find_known("Кто?Я ёж") == KnownTokens((4,), (9, 8), "")
    assert kept.find_known("Кто?Я ёж!") == KnownTokens((4,), (1, 2, 3, 4), "")
    kept.keep(written("Что?"))
    assert kept.find_known("Кто?Я ёж!") == KnownTokens((4,), (9, 8), "!"), "the oldest is forgotten"


@given(st.lists(st.text("аб", min_size=1, max_size=3), max_size=8), st.text("аб", max_size=16))
def test_known_tokens_and_the_rest_are_the_text(pieces: list[str], text: str) -> None:
    transcript = written("?", *(((n,), piece) for n, piece in enumerate(pieces)))
    known = transcript.find_known("?" + text)
    if known is not None:
        assert "".join(pieces[token] for token in known.ids) + known.rest == text
        following = len(known.ids)
        assert following == len(pieces) or not known.rest.startswith(pieces[following])
