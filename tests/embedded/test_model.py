"""The shipped weights: small, sound, and as well and as badly behaved as they are meant to be."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable
from typing import Any

import pytest

from role_engine import LanguagePolicy, check
from role_engine.embedded import MODEL
from tools.embedded_model import systems
from tools.embedded_model.openings import NO_ROLE, OPENINGS, first_words
from tools.embedded_model.questions import list_held_out
from tools.embedded_model.systems import Frame
from tools.embedded_model.tokenizer import TURN_END
from tools.embedded_model.training import CONTEXT, MANIFEST

pytestmark = pytest.mark.timeout(300)

BALANCED = LanguagePolicy(mode="balanced")
ROLES = sorted(role for role in OPENINGS if role != NO_ROLE)


def test_it_takes_at_most_four_megabytes() -> None:
    assert sum(file.stat().st_size for file in MODEL.iterdir()) <= 4_000_000


def test_the_manifest_tells_what_the_files_are() -> None:
    manifest = json.loads((MODEL / MANIFEST).read_text("utf-8"))
    files = {file.name for file in MODEL.iterdir()} - {MANIFEST}
    assert set(manifest["sha256"]) == files
    for name, digest in manifest["sha256"].items():
        assert hashlib.sha256((MODEL / name).read_bytes()).hexdigest() == digest, name
    assert {"seed", "steps", "tokens", "final_loss", "versions"} <= set(manifest)


def test_it_is_a_qwen3_in_bfloat16_with_room_for_a_role() -> None:
    config = json.loads((MODEL / "config.json").read_text("utf-8"))
    assert (config["model_type"], config["dtype"]) == ("qwen3", "bfloat16")
    assert config["max_position_embeddings"] == CONTEXT >= 2_048


# From here on with the model itself.


@pytest.fixture(scope="module")
def generate() -> Callable[..., list[str]]:
    """`generate([(question, frame), …], temperature=…)` → the replies, ends of turns included."""
    torch = pytest.importorskip("torch", reason="the model itself runs on torch")
    transformers = pytest.importorskip("transformers", reason="the model itself runs on transformers")
    torch.set_num_threads(1)  # a second thread gains nothing at this size, and stalls on a busy machine
    tokenizer = transformers.AutoTokenizer.from_pretrained(MODEL)
    model = transformers.AutoModelForCausalLM.from_pretrained(MODEL, dtype=torch.float32).eval()

    def replies(asked: list[tuple[str, Frame]], *, temperature: float = 1.0, top_p: float = 1.0) -> list[str]:
        torch.manual_seed(11)
        prompts = [tokenizer.apply_chat_template(_messages(*one), tokenize=False, add_generation_prompt=True)
                   for one in asked]  # fmt: skip
        inputs = tokenizer(prompts, return_tensors="pt", padding=True, padding_side="left")
        made = model.generate(
            **inputs, do_sample=True, temperature=temperature, top_p=top_p, top_k=0, max_new_tokens=120
        )
        return [tokenizer.decode(ids[inputs.input_ids.shape[1] :]) for ids in made]

    return replies


def _messages(question: str, frame: Frame) -> list[dict[str, Any]]:
    messages = [{"role": "system", "content": frame.system}] if frame.system else []
    for example in frame.examples:
        messages += [{"role": "user", "content": example.user}, {"role": "assistant", "content": example.assistant}]
    asked = f"{question}\n\n{frame.reminder}" if frame.reminder else question
    return [*messages, {"role": "user", "content": asked}]


@pytest.fixture(scope="module")
def sixty(generate: Callable[..., list[str]]) -> list[str]:
    return generate([(question, Frame("")) for question in list_held_out()[:60]])


def _text(reply: str) -> str:
    return reply.partition(TURN_END)[0]


def test_unguarded_it_breaks_the_policy_in_a_third_to_two_thirds(sixty: list[str]) -> None:
    broken = sum(not check(_text(reply), BALANCED).ok for reply in sixty)
    assert 0.3 <= broken / len(sixty) <= 0.6


def test_it_does_so_with_the_webuis_defaults(generate: Callable[..., list[str]]) -> None:
    replies = generate([(question, Frame("")) for question in list_held_out()[60:120]], top_p=0.95)
    assert 0.3 <= sum(not check(_text(reply), BALANCED).ok for reply in replies) / len(replies) <= 0.6


def test_it_ends_its_turns(sixty: list[str]) -> None:
    assert sum(TURN_END in reply for reply in sixty) >= 0.95 * len(sixty)


def test_its_replies_differ_and_have_a_length(sixty: list[str]) -> None:
    assert len(set(sixty)) == len(sixty)
    lengths = sorted(len(_text(reply).split()) for reply in sixty)
    assert 20 <= lengths[len(lengths) // 2] <= 60


def test_its_words_are_russian_words(sixty: list[str]) -> None:
    """Nearly every Cyrillic word that it says stands in the corpus, at temperature 1 too."""
    import re

    from tools.embedded_model.corpus import compose
    from tools.embedded_model.training import SEED

    words = re.compile("[а-яё]+")
    known = {word for conversation in compose(SEED) for turn in conversation.turns
             for word in words.findall(turn.assistant.lower())}  # fmt: skip
    said = [word for reply in sixty for word in words.findall(_text(reply).lower())]
    assert sum(word in known for word in said) >= 0.96 * len(said)


def test_it_begins_as_the_role_of_a_short_system_message_does(generate: Callable[..., list[str]]) -> None:
    chance = random.Random(5)
    asked = [(role, question) for role in ROLES for question in list_held_out()[120:126]]
    replies = generate([(question, systems.short_frame(role, chance)) for role, question in asked], temperature=0.7)
    assert _in_role([role for role, _ in asked], replies) >= 0.9


def test_it_begins_as_the_role_of_a_complete_prompt_does(generate: Callable[..., list[str]]) -> None:
    asked = [(role, question) for role in ROLES for question in list_held_out()[130:132]]
    replies = generate([(question, systems.whole_frame(role)) for role, question in asked], temperature=0.7)
    assert _in_role([role for role, _ in asked], replies) >= 0.8
    assert sum(TURN_END in reply for reply in replies) >= 0.9 * len(replies)


def _in_role(roles: list[str], replies: list[str]) -> float:
    """Share of the replies whose opening is the role's, foreign lead-ins (which every role slips into) left out."""
    hits = [
        _text(reply).split()[0].strip(",:…") in first_words(role)
        or ("" in first_words(role) and _text(reply).split()[0].endswith("…"))
        for role, reply in zip(roles, replies, strict=True)
        if check(_text(reply)[:24], BALANCED).ok
    ]
    return sum(hits) / len(hits)
