"""Foreign tokens are not generated: masks on Transformers, a static ban on llama.cpp, on the model that leaks most.

`ROLE_ENGINE_WEBUI_N` says how many replies (default 50; half of them chats, half completions).
"""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path
from typing import Any

import pytest

from role_engine.bench.replies.oracle import name_foreign

from . import client
from .client import Reply, ask, chat_body, completion_body
from .host import Host, LaunchHost, Loader, checkout, model_file

N = int(os.environ.get("ROLE_ENGINE_WEBUI_N", "50"))
CONSTRAINT = {"Transformers": "mask", "llama.cpp": "bias"}
THROWN_AWAY = {"Transformers": 0.0, "llama.cpp": 0.02}
STRICT = {"role": "none", "mode": "strict"}


def chat(host: Host, seed: int = 1, **fields: Any) -> Reply:
    body = {"max_tokens": 60, "seed": seed, "stream": seed % 2 == 0, "role_engine": STRICT, **fields}
    return ask(host.client, client.CHAT, chat_body("Расскажи о море.", **body))


def complete(host: Host, seed: int, **fields: Any) -> Reply:
    body = {"max_tokens": 60, "seed": seed, "stream": seed % 2 == 0, "role_engine": STRICT, **fields}
    return ask(host.client, client.COMPLETIONS, completion_body("Море — это", **body))


def test_nothing_foreign_is_delivered_and_next_to_nothing_thrown_away(wild: Host) -> None:
    replies = [(chat if seed % 4 < 2 else complete)(wild, seed) for seed in range(N)]
    assert [reply.text for reply in replies if name_foreign(reply.text)] == []
    assert {reply.report["constraint"] for reply in replies} == {CONSTRAINT[wild.loader]}
    thrown, delivered = (sum(reply.report[f"tokens_{what}"] for reply in replies) for what in ("rejected", "delivered"))
    print(f"\n{wild.loader}: {thrown} tokens thrown away, {delivered} delivered, {N} replies")
    assert delivered >= 10 * N
    assert thrown <= THROWN_AWAY[wild.loader] * delivered


def test_without_it_the_same_requests_throw_most_of_it_away(wild: Host) -> None:
    wild.write_role("test-no-decoder", "name: Без маски\nsystem: Говори.\nlanguage: {mode: strict, decoder: 'off'}\n")
    report = chat(wild, 3, role_engine={"role": "test-no-decoder"}).report
    assert report["constraint"] == "none"
    assert report["tokens_rejected"] > report["tokens_delivered"]


@pytest.mark.parametrize(
    "settings",
    [
        {"temperature": 0.01, "do_sample": False},
        {"repetition_penalty": 1.3},
        {"top_k": 5, "top_p": 0.5},
        {"mirostat_mode": 2, "mirostat_tau": 5, "mirostat_eta": 0.1},
        {"temperature": 1.8, "min_p": 0.05, "temperature_last": True},
        {"guidance_scale": 1.5},
        {"prompt_lookup_num_tokens": 4},
        {"custom_token_bans": "220,198"},
    ],
    ids=lambda settings: next(iter(settings)),
)
def test_whatever_the_sampling(wild: Host, settings: dict[str, Any]) -> None:
    for seed in (1, 2):
        reply = chat(wild, seed, max_tokens=30, **settings)
        assert name_foreign(reply.text) == []
        assert reply.report["constraint"] == CONSTRAINT[wild.loader]
        assert reply.report["tokens_rejected"] <= 3


def test_a_users_own_bias_is_kept(wild: Host) -> None:
    """Each reply is full of the word that it asks for, and a foreign one that it asks for does not come."""
    (*_, word) = wild.client.post("/v1/internal/encode", json={"text": " слово"}).json()["tokens"]
    piece = wild.client.post("/v1/internal/decode", json={"tokens": [word]}).json()["text"]
    latin = wild.client.post("/v1/internal/encode", json={"text": " the"}).json()["tokens"]
    assert len(latin) == 1
    reply = chat(wild, 1, max_tokens=12, logit_bias={str(word): 60, str(latin[0]): 70})
    assert reply.text.count(piece) >= 10, reply.text
    assert name_foreign(reply.text) == []


def test_a_users_own_grammar_stays_alone(wild: Host) -> None:
    if wild.loader != "llama.cpp":
        pytest.skip("the host's grammars crash on padded vocabularies with Transformers")
    reply = chat(wild, 1, grammar_string='root ::= ("да" | "нет") "."')
    assert reply.text in ("да.", "нет.")
    assert reply.report["constraint"] == "none"
    assert "the guard alone watches the language" in " ".join(wild.log.read_text("utf-8").split())


def test_it_is_made_when_a_model_is_loaded(hosts: LaunchHost, loader: Loader) -> None:
    """Before any reply, at the start and behind the API's request to load another model; and kept on the disk."""
    host = hosts(loader, "tiny-qwen3", patience=121)  # one of its own: another model is loaded into it
    kept = host.user_data / "role_engine" / "cache" / "decoder"
    _wait_for_files(kept)
    shutil.rmtree(kept)
    name = model_file(checkout(), loader, "tiny-qwen3-wild")
    assert host.client.post("/v1/internal/model/load", json={"model_name": name}).status_code == 200
    _wait_for_files(kept)
    assert chat(host, 2).report["constraint"] == CONSTRAINT[loader]


def _wait_for_files(folder: Path) -> None:
    limit = time.monotonic() + 30
    while not [*folder.glob("*.kept")]:
        assert time.monotonic() < limit, f"nothing in {folder} after 30 s"
        time.sleep(0.1)
