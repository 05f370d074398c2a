"""The turn passes from role to role, and the marker that says so is never seen."""

from __future__ import annotations

from itertools import cycle
from typing import Any

import pytest

from role_engine.backends.replay import ReplayBackend

from .chats import ROLES, STRICT, Answered, pieces, scripted

TO_LOGICIAN, TO_OPERATOR, TO_PHILOSOPHER = "[[Слово: Логик]]", "[[Слово: Оператор]]", "[[Слово: Философ]]"


def test_the_prompt_says_how_and_whom() -> None:
    reply = Answered(scripted("Сам отвечу."), role_id="philosopher", handover=True).run()
    assert f"{TO_LOGICIAN} или {TO_OPERATOR}" in reply.prompts[0]
    assert reply.text == "Сам отвечу."


def test_a_role_without_handoff_is_told_nothing() -> None:
    assert "Слово" not in Answered(scripted("Да."), handover=True).run().prompts[0]


def test_the_next_role_goes_on_and_a_heading_names_it() -> None:
    reply = Answered(scripted(f"Начну.\n{TO_LOGICIAN}", "Продолжу."), role_id="philosopher", handover=True).run()
    assert reply.text == "Начну.\n\n\n**Логик:**\n\nПродолжу."
    assert "Ты — Логик." in reply.prompts[1] and "Философ: Начну." in reply.prompts[1]
    assert "Что такое память?" in reply.prompts[1]
    assert reply.report.finish == "stop"


@pytest.mark.parametrize(
    "marker", ["[[слово: логик]]", "[[ Слово : Логик ]]", "[[Слово: logician]]", "<|role:logician|>"]
)
def test_ways_to_say_it(marker: str) -> None:
    reply = Answered(scripted(f"Начну. {marker}", "Продолжу."), role_id="philosopher", handover=True).run()
    assert "**Логик:**" in reply.text and "[[" not in reply.text and "<|" not in reply.text


def test_under_the_guard_the_marker_costs_nothing() -> None:
    backend = scripted("Начну. <|role:logician|>", "Продолжу.")
    report = Answered(backend, role_id="philosopher", handover=True, policy=STRICT).run().report
    assert (report.attempts, report.rejected) == (1, [])


def test_the_marker_is_held_back_letter_by_letter() -> None:
    backend = ReplayBackend([list(f"Да. {TO_LOGICIAN}"), ["Вот."]])
    reply = Answered(backend, role_id="philosopher", handover=True).run()
    assert not [piece for piece in reply.pieces if "[" in piece or "С" in piece]


@pytest.mark.parametrize("marker", ["[[Слово: Отшельник]]", "[[Слово: кто-нибудь]]", "<|role:hermit|>"])
def test_whoever_may_not_be_named_ends_the_reply_unseen(marker: str) -> None:
    reply = Answered(scripted(f"Начну. {marker} ещё"), role_id="philosopher", handover=True).run()
    assert reply.text.strip() == "Начну."


def test_a_marker_of_a_role_that_may_name_nobody_is_left_out() -> None:
    reply = Answered(scripted(f"Да {TO_LOGICIAN}, и ещё."), handover=True).run()
    assert reply.text == "Да , и ещё."


def test_a_loop_ends() -> None:
    says = cycle([f"Мяч. {TO_LOGICIAN}", f"Мяч. {TO_PHILOSOPHER}"])
    backend = ReplayBackend(lambda request: pieces(next(says)))
    reply = Answered(backend, role_id="philosopher", handover=True).run()
    assert len(backend.attempts) == 3
    assert reply.text.count("**Логик:**") == 1 and reply.text.count("**Философ:**") == 1
    assert reply.report.finish == "stop"


def test_a_loop_in_which_nobody_says_anything_ends_in_an_answer() -> None:
    def script(request: Any) -> Any:
        silent = "[[Слово:" in request.prompt.partition("[user]")[0]
        return [TO_PHILOSOPHER if "Ты — Логик" in request.prompt else TO_LOGICIAN] if silent else ["Отвечу."]

    reply = Answered(ReplayBackend(script), role_id="philosopher", handover=True).run()
    assert reply.text == "**Философ:**\n\nОтвечу."


def test_another_form_of_the_trained_token() -> None:
    backend = scripted("Начну. <|to_logician|> лишнее", "Продолжу. <|to_operator|>", "Да <|to_hermit|>.")
    reply = Answered(backend, role_id="philosopher", handover=True, role_token="<|to_{id}|>").run()
    assert reply.text == "Начну. \n\n**Логик:**\n\nПродолжу. \n\n**Оператор:**\n\nДа "


def test_at_most_four() -> None:
    names = [f"r{i}" for i in range(9)]
    roles = {
        name: ROLES["hermit"].model_copy(update={"id": name, "name": f"Роль{'абвгдежзи'[i]}", "handoff": tuple(names)})
        for i, name in enumerate(names)
    }
    count = iter(range(1, 99))
    backend = ReplayBackend(lambda request: ["Да. ", f"<|role:r{next(count)}|>"])
    reply = Answered(backend, role_id="r0", handover=True, roles=roles).run()
    assert reply.text.count("**Роль") == 4
    assert len(backend.attempts) == 5


def test_the_limit_is_the_whole_replys() -> None:
    def script(request: Any) -> Any:
        return ["да "] * 30 + [TO_LOGICIAN] if "Ты — Философ" in request.prompt else iter(lambda: " нет", None)

    reply = Answered(ReplayBackend(script), role_id="philosopher", handover=True, max_tokens=100).run()
    assert reply.limits == [100, 69]
    assert reply.report.tokens_delivered <= 100
    assert reply.report.finish == "length"


def test_the_models_own_reasoning_goes_out_once_and_as_it_is() -> None:
    backend = scripted(f"<think>гадаю</think>Начну. {TO_LOGICIAN}", "<think>опять</think>Продолжу.")
    reply = Answered(backend, role_id="philosopher", handover=True).run()
    assert reply.text.startswith("<think>гадаю</think>Начну.")
    assert reply.text.count("think>") == 2 and "опять" not in reply.text
    assert "гадаю" not in reply.prompts[1]


def test_in_a_mode_the_answer_may_be_passed_on_and_the_passes_not() -> None:
    backend = scripted(f"Мысль. {TO_LOGICIAN}", f"Начну. {TO_LOGICIAN}", "Продолжу.")
    reply = Answered(backend, "think", "philosopher", handover=True).run()
    assert len(backend.attempts) == 3
    assert reply.answer == "Начну. \n\n**Логик:**\n\nПродолжу."


def test_a_prompt_that_the_note_does_not_fit_into_is_asked_without() -> None:
    reply = Answered(scripted("Сам отвечу."), role_id="philosopher", handover=True, context=120).run()
    assert reply.text == "Сам отвечу." and "[[Слово" not in reply.prompts[0]
