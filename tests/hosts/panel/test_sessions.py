from __future__ import annotations

import json
from pathlib import Path

from role_engine.guard.report import RejectedSpan, ReplyReport
from role_engine.hosts.panel import sessions as limits
from role_engine.hosts.panel.guard_view import ON_A_PAGE, replies_page
from role_engine.hosts.panel.markup import role_list
from role_engine.hosts.panel.sessions import BrowserSessions
from role_engine.language.verdict import Violation


def report(*texts: str) -> ReplyReport:
    return ReplyReport(
        rejected=[Violation("latin", 7, 7 + len(text), text) for text in texts],
        spots=[RejectedSpan("Привет, <i>", "", "<b>мир</b>") for _ in texts],
        tokens_rejected=3,
    )


def test_sessions_do_not_mix_and_have_their_language() -> None:
    sessions = BrowserSessions()
    assert (sessions.of("a", "ru").language, sessions.of("b", "en").language) == ("ru", "en")
    sessions.note("a", report("hello"), "Кто ты?", "Привет, мир.")
    assert [reply.question for reply in sessions.of("a").replies] == ["Кто ты?"]
    assert not sessions.of("b").replies and sessions.of("b").last is None


def test_memory_is_bounded() -> None:
    sessions = BrowserSessions()
    for number in range(limits.MOST_REPLIES + 5):
        sessions.note("a", report(*["x" * 10_000] * 300), "q" * 10_000, "d" * 100_000)
        sessions.of(str(number))
    replies = sessions.of("a").replies
    assert len(replies) == limits.MOST_REPLIES
    assert len(replies[0].rejected) == limits.MOST_SPANS
    assert max(len(replies[0].delivered), len(replies[0].question), len(replies[0].rejected[0].text)) <= 6000
    for number in range(limits.MOST_SESSIONS):
        sessions.of(f"new {number}")
    assert not sessions.of("a").replies, "the session that was longest unseen is forgotten"


def test_replies_are_written_down_only_if_that_is_wanted(tmp_path: Path) -> None:
    wanted: list[Path] = []
    sessions = BrowserSessions(lambda: wanted[0] if wanted else None)
    sessions.note("a", report("hello"), "Раз?", "Раз.")
    assert list(tmp_path.iterdir()) == []
    wanted.append(tmp_path / "logs" / "guard.jsonl")
    sessions.note("a", report("hello"), "Два?", "Два.")
    (line,) = wanted[0].read_text("utf-8").splitlines()
    assert json.loads(line)["question"] == "Два?"


def test_a_setting_speaks_for_every_browser() -> None:
    assert BrowserSessions(language=lambda: "en").of("a", "ru").language == "en"


def test_the_guards_view_sends_one_page_and_escapes_what_models_write() -> None:
    sessions = BrowserSessions()
    for number in range(500):
        sessions.note("a", report(*["<img src=x>"] * 20), f"Вопрос {number}?", "Привет, <b>мир</b>.")
    totals, shown, where, page = replies_page("ru", list(sessions.of("a").replies), 0)
    assert shown.count("<article>") == ON_A_PAGE and "Вопрос 499?" in shown and page == 0
    assert "<del>&lt;img src=x&gt;</del>" in shown and "<b>мир" not in shown and "<i>" not in shown
    assert "<b>10000</b>" in totals and f"1–{ON_A_PAGE} из 500" in where
    assert len((totals + shown + where).encode()) < 30_000
    _, last, _, page = replies_page("ru", list(sessions.of("a").replies), 10_000)
    assert "Вопрос 0?" in last and page == (500 - 1) // ON_A_PAGE
    assert replies_page("ru", [], 3)[3] == 0


def test_no_file_name_gets_into_the_page_as_markup() -> None:
    shown = role_list("ru", [("x'><script>", "<i>имя</i>", "<u>", True)], 0, "")
    assert "<script" not in shown and "<i>имя" not in shown and "<u>" not in shown
