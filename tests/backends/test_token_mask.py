"""Token masks in the engine on Transformers, on the embedded model: what it writes then, and what stays free."""

from __future__ import annotations

from typing import Any

import pytest

from role_engine import GenerationRequest, LanguagePolicy, check, guarded_stream
from role_engine.embedded import MODEL
from tests.backends.asking import run, text_of

torch = pytest.importorskip("torch", reason="the engine runs on torch")
pytest.importorskip("transformers", reason="the engine runs on transformers")

from role_engine.backends.token_mask import MaskSupply, PolicyMasks, ReplyMask  # noqa: E402
from role_engine.backends.transformers import TransformersBackend  # noqa: E402

pytestmark = pytest.mark.timeout(300)

STRICT = LanguagePolicy(mode="strict")
HOT = {"temperature": 1.0, "top_k": 0, "top_p": 1.0, "min_p": 0.0}
QUESTIONS = ("Кто ты?", "Что такое память?", "Расскажи о реке.", "Как научиться писать?")


@pytest.fixture(scope="module")
def backend() -> TransformersBackend:
    return TransformersBackend(MODEL)


@pytest.fixture(scope="module")
def masks(backend: TransformersBackend) -> PolicyMasks:
    found = MaskSupply(backend.tokenizer).of(STRICT)
    assert found is not None
    return found


def chat(backend: TransformersBackend, seed: int, policy: LanguagePolicy, **what: Any) -> GenerationRequest:
    messages = [{"role": "user", "content": QUESTIONS[seed % len(QUESTIONS)]}]
    prompt = backend.tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
    return GenerationRequest(
        **{"prompt": prompt, "seed": seed, "max_tokens": 60, "policy": policy, "options": HOT} | what
    )


def replies(backend: TransformersBackend, policy: LanguagePolicy, number: int) -> list[tuple[str, Any]]:
    found = []
    for seed in range(number):
        stream = guarded_stream(backend, chat(backend, seed, policy))
        found.append(("".join(stream), stream.report))
    return found


def test_under_strict_nothing_is_thrown_away_and_replies_end_by_themselves(backend: TransformersBackend) -> None:
    found = replies(backend, STRICT, 40)
    assert all(check(text, STRICT).ok for text, _ in found)
    assert {report.constraint for _, report in found} == {"mask"}
    assert sum(report.tokens_rejected for _, report in found) == 0
    assert {report.attempts for _, report in found} == {1}
    assert any(report.finish == "stop" for _, report in found)


def test_a_reply_that_was_clean_anyway_is_the_same(backend: TransformersBackend) -> None:
    off = replies(backend, STRICT.model_copy(update={"decoder": "off"}), 8)
    on = replies(backend, STRICT, 8)
    pairs = [(one, other) for (one, report), (other, _) in zip(off, on, strict=True) if report.attempts == 1]
    assert pairs and all(one == other for one, other in pairs)
    assert any(report.tokens_rejected for _, report in off), "else there was nothing to mask"
    assert {report.constraint for _, report in off} == {"none"}


@pytest.mark.parametrize("options", [{"temperature": 0}, {"temperature": 3.0, "top_k": 0}], ids=["greedy", "hot"])
def test_in_the_middle_of_a_word_only_what_may_stand_there(backend: TransformersBackend, options: Any) -> None:
    for seed in range(6):
        request = chat(backend, seed, STRICT, prefix="Фило", options=options, constraint="mask", max_tokens=8)
        text = text_of(run(backend, request))
        assert check("Фило" + text.rstrip("\ufffd"), STRICT).ok


def test_a_free_think_block_is_free(masks: PolicyMasks) -> None:
    inside, behind = (masks.state_behind(text) for text in ("<think>\nWell, ", "<think>\nWell.</think>\n"))
    latin = masks.masks.after_text("hello", inside)
    assert latin >= 0
    assert masks.masks.after_text("hello", behind) < 0


def test_a_prompt_that_the_policy_refuses_does_not_free_the_reply(masks: PolicyMasks) -> None:
    state = masks.state_behind("Once upon a time, ")
    assert masks.masks.after_text("hello", state) < 0
    assert masks.masks.after_text("жил", state) >= 0


def test_the_state_is_a_function_of_the_ids(backend: TransformersBackend, masks: PolicyMasks) -> None:
    ids = backend.tokenizer.encode("Река течёт, память молчит.", add_special_tokens=False)
    mask = ReplyMask(masks, "")
    whole = mask.state(ids)
    assert mask.state([*ids[:2], *ids[3:]]) == ReplyMask(masks, "").state([*ids[:2], *ids[3:]])
    assert mask.state(ids[:1]) == ReplyMask(masks, "").state(ids[:1])
    assert mask.state(ids) == whole


def test_scores_may_have_more_rows_or_fewer_than_the_vocabulary(masks: PolicyMasks) -> None:
    for size in (len(masks.masks.vocabulary) + 64, 300):
        scores = ReplyMask(masks, "").apply(torch.zeros(2, size), [])
        assert scores.shape == (2, size)
        open_ids = torch.isfinite(scores[0]).nonzero().flatten().tolist()
        allowed = set(masks.masks.allowed_ids(masks.masks.start).tolist())
        assert set(open_ids) == {number for number in allowed if number < size}


def test_where_other_bans_leave_nothing_the_mask_gives_way(masks: PolicyMasks) -> None:
    mask = ReplyMask(masks, "")
    scores = torch.zeros(1, masks.masks.size)
    scores[:, masks.masks.allowed_ids(masks.masks.start).tolist()] = float("-inf")
    assert torch.isfinite(mask.apply(scores, [])).any()


def test_what_the_mask_says_of_one_token_is_what_it_says_of_all(masks: PolicyMasks) -> None:
    for text in ("", "Фил", "Фило, ", "<think>"):
        mask = ReplyMask(masks, text)
        allowed = set(masks.masks.allowed_ids(masks.state_behind(text)).tolist())
        assert {token for token in range(masks.masks.size) if mask.allows(token, [])} == allowed


def test_a_tokenizer_that_says_nothing_of_its_bytes_has_no_masks(caplog: pytest.LogCaptureFixture) -> None:
    supply = MaskSupply(object())
    assert supply.of(STRICT) is None and supply.of(STRICT) is None
    assert caplog.text.count("the guard alone watches") == 1


def test_policies_that_differ_in_nothing_a_mask_needs_share_one(backend: TransformersBackend) -> None:
    supply = MaskSupply(backend.tokenizer)
    assert supply.of(STRICT) is supply.of(LanguagePolicy(mode="strict", attempts=2, decoder="always"))
    assert supply.of(STRICT) is not supply.of(LanguagePolicy(mode="strict", emoji=False))
