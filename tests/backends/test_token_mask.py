"""Token masks in the engine on Transformers, on the embedded model: what it writes then, and what stays free."""

from __future__ import annotations

import math
from typing import Any

import pytest

from role_engine import GenerationRequest, LanguagePolicy, check, guarded_stream
from role_engine.embedded import MODEL
from tests.backends.asking import run, text_of

torch = pytest.importorskip("torch", reason="the engine runs on torch")
pytest.importorskip("transformers", reason="the engine runs on transformers")

from role_engine.backends.token_mask import LEAST_SHARE, MaskSupply, PolicyMasks, ReplyMask  # noqa: E402
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


def test_under_strict_hardly_anything_is_thrown_away_and_replies_end(
    backend: TransformersBackend,
) -> None:
    """Only where the model had next to nothing clean in mind is it let go, and the guard goes back."""
    found = replies(backend, STRICT, 40)
    assert all(check(text, STRICT).ok for text, _ in found)
    assert {report.constraint for _, report in found} == {"mask"}
    delivered = sum(report.tokens_delivered for _, report in found)
    assert sum(report.tokens_rejected for _, report in found) <= 0.005 * delivered
    assert sum(report.attempts == 1 for _, report in found) >= 37
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
        allowed = set(masks.masks.list_allowed_ids(masks.masks.start).tolist())
        assert set(open_ids) == {number for number in allowed if number < size}


def test_where_other_bans_leave_nothing_the_mask_gives_way(masks: PolicyMasks) -> None:
    mask = ReplyMask(masks, "")
    scores = torch.zeros(1, masks.masks.size)
    scores[:, masks.masks.list_allowed_ids(masks.masks.start).tolist()] = float("-inf")
    assert torch.isfinite(mask.apply(scores, [])).any()


def test_where_next_to_nothing_clean_is_likely_the_model_says_what_it_wants(masks: PolicyMasks) -> None:
    """The guard rejects it then and goes back; forced, it would say something that nobody would."""
    allowed = masks.masks.list_allowed_ids(masks.masks.start).tolist()
    foreign = next(number for number in range(masks.masks.size) if number not in set(allowed))

    def scores(share: float) -> torch.Tensor:
        """The clean tokens together have this probability, one foreign token the rest."""
        found = torch.full((1, masks.masks.size), -50.0)
        found[0, allowed] = math.log(share / len(allowed))
        found[0, foreign] = math.log(1 - share)
        return found

    def kept(share: float, **how: bool) -> bool:
        return not torch.isfinite(ReplyMask(masks, "", **how).apply(scores(share), [])[0, foreign])

    assert kept(0.5) and kept(LEAST_SHARE * 1.1)
    assert not kept(LEAST_SHARE * 0.9)
    assert kept(LEAST_SHARE * 0.9, enforce=True), "the last try is under the mask whatever comes"


def test_a_letter_that_has_begun_is_finished_however_unlikely(masks: PolicyMasks) -> None:
    lead = masks.masks.vocabulary
    begun = next(number for number in range(len(lead)) if lead.token(number) == b"\xd0")
    scores = torch.zeros(1, masks.masks.size)
    after = ReplyMask(masks, "").apply(scores + torch.eye(1, masks.masks.size) * 50, [begun])
    allowed = masks.masks.list_allowed_ids(masks.masks.advance(masks.masks.start, begun)).tolist()
    assert torch.isfinite(after[0]).nonzero().flatten().tolist() == allowed


@pytest.mark.parametrize("batch", [1, 3])
def test_each_row_of_a_batch_is_weighed_for_itself(masks: PolicyMasks, batch: int) -> None:
    allowed = masks.masks.list_allowed_ids(masks.masks.start).tolist()
    scores = torch.full((batch, masks.masks.size), -50.0)
    scores[0, allowed] = 0.0
    masked = torch.isfinite(ReplyMask(masks, "").apply(scores, []))
    assert int(masked[0].sum()) == len(allowed)


def test_what_the_mask_says_of_one_token_is_what_it_says_of_all(masks: PolicyMasks) -> None:
    for text in ("", "Фил", "Фило, ", "<think>"):
        mask = ReplyMask(masks, text)
        allowed = set(masks.masks.list_allowed_ids(masks.state_behind(text)).tolist())
        assert {token for token in range(masks.masks.size) if mask.allows(token, [])} == allowed


def test_a_tokenizer_that_says_nothing_of_its_bytes_has_no_masks(caplog: pytest.LogCaptureFixture) -> None:
    supply = MaskSupply(object())
    assert supply.of(STRICT) is None and supply.of(STRICT) is None
    assert caplog.text.count("the guard alone watches") == 1


def test_policies_that_differ_in_nothing_a_mask_needs_share_one(backend: TransformersBackend) -> None:
    supply = MaskSupply(backend.tokenizer)
    assert supply.of(STRICT) is supply.of(LanguagePolicy(mode="strict", attempts=2, decoder="always"))
    assert supply.of(STRICT) is not supply.of(LanguagePolicy(mode="strict", emoji=False))
