"""`LlamaCppBackend` against a server that says what a test tells it to."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from threading import Event
from typing import Any

import pytest

from role_engine.backends.base import UNKNOWN_TOKEN, Backend, Chunk, GenerationRequest, TokenBan
from role_engine.backends.llama_cpp import LlamaCppBackend
from role_engine.errors import BackendError
from role_engine.guard.attempts import guarded_stream
from role_engine.language.policy import LanguagePolicy
from tests.backends.asking import ids_of, run
from tests.backends.openai_stub import Answer, event, refuses, serving

ASK = GenerationRequest(prompt="Вопрос: что?\nОтвет:")


def writes(*tokens: tuple[int, str] | tuple[int, str, int], stop: str = "eos") -> Answer:
    """The server's stream: token, its text and how many tokens there were by then."""
    events = []
    for number, (token, text, *count) in enumerate(tokens, 1):
        predicted = count[0] if count else number
        events.append(event({"content": text, "tokens": [token], "stop": False, "tokens_predicted": predicted}))
    events.append(event({"content": "", "tokens": [], "stop": True, "stop_type": stop}))
    return 200, "text/event-stream", events


def whole(token: int | None, text: str, stop: str = "limit") -> Answer:
    """Its answer to a request that is not streamed."""
    tokens = [] if token is None else [token]
    return refuses(200, {"content": text, "tokens": tokens, "stop": True, "stop_type": stop})


def test_asks_for_raw_text_and_passes_its_tokens_on() -> None:
    request = GenerationRequest(
        prompt="Ответ:",
        prefix=" Это",
        max_tokens=7,
        seed=5,
        stop=("\n",),
        options={"temperature": 0.3, "repetition_penalty": 1.1, "logit_bias": {"8": -1}, "top_k": None},
    )
    with serving(answer=lambda path, body: writes((4, " ёж"), (5, "."), (0, ""))) as server:
        backend = LlamaCppBackend(server.url, api_key="secret")
        assert isinstance(backend, Backend)
        chunks = run(backend, request)
    assert chunks == [Chunk(" ёж", (4,)), Chunk(".", (5,)), Chunk("", (), "stop")], "the end token is no part of it"
    assert server.asked[0].path == "/completion"
    assert server.asked[0].headers["Authorization"] == "Bearer secret"
    assert server.posted == [
        {
            "prompt": "Ответ: Это",
            "n_predict": 7,
            "seed": 5,
            "temperature": 0.3,
            "repeat_penalty": 1.1,
            "logit_bias": [[8, -1]],
            "stop": [],
            "stream": True,
            "return_tokens": True,
            "cache_prompt": True,
        }
    ]


@pytest.mark.parametrize("seed", [None, -1])
def test_no_limit_and_no_seed(seed: int | None) -> None:
    with serving(answer=lambda path, body: writes((4, "ёж"), stop="limit")) as server:
        chunks = run(LlamaCppBackend(server.url + "/v1"), ASK.resumed(seed=seed))
    assert chunks[-1].finish == "length"
    assert (server.posted[0]["n_predict"], server.posted[0]["seed"]) == (-1, -1)
    assert server.asked[0].path == "/completion"


def test_a_special_token_inside_of_a_reply_is_counted() -> None:
    with serving(answer=lambda path, body: writes((4, "а"), (9, ""), (5, "б"), (9, ""), stop="limit")) as server:
        chunks = run(LlamaCppBackend(server.url), ASK)
    assert ids_of(chunks) == [4, 9, 5, 9]


def test_tokens_that_the_server_does_not_name_are_counted_and_no_more() -> None:
    with serving(answer=lambda path, body: writes((4, "а"), (5, "ꙮ", 4), (6, "б", 5))) as server:
        backend = LlamaCppBackend(server.url)
        found = [chunk.token_ids for chunk in run(backend, ASK)]
        assert found == [(4,), (UNKNOWN_TOKEN, UNKNOWN_TOKEN, 5), (6,), ()]
        run(backend, ASK.resumed(prefix="аꙮб"))
    begun = [one.body for one in server.asked if one.path == "/completion"]
    assert begun[1]["prompt"] == ASK.prompt + "аꙮб"


