"""A reply of several passes, on an engine that plays scripts."""

from __future__ import annotations

from threading import Event
from typing import Any

import pytest

from role_engine.backends.replay import ReplayBackend
from role_engine.language.policy import LanguagePolicy

from .chats import ROLES, STRICT, Answered, pieces, scripted

DRAFT, REMARK, BETTER = "Память — это склад.", "Склад — неточно: память меняется.", "Память — это пересказ."


class TestRecursion:
    def test_the_second_prompt_holds_the_draft_verbatim(self) -> None:
        reply = Answered(scripted(DRAFT, "Замечаний нет.", "Ответ."), "recursion").run()
        assert DRAFT not in reply.prompts[0]
        assert DRAFT in reply.prompts[1]
        assert DRAFT in reply.prompts[2]

    def test_nothing_to_remark_ends_the_passes(self) -> None:
        reply = Answered(scripted(DRAFT, "Замечаний нет.", "Ответ."), "recursion", way={"depth": 8}).run()
        assert len(reply.prompts) == 3
        assert reply.answer == "Ответ."
        assert reply.thoughts == f"Черновик:\n{DRAFT}\n\nРазбор:\nЗамечаний нет."

    def test_remarks_go_into_the_next_draft_up_to_the_depth(self) -> None:
        reply = Answered(scripted(DRAFT, REMARK, BETTER, REMARK, "Ответ."), "recursion", way={"depth": 2}).run()
        assert len(reply.prompts) == 5
        assert DRAFT in reply.prompts[2] and REMARK in reply.prompts[2]
        assert BETTER in reply.prompts[4] and DRAFT not in reply.prompts[4]

    def test_depth_one_is_one_draft_and_one_critique(self) -> None:
        assert len(Answered(scripted(DRAFT, REMARK, "Ответ."), "recursion", way={"depth": 1}).run().prompts) == 3

    def test_the_question_stands_in_every_prompt(self) -> None:
        reply = Answered(scripted(DRAFT, REMARK, BETTER, REMARK, "Ответ."), "recursion").run()
        assert all("Что такое память?" in prompt for prompt in reply.prompts)


class TestConflict:
    def test_the_resolver_reads_both_sides(self) -> None:
        reply = Answered(scripted("Тезис А.", "Тезис Б.", "Довод А.", "Довод Б.", "Решение."), "conflict").run()
        assert all(said in reply.prompts[4] for said in ("Тезис А.", "Тезис Б.", "Довод А.", "Довод Б."))
        assert reply.answer == "Решение."

    def test_who_argues_and_who_resolves_without_handoff(self) -> None:
        reply = Answered(scripted("Раз."), "conflict", way={"rounds": 1}).run()
        assert [ask.role.id for ask in reply.chat.asks[1:] if ask.role] == ["philosopher", "logician", "operator"]
        assert "Философ:\nРаз.\n\nЛогик:\nРаз." in reply.thoughts

    def test_of_two_roles_in_handoff_the_role_itself_resolves(self) -> None:
        reply = Answered(scripted("Раз."), "conflict", "philosopher", way={"rounds": 1}).run()
        assert [ask.role.id for ask in reply.chat.asks[1:] if ask.role] == ["logician", "operator", "philosopher"]

    def test_with_one_role_in_handoff_the_role_argues_with_it(self) -> None:
        reply = Answered(scripted("Раз."), "conflict", "operator", way={"rounds": 1}).run()
        assert [ask.role.id for ask in reply.chat.asks[1:] if ask.role] == ["operator", "philosopher", "logician"]

    def test_without_any_role_they_are_told_apart_all_the_same(self) -> None:
        reply = Answered(scripted("Раз."), "conflict", None, way={"rounds": 1}, roles={}).run()
        assert reply.thoughts == "Первый:\nРаз.\n\nВторой:\nРаз."

    def test_a_name_that_the_policy_refuses_is_not_written(self) -> None:
        roles = {**ROLES, "philosopher": ROLES["philosopher"].model_copy(update={"name": "Sage 智者"})}
        reply = Answered(scripted("Раз."), "conflict", None, way={"rounds": 1}, roles=roles, policy=STRICT).run()
        assert "Первый:\nРаз." in reply.thoughts and "Sage" not in reply.prompts[1]


