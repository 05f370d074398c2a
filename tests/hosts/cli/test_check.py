"""`role-engine check` in all its forms."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.hosts.cli.conftest import Cli
from tests.hosts.cli.terminal import EXTENSIONS

RUSSIAN = "потому что она была только его "
ENV = {**os.environ, "PYTHONPATH": str(EXTENSIONS), "PYTHONUTF8": "1"}
BAD = "Это рyчка.\nА дальше 你好 и всё.\n"


@pytest.fixture
def bad(home: Path) -> Path:
    path = home / "bad.txt"
    path.write_text(BAD, encoding="utf-8")
    return path


@pytest.mark.parametrize("source", [(), ("-",)])
def test_clean_text_is_code_0(cli: Cli, source: tuple[str, ...]) -> None:
    outcome = cli("check", *source, stdin="Всё хорошо.\n")
    assert (outcome.code, outcome.out, outcome.err) == (0, "Clean.\n", "")


def test_violations_are_code_1_and_shown_in_their_lines(cli: Cli, bad: Path) -> None:
    outcome = cli("check", bad)
    assert outcome.code == 1
    assert outcome.out.splitlines() == [
        f"{bad}:1:5: mixed: «рyчка»: one word out of two alphabets; write «ручка»",
        "  Это рyчка.",
        "      ^^^^^",
        f"{bad}:2:10: cjk: «你好»: Chinese, Japanese or Korean",
        "  А дальше 你好 и всё.",
        "           ^^^^",  # twice as wide on a terminal
        "2 found: mixed 1, cjk 1.",
    ]


def test_what_is_hidden_is_to_be_left_out(cli: Cli) -> None:
    outcome = cli("check", stdin="при\u200bвет и ногami")
    assert outcome.out.splitlines()[:2] == [
        "standard input:1:4: garbage: «<200B>»: broken, hidden or control characters; leave it out",
        "standard input:1:11: mixed: «ногami»: one word out of two alphabets",  # only the writer knows
    ]


def test_a_whole_word_in_disguise_is_named_so(cli: Cli) -> None:
    outcome = cli("check", stdin="Он пришёл c другом.")
    assert outcome.out.startswith("standard input:1:11: mixed: «c»: Latin letters that look Russian; write «с»\n")


def test_json_is_one_document_with_offsets_in_characters(cli: Cli, bad: Path) -> None:
    outcome = cli("check", "--json", bad)
    assert outcome.code == 1
    found = outcome.json
    assert found["ok"] is False and found["late"] == []
    assert [(v["kind"], v["text"], BAD[v["start"] : v["end"]]) for v in found["violations"]] == [
        ("mixed", "рyчка", "рyчка"),
        ("cjk", "你好", "你好"),
    ]
    clean = cli("check", "--json", stdin="Да.")
    assert (clean.code, clean.json) == (0, {"ok": True, "violations": [], "late": []})


def test_mode(cli: Cli) -> None:
    text = "Мы пишем на Python."
    assert cli("check", stdin=text).code == 0
    assert cli("check", "--mode", "strict", stdin=text).code == 1
    assert cli("check", "--mode", "off", stdin=BAD).code == 0


def test_context_lets_the_users_own_names_through(cli: Cli, home: Path) -> None:
    reply = "Мы взяли qwelpas и всё.\n"
    assert cli("check", stdin=reply).code == 1
    (home / "asked.txt").write_text("Как поднять qwelpas?", encoding="utf-8")
    assert cli("check", "--context", "asked.txt", stdin=reply).code == 0
    line = json.dumps({"text": reply})
    assert cli("check", "--context", "asked.txt", "--jsonl", stdin=line).code == 0
    assert cli("check", "--jsonl", stdin=json.dumps({"text": reply, "context": "Как поднять qwelpas?"})).code == 0


@pytest.mark.parametrize(("speaker", "code"), [("user", 0), ("assistant", 1)])
def test_of_a_chat_only_the_users_messages_count(cli: Cli, home: Path, speaker: str, code: int) -> None:
    (home / "asked.json").write_text(json.dumps([{"role": speaker, "content": "Как поднять qwelpas?"}]), "utf-8")
    assert cli("check", "--context", "asked.json", stdin="Мы взяли qwelpas и всё.\n").code == code


@pytest.mark.parametrize("content", ["{", "3", "[3]", '[{"role": "user"}]', "[" * 100_000])
def test_a_context_that_holds_no_messages(cli: Cli, home: Path, content: str) -> None:
    (home / "asked.json").write_text(content, "utf-8")
    assert "asked.json does not hold a list of messages" in cli("check", "--context", "asked.json").refusal


def test_jsonl_answers_line_by_line_and_carries_keys_over(cli: Cli) -> None:
    lines = [
        {"id": 7, "text": "Да.", "model": "a"},
        {"text": "Это рyчка.", "context": ["Что это?"], "id": "x"},
        {"text": "half \ud800 pair", "id": None},
    ]
    outcome = cli("check", "--jsonl", stdin="".join(json.dumps(line) + "\n" for line in lines) + "\n")
    assert outcome.code == 1
    first, second, third = map(json.loads, outcome.out.splitlines())
    assert first == {"id": 7, "model": "a", "ok": True, "violations": [], "late": []}
    assert second["id"] == "x" and second["violations"][0]["kind"] == "mixed" and "text" not in second
    assert third["id"] is None and third["ok"] is False


def test_jsonl_without_violations_is_code_0(cli: Cli) -> None:
    assert cli("check", "--jsonl", stdin='{"text": "Да."}\n{"text": "Нет."}').code == 0


@pytest.mark.parametrize(
    "line", ["nonsense", "[1]", "{}", '{"text": 5}', '{"text": "Да.", "context": 5}', "[" * 100_000, b"\xff\xfe"]
)
def test_jsonl_names_the_line_that_is_wrong(cli: Cli, line: str | bytes) -> None:
    raw = line.encode() if isinstance(line, str) else line
    outcome = cli("check", "--jsonl", stdin=b'{"text": "1"}\n' + raw + b'\n{"text": "3"}\n')
    assert outcome.code == 2
    assert len(outcome.out.splitlines()) == 1, "what came before it has been answered"
    assert outcome.err.startswith("role-engine: standard input:2") and outcome.err.count("\n") == 1


def test_both_json_forms_at_once(cli: Cli) -> None:
    assert "exclude each other" in cli("check", "--json", "--jsonl").refusal


@pytest.mark.parametrize("raw", ["Привет".encode("cp1251"), "Привет".encode("utf-16")])
def test_text_that_is_not_utf8(cli: Cli, home: Path, raw: bytes) -> None:
    (home / "old.txt").write_bytes(raw)
    assert "old.txt is not UTF-8" in cli("check", "old.txt").refusal
    assert "standard input is not UTF-8" in cli("check", stdin=raw).refusal


def test_a_folder(cli: Cli, home: Path) -> None:
    assert "cannot be read" in cli("check", home).refusal


def test_a_byte_order_mark_of_the_file_is_not_its_text(cli: Cli) -> None:
    assert cli("check", stdin="Да.".encode("utf-8-sig")).code == 0


def test_nothing_in_the_text_can_steer_the_terminal(cli: Cli) -> None:
    outcome = cli("check", stdin="Да \x1b[2J\u202e нет")
    assert outcome.code == 1
    assert "\x1b" not in outcome.out and "\u202e" not in outcome.out
    assert "<001B>" in outcome.out and "<202E>" in outcome.out


def test_of_a_long_line_only_the_part_that_matters_is_shown(cli: Cli) -> None:
    outcome = cli("check", stdin=f"{RUSSIAN * 1000} 你好 {RUSSIAN * 1000}")
    assert len(outcome.out) < 700
    far_apart = cli("check", stdin=(RUSSIAN * 100 + "你好 ") * 3 + "слово")
    assert far_apart.out.count("^^^^") == 3 and len(far_apart.out) < 1500


def test_a_long_text_is_read_in_pieces_and_judged_as_one(cli: Cli, home: Path) -> None:
    """Pieces end inside characters and inside words; offsets go on counting."""
    words = "потому что она была только его, ёж и ель; " * 12_000
    text = f"{words}рyчка {words}建立 {words}"
    (home / "long.txt").write_text(text, encoding="utf-8")
    for outcome in (cli("check", "--json", "long.txt"), cli("check", "--json", stdin=text)):
        found = outcome.json["violations"]
        assert [(v["kind"], text[v["start"] : v["end"]]) for v in found] == [("mixed", "рyчка"), ("cjk", "建立")]
    assert cli("check", "long.txt").out.startswith(f"long.txt:1:{len(words) + 1}: mixed: «рyчка»")


@pytest.mark.parametrize("at", [0, 1, 262_143, 262_144, 600_000])
def test_a_broken_byte_is_named_wherever_it_is(cli: Cli, home: Path, at: int) -> None:
    raw = bytearray(b"a" * 700_000)
    raw[at] = 0xFF
    (home / "broken.txt").write_bytes(raw)
    assert f"broken.txt is not UTF-8 text (byte {at})" in cli("check", "--json", "broken.txt").refusal


def test_a_character_cut_off_at_the_end_of_the_file(cli: Cli, home: Path) -> None:
    (home / "cut.txt").write_bytes("аб".encode()[:-1])
    assert "cut.txt is not UTF-8 text (byte 2)" in cli("check", "cut.txt").refusal


def test_an_empty_text_is_clean(cli: Cli) -> None:
    assert (cli("check").code, cli("check", "--json").json["ok"], cli("check", "--jsonl").out) == (0, True, "")


def test_what_came_late_is_shown_and_makes_no_text_bad(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """Late findings go through the view like the others; a verdict is put in their place here."""
    from role_engine.hosts.cli.verdict_view import print_verdict
    from role_engine.language import Verdict, Violation

    written: list[str] = []
    monkeypatch.setattr("role_engine.hosts.cli.verdict_view.put", lambda text, end="": written.append(text))
    text = "Да.\nТова е изречение на друг език."
    print_verdict(text, Verdict(late=(Violation("language", 4, 33, text[4:33]),), relaxed="en"), "reply.txt")
    assert written[0].splitlines() == [
        "reply.txt:2:1: late: language: «Това е изречение на друг език»: not Russian, though its letters are",
        "  Това е изречение на друг език.",
        "  " + "^" * 29,
        "Clean. 1 late. Asked for: en.",
    ]


def test_a_request_for_another_language_is_reported(cli: Cli) -> None:
    line = {"text": "Перевод: «Good morning, everybody»", "context": "Переведи на английский: доброе утро всем"}
    outcome = cli("check", "--jsonl", stdin=json.dumps(line))
    assert (outcome.code, json.loads(outcome.out)["relaxed"]) == (0, "en")


OTHERS = {
    "bg": "Утре ще отидем заедно на пазара, за да купим пресни плодове и зеленчуци за вечерята.",
    "uk": "Завтра ми разом поїдемо на ринок, щоб купити свіжих овочів і фруктів на вечерю.",
    "kk": "Ертең біз кешкі асқа жаңа піскен көкөністер мен жемістер алу үшін базарға барамыз.",
    "uk without its letters": "Вона давно чекала на нього, але так нічого й не сказала про те, що було вчора.",
    "mk": "Утре заедно ќе одиме на пазар за да купиме свежо овошје и зеленчук за вечера.",
}
IN_RUSSIAN = "Завтра мы вместе поедем на рынок, чтобы купить свежих овощей и фруктов на ужин.\n"


@pytest.mark.parametrize("text", OTHERS.values(), ids=OTHERS)
@pytest.mark.parametrize("options", [(), ("--json",), ("--mode", "strict")], ids=" ".join)
def test_a_finished_text_in_another_cyrillic_language_is_refused(
    cli: Cli, home: Path, text: str, options: tuple[str, ...]
) -> None:
    (home / "text.txt").write_text(IN_RUSSIAN + text + "\n", "utf-8")
    assert cli("check", *options, "text.txt").code == 1
    assert cli("check", *options, stdin=text).code == 1
    assert cli("check", *options, stdin=IN_RUSSIAN).code == 0


def test_every_line_of_jsonl_is_a_finished_text(cli: Cli) -> None:
    lines = [{"text": OTHERS["bg"]}, {"text": IN_RUSSIAN}]
    outcome = cli("check", "--jsonl", stdin="\n".join(map(json.dumps, lines)))
    first, second = map(json.loads, outcome.out.splitlines())
    assert outcome.code == 1
    assert [found["kind"] for found in first["violations"]] == ["language"] and not first["late"]
    assert second["ok"] and not second["late"]


@pytest.mark.parametrize("form", ["--json", "--jsonl"])
def test_held_by_words_the_sentence_is_late(cli: Cli, form: str) -> None:
    stdin = OTHERS["bg"] if form == "--json" else json.dumps({"text": OTHERS["bg"]})
    outcome = cli("check", "--hold", "word", form, stdin=stdin)
    assert outcome.code == 0 and outcome.json["ok"]
    assert [found["kind"] for found in outcome.json["late"]] == ["language"]


def test_an_unknown_way_to_hold(cli: Cli) -> None:
    assert "--hold" in cli("check", "--hold", "line").refusal


@pytest.mark.parametrize("hidden", [(), ("fasttext",), ("fasttext", "langdetect")], ids=lambda names: "+".join(names))
def test_it_needs_no_network_and_no_package_of_others(home: Path, hidden: tuple[str, ...]) -> None:
    """In a process of its own, where nothing can be connected to and `hidden` is not installed."""
    (home / "bg.txt").write_text(OTHERS["bg"], "utf-8")
    (home / "ru.txt").write_text(IN_RUSSIAN, "utf-8")
    program = f"""
import socket, sys

def no_network(*_, **__):
    raise AssertionError("the network was asked")

socket.socket.connect = socket.socket.connect_ex = socket.create_connection = socket.getaddrinfo = no_network
sys.modules.update(dict.fromkeys({hidden!r}))
from role_engine.hosts.cli.command_line import run
print([run(["check", name]) for name in ("bg.txt", "ru.txt")])
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, encoding="utf-8", cwd=home, env=ENV)
    assert done.stdout.splitlines()[-1:] == ["[1, 0]"], done.stderr