def test_tokens_that_the_server_does_not_name_are_looked_up_where_its_tokenizer_agrees() -> None:
    def answer(path: str, body: dict[str, Any]) -> Answer:
        if path == "/tokenize":
            return refuses(200, {"tokens": {" 世": [8, 5], "ꙮ": [7, 7]}[body["content"]]})
        return writes((4, "а"), (5, " 世", 3), (6, "ꙮ", 5))

    with serving(answer=answer) as server:
        backend = LlamaCppBackend(server.url)
        assert [chunk.token_ids for chunk in run(backend, ASK)] == [(4,), (8, 5), (UNKNOWN_TOKEN, 6), ()]
        run(backend, ASK.resumed(prefix="а 世"))
    assert [one.body for one in server.asked if one.path == "/completion"][1]["prompt"] == [ASK.prompt, 4, 8, 5]


# --- bans ------------------------------------------------------------------------------------------------------------


def test_a_ban_on_the_attempt_goes_with_it() -> None:
    with serving(answer=lambda path, body: writes((4, "ёж"))) as server:
        request = ASK.resumed(bans=(TokenBan(7, first_only=False),), options={"logit_bias": [[8, 1.0]]})
        run(LlamaCppBackend(server.url), request)
    assert [body["logit_bias"] for body in server.posted] == [[[8, 1.0], [7, False]]]


def test_a_ban_on_the_first_token_makes_it_a_generation_of_its_own() -> None:
    def answer(path: str, body: dict[str, Any]) -> Answer:
        return writes((5, " мир"), stop="limit") if body["stream"] else whole(4, "Да,")

    with serving(answer=answer) as server:
        bans = (TokenBan(6), TokenBan(7, first_only=False))
        chunks = run(LlamaCppBackend(server.url), ASK.resumed(bans=bans, max_tokens=9, seed=3))
    assert chunks == [Chunk("Да,", (4,)), Chunk(" мир", (5,)), Chunk("", (), "length")]
    first, rest = server.posted
    assert (first["n_predict"], first["logit_bias"]) == (1, [[6, False], [7, False]])
    assert (rest["n_predict"], rest["logit_bias"]) == (8, [[7, False]])
    assert (first["prompt"], rest["prompt"]) == (ASK.prompt, [ASK.prompt, 4])


@pytest.mark.parametrize(
    ("first", "limit", "expected"),
    [
        (whole(0, "", "eos"), 9, [Chunk("", (), "stop")]),
        (whole(4, "Да"), 1, [Chunk("Да", (4,)), Chunk("", (), "length")]),
    ],
)
def test_a_first_token_that_is_the_last(first: Answer, limit: int, expected: list[Chunk]) -> None:
    with serving(answer=lambda path, body: first) as server:
        assert run(LlamaCppBackend(server.url), ASK.resumed(bans=(TokenBan(6),), max_tokens=limit)) == expected
    assert len(server.posted) == 1


def test_a_first_character_of_several_tokens_is_completed() -> None:
    def answer(path: str, body: dict[str, Any]) -> Answer:
        if path == "/detokenize":
            return refuses(200, {"content": {2: "\ufffd", 3: "ꙮ"}[len(body["tokens"])]})
        if body["stream"]:
            return writes((9, "!"))
        return whole(len(body["prompt"]) if isinstance(body["prompt"], list) else 1, "\ufffd")

    with serving(answer=answer) as server:
        chunks = run(LlamaCppBackend(server.url), ASK.resumed(bans=(TokenBan(6),)))
    assert chunks[:2] == [Chunk("ꙮ", (1, 2, 3)), Chunk("!", (9,))]
    begun = [one.body for one in server.asked if one.path == "/completion"]
    assert [len(body["logit_bias"]) for body in begun] == [1, 0, 0, 0], "the ban is over with the first token"


def test_the_server_says_which_file_its_model_is(caplog: pytest.LogCaptureFixture) -> None:
    strict = ASK.resumed(policy=LanguagePolicy(mode="strict"))
    with serving(pages={"/props": {"model_path": "/nowhere/model.gguf"}}) as server:
        assert LlamaCppBackend(server.url).constraint_on(strict) == "grammar", "which needs no vocabulary"
    assert "/nowhere/model.gguf" in caplog.text
    with serving() as server:
        assert LlamaCppBackend(server.url).constraint_on(strict) == "grammar"
    assert "model_file" in caplog.text


