"""`role-engine render`: the exact prompt, and what it costs."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hosts.cli.conftest import Cli

tokenizers = pytest.importorskip("tokenizers", reason="exact bills need the tokenizers package")


@pytest.fixture
def word_tokenizer(home: Path) -> Path:
    """A model folder whose tokenizer knows words and single characters of punctuation."""
    from tokenizers import Tokenizer, models, pre_tokenizers

    tokenizer = Tokenizer(models.WordLevel({"[UNK]": 0}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    (home / "model").mkdir()
    tokenizer.save(str(home / "model/tokenizer.json"))
    return home / "model"


def test_prompt_on_stdout_bill_on_stderr(cli: Cli) -> None:
    outcome = cli("render", "--role", "philosopher", "Что такое память?")
    assert outcome.code == 0
    assert outcome.out.startswith("<|im_start|>system\n")
    assert outcome.out.count("Что такое память?") == 1
    assert "system" in outcome.err and "total" in outcome.err and "estimate" in outcome.err


def test_the_question_from_standard_input(cli: Cli) -> None:
    assert "Что такое память?" in cli("render", "--role", "none", "-", stdin="Что такое память?\n").out


def test_templates(cli: Cli) -> None:
    assert "<|system|>" in cli("render", "--role", "poet", "--template", "system-tags", "О дожде").out
    assert "### Ответ:" in cli("render", "--role", "none", "--template", "russian-frame", "О дожде").out
    assert "There is no template 'chatml'" in cli("render", "--role", "poet", "--template", "chatml", "Да").refusal


def test_json_has_prompt_and_bill_that_add_up(cli: Cli, word_tokenizer: Path) -> None:
    outcome = cli("render", "--role", "logician", "--json", "--context", 4096, "--tokenizer", word_tokenizer, "Да?")
    assert (outcome.code, outcome.err) == (0, "")
    found = outcome.json
    assert found["prompt"] == cli("render", "--role", "logician", "Да?").out
    bill = found["bill"]
    exact = tokenizers.Tokenizer.from_file(str(word_tokenizer / "tokenizer.json"))
    assert bill["total"] == len(exact.encode(found["prompt"], add_special_tokens=False).ids)
    assert bill["total"] == sum(bill["parts"].values())
    assert (bill["context"], bill["reply"]) == (4096, 4096 - bill["total"])
    assert {"frame", "system", "examples", "knowledge", "reminder", "user"} <= bill["parts"].keys()
    assert bill["left_out"] == []


def test_a_prompt_that_does_not_fit_is_code_1(cli: Cli) -> None:
    outcome = cli("render", "--role", "philosopher", "--context", 100, "Да?")
    assert outcome.code == 1 and "does not fit" in outcome.err
    assert outcome.out, "it is shown all the same"


def test_a_tokenizer_that_is_not_there_or_none(cli: Cli, home: Path) -> None:
    assert "no tokenizer.json" in cli("render", "--role", "poet", "--tokenizer", home, "Да").refusal
    (home / "tokenizer.json").write_text("{}", "utf-8")
    assert "not a tokenizer" in cli("render", "--role", "poet", "--tokenizer", home, "Да").refusal


def test_without_the_package_it_says_what_to_install(
    cli: Cli, word_tokenizer: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "tokenizers", None)
    assert "pip install tokenizers" in cli("render", "--role", "poet", "--tokenizer", word_tokenizer, "Да").refusal


def test_a_role_keeps_to_its_share_and_the_bill_says_what_it_left_out(cli: Cli, home: Path) -> None:
    long = "\n\n".join(f"  Мысль {number}. Она длинная и простая, и за ней идёт другая." for number in range(400))
    roles = home / "roles"
    roles.mkdir(exist_ok=True)
    (roles / "talker.yaml").write_text(f"name: Болтун\nsystem: |\n  Ты — болтун.\n\n{long}\n", encoding="utf-8")
    outcome = cli("render", "--role", "talker", "--context", 4096, "Да?")
    assert outcome.code == 0 and "Ты — болтун." in outcome.out and "Мысль 399" not in outcome.out
    assert "left out: system (" in outcome.err and "(no room in the role's share of the context)" in outcome.err
    assert "Мысль 399" in cli("render", "--role", "talker", "Да?").out
