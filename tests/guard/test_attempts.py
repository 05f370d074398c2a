"""One reply across its attempts, on scripted engines: what is delivered, what it costs, how it ends."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from threading import Event

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from role_engine.backends.base import Capabilities, Chunk, GenerationRequest, TokenBan
from role_engine.backends.replay import ReplayBackend
from role_engine.guard import ReplyReport, derive_seed, guarded_stream
from role_engine.language import LanguagePolicy, check

STRICT = LanguagePolicy(mode="strict")


def run(scripts, *, policy: LanguagePolicy = STRICT, **fields) -> tuple[str, ReplyReport, ReplayBackend]:
    backend = scripts if isinstance(scripts, ReplayBackend) else ReplayBackend(scripts)
    stream = guarded_stream(backend, GenerationRequest(policy=policy, **{"max_tokens": 200, **fields}))
    return "".join(stream), stream.report, backend


def assert_chain_of_prefixes(delivered: str, backend: ReplayBackend) -> None:
    """Every attempt goes on from a beginning of the one before, and the delivered text is a beginning of the last one.

    This is what tells a guard that generates again from a filter that deletes characters: a filter's output was never
    produced by any engine.
    """
    for earlier, later in pairwise(backend.attempts):
        assert earlier.whole.startswith(later.request.prefix)
    assert backend.attempts[-1].whole.startswith(delivered)


def assert_generated_anew(delivered: str, expected: str, backend: ReplayBackend) -> None:
    assert delivered == expected
    assert_chain_of_prefixes(delivered, backend)


def deleting_filter(backend: ReplayBackend, policy: LanguagePolicy) -> str:
    """The cheap trick: one generation, and what the policy refuses is cut out of it."""
    request = GenerationRequest(policy=policy, max_tokens=200)
    text = "".join(chunk.text for chunk in backend.stream(request, cancel=Event()))
    for violation in reversed(check(text, policy).violations):
        text = text[: violation.start] + text[violation.end :]
    return text


VIOLATIONS = {
    "first word": ([["Hello", " мир", "."], ["Здравствуй", ", мир", "."]], "Здравствуй, мир."),
    "middle word": ([["Добрый", " day", " и", " вечер"], [" день", " и", " вечер", "."]], "Добрый день и вечер."),
    "last word": ([["Всё", " это", " world"], [" мир", "."]], "Всё это мир."),
    "second half of a word": ([["Всё", " хор", "osho"], ["ошо"]], "Всё хорошо"),
    "first half of a word": ([["Всё", " hor", "ошо"], [" хорошо"]], "Всё хорошо"),
    "the same word again": ([["Всё", " хор", "osho"], ["owo", " и"], [" ладно", "."]], "Всё ладно."),
    "glued to a word": ([["Да", ",", " конечно", "的"], ["!"]], "Да, конечно!"),
    "new line": ([["Список", ":\n\n", "- один", "\n- two"], [" два", "\n"]], "Список:\n\n- один\n- два\n"),
    "across a resume": (
        [["Иду", " по", " road"], [" дороге", " в", " city"], [" город", "."]],
        "Иду по дороге в город.",
    ),
    "same spot twice": ([["Иду", " road"], [" way"], [" путём", "."]], "Иду путём."),
}


@pytest.mark.parametrize(("scripts", "expected"), VIOLATIONS.values(), ids=VIOLATIONS)
def test_what_is_refused_is_generated_again(scripts, expected):
    delivered, report, backend = run(scripts)
    assert_generated_anew(delivered, expected, backend)
    assert check(delivered, STRICT).ok
    assert (report.failed, report.stripped, report.finish) == (False, 0, "stop")
    assert report.attempts == len(scripts) == len(backend.attempts)
    assert len(report.rejected) == len(scripts) - 1


@pytest.mark.parametrize(("scripts", "expected"), VIOLATIONS.values(), ids=VIOLATIONS)
def test_a_filter_that_only_deletes_fails_here(scripts, expected):
    backend = ReplayBackend(scripts)
    delivered = deleting_filter(backend, STRICT)
    assert check(delivered, STRICT).ok
    with pytest.raises(AssertionError):
        assert_generated_anew(delivered, expected, backend)


def test_a_clean_reply_takes_one_attempt():
    delivered, report, _ = run([["Всё", " ясно", "."]])
    assert delivered == "Всё ясно."
    assert (report.attempts, report.rejected, report.tokens_rejected, report.tokens_delivered) == (1, [], 0, 3)


def test_in_balanced_a_fence_may_hold_latin_and_the_text_after_it_may_not():
    scripts = [
        ["Код:\n", "```python\n", "print(1)\n", "```\n", "it", " works", " fine", "\n"],
        ["Он", " работает", "."],
    ]
    delivered, report, backend = run(scripts, policy=LanguagePolicy(mode="balanced"))
    assert "print(1)" in delivered
    assert delivered.endswith("Он работает.")
    assert report.rejected[0].kind == "latin"
    assert_chain_of_prefixes(delivered, backend)


def test_tokens_are_booked_to_what_became_of_them():
    _, report, _ = run([["Иду", " по", " long", " road"], [" дороге", "."]])
    assert report.tokens_delivered == 4  # Иду, по, дороге, .
    assert report.tokens_rejected >= 1
    produced = 4 + 2
    assert report.tokens_delivered + report.tokens_rejected <= produced


class TestLimits:
    def test_the_limit_holds_over_all_attempts(self):
        endless = [" да"] * 100
        delivered, report, backend = run([["Да", " yes"], endless], max_tokens=10)
        assert delivered == "Да" + " да" * 9
        assert (report.finish, report.tokens_delivered) == ("length", 10)
        assert [a.request.max_tokens for a in backend.attempts] == [10, 9]

    def test_a_rejection_in_the_last_token_is_generated_again(self):
        delivered, report, _ = run([["Раз", " два", " three"], [" три", " четыре"]], max_tokens=3)
        assert delivered == "Раз два три"
        assert report.finish == "length"

    def test_stop_strings_end_the_reply_before_the_policy_sees_them(self):
        delivered, report, _ = run([["Ответ", ".", "\nYo", "u:", " next"]], stop=("\nYou:",))
        assert delivered == "Ответ."
        assert (report.finish, report.attempts) == ("stop", 1)

    def test_half_a_stop_string_is_ordinary_text(self):
        delivered, report, _ = run([["Ответ", ".", "\nYo"], ["\nЁлка"]], stop=("\nYou:",))
        assert delivered == "Ответ.\nЁлка"
        assert report.attempts == 2

    def test_a_stop_string_across_a_resume(self):
        delivered, report, _ = run([["Раз", " two"], [" два", "###", " rest"]], stop=("###",))
        assert (delivered, report.finish) == ("Раз два", "stop")

    def test_a_stop_string_that_began_before_the_resume(self):
        delivered, report, _ = run([["мир", " word"], [" труд", " май"]], stop=("мир труд",))
        assert (delivered, report.finish) == ("мир", "stop")

    def test_tokens_of_the_stop_string_are_not_delivered(self):
        _, report, _ = run([["Да", ".", "\nYo", "u:", " next"]], stop=("\nYou:",))
        assert report.tokens_delivered == 2

    def test_the_speakers_own_name_is_dropped(self):
        delivered, report, _ = run([["Assi", "stant", ":", " Здравствуй", "те"]], names=("Assistant",))
        assert delivered.strip() == "Здравствуйте"
        assert report.attempts == 1


class TestFailure:
    def test_tries_at_one_spot_end_and_the_span_is_stripped(self):
        delivered, report, backend = run([["Слово", " word", " и", " дело"], [" word", " и", " дело"]])
        assert delivered == "Слово и дело"
        assert (report.failed, report.stripped, report.finish) == (True, 1, "stop")
        assert report.attempts == len(backend.attempts) == STRICT.attempts

    def test_stop_ends_the_reply_there(self):
        policy = STRICT.model_copy(update={"on_failure": "stop", "attempts": 2})
        delivered, report, _ = run([["Слово", " word", " и"], [" word", " и"]], policy=policy)
        assert delivered == "Слово"
        assert (report.failed, report.finish, report.attempts) == (True, "content_filter", 2)

    def test_after_three_strips_it_stops(self):
        bad = [" word", " слово"] * 10
        delivered, report, _ = run([bad], policy=STRICT.model_copy(update={"attempts": 1}))
        assert report.stripped == 3
        assert report.finish == "content_filter"
        assert check(delivered, STRICT).ok
        assert delivered.split() == ["слово"] * 3

    def test_the_prompt_after_a_strip_holds_the_delivered_text(self):
        scripts = [["Раз", " two", " три", " four"], [" четыре"]]
        policy = STRICT.model_copy(update={"attempts": 1})

        def script(request: GenerationRequest) -> Iterable[str]:
            return scripts[0] if not request.prefix else scripts[1]

        _, report, backend = run(ReplayBackend(script), policy=policy)
        assert report.stripped == 2
        assert len(backend.attempts) == 1
        policy = STRICT.model_copy(update={"attempts": 2})
        first = iter([["Раз", " two", " три"], [" two", " три", " four", "."], [" четыре", "."]])
        delivered, report, backend = run(ReplayBackend(lambda request: next(first)), policy=policy)
        assert delivered == "Раз три четыре."
        assert backend.attempts[-1].request.prefix == "Раз три"

    def test_rejected_tokens_stay_inside_the_cap(self):
        policy = STRICT.model_copy(update={"attempts": 32, "max_waste": 0.5, "on_failure": "stop"})
        _, report, _ = run([[" bad", " worse"]], policy=policy, max_tokens=20)
        assert report.tokens_rejected <= 10
        assert report.failed

    def test_no_waste_allowed_means_no_second_try(self):
        policy = STRICT.model_copy(update={"max_waste": 0})
        delivered, report, _ = run([["Раз", " two", " три"]], policy=policy)
        assert (delivered, report.attempts, report.stripped) == ("Раз три", 1, 1)

    def test_wasted_seconds_are_capped(self):
        now = [0.0]

        def slow(request: GenerationRequest) -> Iterable[str]:
            now[0] += 20
            yield " bad"
            yield " worse"

        stream = guarded_stream(
            ReplayBackend(slow),
            GenerationRequest(policy=STRICT.model_copy(update={"attempts": 32}), max_tokens=1000),
            clock=lambda: now[0],
        )
        list(stream)
        assert stream.report.failed
        assert stream.report.attempts <= 3

    def test_a_slow_reader_wastes_nothing(self):
        now = [0.0]
        first = iter([["Раз", " два", " bad"], [" worse"], [" три"]])
        backend = ReplayBackend(lambda request: next(first))
        stream = guarded_stream(backend, GenerationRequest(policy=STRICT), clock=lambda: now[0])
        text = ""
        for piece in stream:
            text += piece
            now[0] += 100
        assert (text, stream.report.failed, stream.report.seconds_wasted) == ("Раз два три", False, 0)

    def test_an_engine_that_cannot_resume_is_not_asked_to(self):
        backend = ReplayBackend([["Раз", " two", " три"]], capabilities=Capabilities(resume="none"))
        delivered, report, _ = run(backend)
        assert (delivered, report.attempts) == ("Раз три", 1)

    def test_an_engine_that_cannot_resume_may_start_anew(self):
        backend = ReplayBackend([["One", " два"], ["Раз", " два"]], capabilities=Capabilities(resume="none"))
        delivered, report, _ = run(backend)
        assert (delivered, report.attempts) == ("Раз два", 2)


class TestRetry:
    def test_the_token_that_led_astray_is_banned_at_that_spot(self):
        _, _, backend = run([["Иду", " по", " road", " там"], [" дороге", "."]])
        bans = {ban.token_id: ban.first_only for ban in backend.attempts[1].request.bans}
        assert bans == {backend.token_id(" road"): False}

    def test_a_token_with_russian_letters_is_banned_only_as_the_first(self):
        _, _, backend = run([["Иду", " до", "mой", " там"], ["мой", "."]])
        assert backend.attempts[1].request.prefix == "Иду до"
        assert backend.attempts[1].request.bans == (TokenBan(backend.token_id("mой"), first_only=True),)

    def test_the_second_retry_goes_back_before_the_word_and_bans_its_first_token_there(self):
        _, _, backend = run([["Иду", " до", "my"], ["me"], [" прочь"]])
        assert [a.request.prefix for a in backend.attempts] == ["", "Иду до", "Иду"]
        assert backend.attempts[2].request.bans == (
            TokenBan(backend.token_id("my"), first_only=False),
            TokenBan(backend.token_id(" до"), first_only=True),
            TokenBan(backend.token_id("me"), first_only=False),
        )

    def test_tokens_that_are_carried_over_are_not_thrown_away(self):
        delivered, report, backend = run([["Раз", "два", "три", "four"], ["четыре", " пять"]], max_tokens=5)
        assert delivered == "Раздватричетыре пять"
        assert (report.tokens_rejected, report.tokens_delivered, report.finish) == (1, 5, "length")
        assert [a.request.max_tokens for a in backend.attempts] == [5, 2]

    def test_each_place_in_a_long_word_has_tries_of_its_own(self):
        word = ["раз", "one"], ["два", "two"], ["три", "three"], ["четыре", "four"], ["пять", "five"], ["шесть"]
        delivered, report, _ = run(list(word))
        assert delivered == "раздватричетырепятьшесть"
        assert (report.failed, report.tokens_rejected) == (False, 5)

    def test_bans_add_up_at_one_spot_and_end_with_it(self):
        _, _, backend = run([["Иду", " one"], [" two"], [" сам", " three"], [" и", " всё"]])
        counts = [len(a.request.bans) for a in backend.attempts]
        assert counts == [0, 1, 2, 1]

    def test_seeds_are_derived_and_the_first_is_the_requests_own(self):
        _, _, backend = run([["Раз", " two"], [" три"]], seed=7)
        seeds = [a.request.seed for a in backend.attempts]
        assert seeds[0] == 7
        assert seeds[1] == derive_seed(7, 1) != 8
        assert derive_seed(-1, 3) == -1

    def test_a_fixed_seed_reproduces_the_reply(self):
        words = [" да", " no", " нет", " yes", " мир", " Ёж", "的", "."]

        def model(request: GenerationRequest) -> Iterable[str]:
            import random

            generator = random.Random(f"{request.seed}/{request.prefix}")
            return [generator.choice(words) for _ in range(60)]

        replies = {run(ReplayBackend(model), seed=5)[0] for _ in range(3)}
        assert len(replies) == 1
        assert run(ReplayBackend(model), seed=6)[0] not in replies


class TestCancel:
    def test_cancelling_ends_the_work_and_drops_what_is_held(self):
        cancel = Event()
        backend = ReplayBackend([["Раз", " два", " три", " четыре"]])
        stream = guarded_stream(backend, GenerationRequest(policy=STRICT), cancel=cancel)
        first = next(stream)
        cancel.set()
        assert list(stream) == []
        assert stream.report.finish == "cancelled"
        assert "Раз два три четыре".startswith(first)

    def test_cancelling_in_a_retry(self):
        cancel = Event()

        def script(request: GenerationRequest) -> Iterable[str]:
            yield " bad"
            if len(backend.attempts) == 3:
                cancel.set()
            yield " end"

        backend = ReplayBackend(script)
        stream = guarded_stream(backend, GenerationRequest(policy=STRICT), cancel=cancel)
        assert list(stream) == []
        assert stream.report.finish == "cancelled"
        assert len(backend.attempts) == 3

    def test_closing_closes_the_engine(self):
        backend = ReplayBackend([["Раз", " два", " три"] * 10])
        stream = guarded_stream(backend, GenerationRequest(policy=STRICT))
        next(stream)
        stream.close()
        assert backend.attempts[0].closed_early


def test_mode_off_lets_everything_through():
    delivered, report, _ = run([["Hello", " 世界", "!"]], policy=LanguagePolicy(mode="off"))
    assert delivered == "Hello 世界!"
    assert report.attempts == 1


def test_the_tail_opens_a_thinking_block_that_is_free():
    delivered, _, _ = run([["let", " me", " think", "</think>", "Ответ", "."]], prompt_suffix="<think>")
    assert delivered == "let me think</think>Ответ."


def test_thinking_is_checked_where_the_policy_says_so():
    policy = STRICT.model_copy(update={"in_thinking": "same"})
    delivered, report, _ = run([["<think>", "let", " me"], ["думаю", "</think>", "Ответ"]], policy=policy)
    assert delivered == "<think>думаю</think>Ответ"
    assert report.attempts == 2


PIECES = st.lists(
    st.sampled_from(["Иду", " по", " дороге", ",", ".", "\n", " road", "的", "ра", "до", "k", " ", "«", "»", "1"]),
    max_size=12,
)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, min_size=1, max_size=8), st.integers(1, 30), st.sampled_from(["strip", "stop"]), st.data())
def test_whatever_the_engine_does(scripts, limit, on_failure, data):
    """No violation goes out, limits and caps hold, and unless something was stripped nothing is invented."""
    policy = STRICT.model_copy(update={"on_failure": on_failure, "attempts": data.draw(st.integers(1, 5))})
    delivered, report, backend = run([*scripts, ["Да", "."]], policy=policy, max_tokens=limit)
    assert check(delivered, policy).ok
    assert report.tokens_delivered <= limit
    assert report.tokens_rejected <= policy.max_waste * limit
    assert report.attempts == len(backend.attempts)
    assert report.finish in ("stop", "length", "content_filter")
    assert report.failed or not report.stripped
    if not report.stripped:
        assert_chain_of_prefixes(delivered, backend)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="абв xyz.,«»\n的0", max_size=60), st.data())
def test_how_the_text_is_cut_into_pieces_changes_nothing(text, data):
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=10)))
    pieces = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    policy = STRICT.model_copy(update={"attempts": 1})
    whole, _, _ = run([[Chunk(text, (1,))]], policy=policy)
    parts, _, _ = run([[Chunk(piece, (1,)) for piece in pieces]], policy=policy)
    assert whole == parts