# --- going on --------------------------------------------------------------------------------------------------------


def test_goes_on_from_the_models_own_tokens() -> None:
    with serving(answer=lambda path, body: writes((4, " ёж"), (5, " и"), (6, " к"), (7, "от"))) as server:
        backend = LlamaCppBackend(server.url)
        run(backend, ASK)
        for prefix in (" ёж и", " ёж и ёж", " ёж и к", " ёж и ко", ""):
            run(backend, ASK.resumed(prefix=prefix))
    prompt = ASK.prompt
    assert [body["prompt"] for body in server.posted[1:]] == [
        [prompt, 4, 5],
        [prompt, 4, 5, 4],
        [prompt, 4, 5, 6],
        prompt + " ёж и ко",
        prompt,
    ]


def test_guarded_a_violation_is_generated_again_from_the_last_clean_word() -> None:
    def answer(path: str, body: dict[str, Any]) -> Answer:
        if not body["stream"]:
            return whole(8, " мир")
        resumed = isinstance(body["prompt"], list)
        return writes((9, ".")) if resumed else writes((4, "Привет"), (5, " "), (6, "world"), (7, "."))

    with serving(answer=answer) as server:
        reply = guarded_stream(LlamaCppBackend(server.url), ASK.resumed(policy=LanguagePolicy(mode="strict")))
        assert "".join(reply) == "Привет мир."
    assert server.posted[1]["prompt"] == [ASK.prompt, 4]
    assert server.posted[1]["logit_bias"] == [[5, False], [6, False]]
    assert server.posted[2]["logit_bias"] == [[6, False]]
    assert server.posted[2]["prompt"] == [ASK.prompt, 4, 8]


# --- ending ----------------------------------------------------------------------------------------------------------


def test_a_refusal_a_stream_that_breaks_off_and_no_server_are_errors() -> None:
    said = {"error": {"code": 400, "message": "request (27001 tokens) exceeds the available context size"}}
    with serving(answer=lambda path, body: refuses(400, said)) as server:
        backend = LlamaCppBackend(server.url)
        with pytest.raises(BackendError, match="27001 tokens"):
            run(backend, ASK)
        server.answer = lambda path, body: (200, "text/event-stream", [event({"content": "а", "tokens": [1]})])
        with pytest.raises(BackendError, match="broke off"):
            run(backend, ASK)
        server.answer = lambda path, body: whole(None, "а")
        with pytest.raises(BackendError, match=r"Update llama\.cpp"):
            run(backend, ASK.resumed(bans=(TokenBan(1),)))
    with pytest.raises(BackendError, match="There is no server"):
        run(backend, ASK)


@pytest.mark.parametrize("first_is_banned", [False, True])
def test_cancel_ends_a_read_that_waits_for_the_next_token(first_is_banned: bool) -> None:
    release, cancel = Event(), Event()
    got: list[Any] = []

    def silent(path: str, body: dict[str, Any]) -> Answer:
        def pieces() -> Iterator[bytes]:
            yield b"" if first_is_banned else event({"content": "а", "tokens": [1]})
            release.wait(60)

        return 200, "application/json" if first_is_banned else "text/event-stream", pieces()

    request = ASK.resumed(bans=(TokenBan(1),) if first_is_banned else ())
    with serving(answer=silent) as server:
        backend = LlamaCppBackend(server.url)
        reader = threading.Thread(target=lambda: got.extend(backend.stream(request, cancel=cancel)), daemon=True)
        reader.start()
        while not server.asked:
            reader.join(0.01)
        cancel.set()
        reader.join(20)
        ended = not reader.is_alive()
        release.set()
    assert ended, "the reader still waits for a server that says nothing"
    assert got[-1].finish == "cancelled"


def test_closing_the_iterator_hangs_up() -> None:
    endless = (event({"content": "раз ", "tokens": [1]}) for _ in range(10**7))
    with serving(answer=lambda path, body: (200, "text/event-stream", endless)) as server:
        running = LlamaCppBackend(server.url).stream(ASK, cancel=Event())
        next(running)
        running.close()  # type: ignore[attr-defined]
        assert server.client_gone.wait(20)
