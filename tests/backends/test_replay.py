"""The scripted engine that ships for tests."""

from __future__ import annotations

from threading import Event

from role_engine import Chunk, GenerationRequest, ReplayBackend


def play(backend, **fields):
    return list(backend.stream(GenerationRequest(**fields), cancel=Event()))


def test_each_attempt_plays_its_script_and_the_last_one_stays():
    backend = ReplayBackend([["Раз", " два"], [" три"]])
    texts = ["".join(chunk.text for chunk in play(backend)) for _ in range(3)]
    assert texts == ["Раз два", " три", " три"]
    assert [attempt.text for attempt in backend.attempts] == texts


def test_a_piece_is_a_token_and_equal_pieces_are_equal_tokens():
    chunks = play(ReplayBackend([["да", " нет", "да"]]))
    assert [chunk.token_ids for chunk in chunks] == [(0,), (1,), (0,), ()]
    assert chunks[-1].finish == "stop"


def test_the_limit_ends_it():
    chunks = play(ReplayBackend([["да"] * 5]), max_tokens=2)
    assert [chunk.text for chunk in chunks] == ["да", "да", ""]
    assert chunks[-1].finish == "length"


def test_a_function_sees_the_request_and_may_give_whole_chunks():
    backend = ReplayBackend(lambda request: [Chunk(request.prefix + "!", (1, 2), finish="length")])
    assert play(backend, prefix="Да") == [Chunk("Да!", (1, 2), finish="length")]
    assert backend.attempts[0].whole == "ДаДа!"


def test_it_records_what_was_produced_and_that_it_was_closed():
    backend = ReplayBackend([["Раз", " два", " три"]])
    stream = backend.stream(GenerationRequest(), cancel=Event())
    next(stream)
    stream.close()
    assert (backend.attempts[0].text, backend.attempts[0].closed_early) == ("Раз", True)