class TestThink:
    def test_scaffolded_where_the_template_has_no_switch(self) -> None:
        reply = Answered(scripted("Надо подумать.", "Ответ."), "think").run()
        assert reply.text == "<think>\nРазмышление:\nНадо подумать.\n</think>\n\nОтвет."
        assert "Надо подумать." in reply.prompts[1]

    def test_the_models_own_where_it_has_one(self) -> None:
        backend = scripted("Сам думаю. </think> лишнее", "Ответ.")
        reply = Answered(backend, "think", switch=True).run()
        assert reply.text == "<think>\nРазмышление:\nСам думаю. \n</think>\n\nОтвет."
        first, second = (attempt.request for attempt in backend.attempts)
        assert first.prefix == "<think>\n" and "<think>\n\n</think>" not in first.prompt
        assert (second.prompt, second.prefix) == (first.prompt, "<think>\nСам думаю.\n</think>\n\n")

    def test_a_template_that_opens_the_block_itself(self) -> None:
        def script(request: Any) -> Any:
            return pieces("Ответ." if "</think>" in request.prefix else "Сам думаю. </think>")

        reply = Answered(ReplayBackend(script), "think", switch=True)
        plain = reply.chat.prepare

        def prepare(ask: Any) -> Any:
            done = plain(ask)
            opened = "<think>\n" if ask.thinks else ""
            return type(done)(done.backend, done.request.derive(prompt=done.request.prompt + opened))

        reply.chat.prepare = prepare  # type: ignore[method-assign]
        assert reply.run().text == "<think>\nРазмышление:\nСам думаю. \n</think>\n\nОтвет."
        assert [attempt.request.prefix for attempt in reply.backend.attempts] == ["", "Сам думаю.\n</think>\n\n"]

    def test_an_engine_that_takes_messages_is_scaffolded(self) -> None:
        reply = Answered(scripted("Мысль.", "Ответ.", resume="assistant_prefill"), "think", switch=True).run()
        assert "Мысль." in reply.prompts[1]


class TestLimits:
    def test_half_is_kept_for_the_answer(self) -> None:
        endless = ReplayBackend(lambda request: iter(lambda: " да", None))
        reply = Answered(endless, "think", max_tokens=1000).run()
        assert reply.limits == [500, 500]
        assert reply.report.tokens_delivered == 1000
        assert reply.report.finish == "length"

    def test_at_least_256_of_a_limit_that_is_larger(self) -> None:
        endless = ReplayBackend(lambda request: iter(lambda: " да", None))
        assert Answered(endless, "think", max_tokens=300).run().limits == [44, 256]

    def test_of_a_small_limit_half(self) -> None:
        endless = ReplayBackend(lambda request: iter(lambda: " да", None))
        assert Answered(endless, "think", max_tokens=100).run().limits == [50, 50]

    def test_the_passes_share_and_what_one_leaves_the_next_may_use(self) -> None:
        backend = scripted(DRAFT, REMARK, "да " * 999, REMARK, "Ответ.")
        reply = Answered(backend, "recursion", max_tokens=800).run()
        used = [attempt.tokens for attempt in backend.attempts]
        assert reply.limits[0] == 100
        assert reply.limits[1] == -(-(400 - used[0]) // 3)
        assert reply.limits[4] == 800 - sum(used[:4])
        assert reply.limits[4] >= 400

    def test_without_a_limit_nothing_is_divided(self) -> None:
        assert Answered(scripted(DRAFT, "Замечаний нет.", "Ответ."), "recursion").run().limits == [None, None, None]

    def test_passes_that_do_not_fit_into_the_context_are_left_out(self) -> None:
        reply = Answered(scripted("а" * 500, "Ответ."), "think", context=600, max_tokens=600).run()
        assert reply.answer == "Ответ."
        assert "а" * 500 not in reply.prompts[1]


class TestTheGuard:
    def test_the_answer_is_held_to_the_mode_and_the_passes_to_in_thinking(self) -> None:
        reply = Answered(scripted("Think about 建立 it.", "Это 建立", " ответ."), "think", policy=STRICT).run()
        assert "建立" in reply.thoughts
        assert "建立" not in reply.answer and reply.answer.startswith("Это")

    def test_passes_are_checked_under_same(self) -> None:
        policy = LanguagePolicy(mode="strict", in_thinking="same", attempts=2)
        reply = Answered(scripted("Это 建立 мысль.", " мысль.", "Ответ."), "think", policy=policy).run()
        assert "建立" not in reply.text
        assert reply.report.attempts == 2
        assert [violation.kind for violation in reply.report.rejected] == ["cjk"]
        (spot,) = reply.report.spots
        assert spot.before + spot.instead in reply.thoughts, "its place is that of the pass"

    def test_one_report_for_all_of_it(self) -> None:
        backend = ReplayBackend([["Раз", " два."], ["Ответ", " 建立"], [" тут", "."]])
        report = Answered(backend, "think", policy=STRICT, max_tokens=100).run().report
        assert report.attempts == 2
        assert report.tokens_rejected == 1
        assert report.tokens_delivered == 2 + 3
        assert report.finish == "stop"

    def test_caps_of_the_whole_reply_hold_over_its_passes(self) -> None:
        """Three spans are left out of a reply, not of each pass."""
        policy = LanguagePolicy(mode="strict", in_thinking="same", attempts=1)
        reply = Answered(scripted("建 а 立 б", "建 а 立 б 建 в"), "think", policy=policy).run()
        assert reply.report.stripped == 3
        assert reply.report.finish == "content_filter"


class TestTheBlock:
    def test_a_closing_tag_in_a_pass_closes_nothing(self) -> None:
        reply = Answered(scripted("Мысль </think> дальше <think> и <|think|>.", "Ответ."), "think").run()
        assert reply.text.count("</think>") == reply.text.count("<think>") == 1
        assert "Мысль ‹/think› дальше ‹think› и ‹|think|›." in reply.thoughts

    def test_a_block_that_the_prompt_has_opened_is_not_opened_again(self) -> None:
        reply = Answered(scripted("Мысль.", "Ответ."), "think", way={"opened": "<think>"}).run()
        assert reply.text == "\nРазмышление:\nМысль.\n</think>\n\nОтвет."

    def test_an_answer_that_opens_with_reasoning_of_its_own_does_not_nest_it(self) -> None:
        reply = Answered(scripted("Мысль.", "<think> сам </think> Ответ."), "think").run()
        assert reply.text.count("<think>") == 1
        assert reply.answer == "Ответ."
        assert "сам" in reply.thoughts

    def test_a_model_that_always_thinks_is_quoted_without_its_reasoning(self) -> None:
        backend = scripted("гадаю </think> Черновик.", "гадаю </think> Замечаний нет.", "гадаю </think> Ответ.")
        reply = Answered(backend, "recursion", opened="<think>\n", way={"opened": "<think>"}).run()
        assert "Черновик." in reply.prompts[1] and "гадаю" not in reply.prompts[1]
        assert len(backend.attempts) == 3
        assert reply.answer == "Ответ."

    @pytest.mark.parametrize("stop", ["\n", "\n\n", "Черновик", ":", ">\n", "Разбор:"])
    def test_what_stands_between_the_texts_holds_no_stop_string(self, stop: str) -> None:
        text = Answered(scripted(DRAFT, "Замечаний нет", "Ответ"), "recursion", stop=(stop,)).run().text
        assert stop not in text
        assert text.endswith("Ответ")


class TestAnEnd:
    @pytest.mark.parametrize("passes", [0, 1, 2, 3, 4])
    def test_a_stop_ends_it_in_every_pass(self, passes: int) -> None:
        cancel = Event()
        backend = ReplayBackend(lambda request: slow(request))

        def slow(request: Any) -> Any:
            for number in range(6):
                if len(backend.attempts) == passes + 1 and number == 3:
                    cancel.set()
                yield f" слово{number}"

        reply = Answered(backend, "recursion", cancel=cancel).run()
        assert len(backend.attempts) == passes + 1
        assert reply.report.finish == "cancelled"

    @pytest.mark.parametrize("passes", [0, 2, 4])
    def test_closing_it_closes_the_engine(self, passes: int) -> None:
        backend = scripted(*[f"раз{i} два три" for i in range(5)])
        reply = Answered(backend, "recursion")
        for _ in reply.stream:
            if len(backend.attempts) == passes + 1 and backend.attempts[-1].tokens >= 2:
                break
        reply.stream.close()
        assert len(backend.attempts) == passes + 1
        assert backend.attempts[-1].closed_early

    def test_seconds_are_counted_over_the_whole(self) -> None:
        reply = Answered(scripted("Раз.", "建", "два"), "think", policy=STRICT)
        reply.report.seconds_wasted = 31.0
        assert reply.run().report.failed

    def test_seeds_are_the_requests_and_differ_from_pass_to_pass(self) -> None:
        first, again = (Answered(scripted(DRAFT, REMARK, "Да."), "recursion", seed=7).run() for _ in range(2))
        seeds = [attempt.request.seed for attempt in first.backend.attempts]
        assert seeds == [attempt.request.seed for attempt in again.backend.attempts]
        assert len(set(seeds)) == len(seeds)
