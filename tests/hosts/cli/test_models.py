"""`role-engine inspect` and `role-engine tokens …`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.hosts.cli.conftest import Cli
from tests.models.made_models import QWEN3, QWEN3_TOKENS, QWEN_BASE_GENERATION, dense_config, write_directory

EMBEDDED = Path(__file__).resolve().parents[3] / "extensions/role_engine/embedded/model"


@pytest.fixture
def base(home: Path) -> Path:
    config = dense_config(num_hidden_layers=2, eos_token_id=151643)
    return write_directory(
        home / "Qwen3-8B-Base", config, tokens=QWEN3_TOKENS, generation=QWEN_BASE_GENERATION, template=QWEN3
    )


def test_inspect_answers_whether_there_are_roles(cli: Cli, base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    english = cli("inspect", base)
    assert (english.code, english.err) == (0, "")
    assert "Knows roles   no: it has marks for roles" in english.out and "267" in english.out
    monkeypatch.setenv("LC_ALL", "ru_RU.UTF-8")
    assert "Есть ли роли   нет: роли только размечены" in cli("inspect", base).out


@pytest.mark.parametrize(
    ("template", "why"),
    [
        ("{{ raise_exception('tools only') }}", "it refuses a plain chat: tools only"),
        ("{% unheard_of %}", "it is not valid Jinja: Encountered unknown tag 'unheard_of' (line 1)"),
    ],
)
def test_inspect_says_why_a_chat_template_cannot_be_used(cli: Cli, tmp_path: Path, template: str, why: str) -> None:
    path = write_directory(tmp_path / "m", dense_config(), tokens=QWEN3_TOKENS, template=template)
    assert f"; trouble with its chat template: {why}\n" in cli("inspect", path).out
    assert cli("inspect", path, "--json").json["roles"]["problem"] == why
    good = write_directory(tmp_path / "good", dense_config(), tokens=QWEN3_TOKENS, template=QWEN3)
    assert cli("inspect", good, "--json").json["roles"]["problem"] is None


def test_inspect_as_json(cli: Cli, base: Path) -> None:
    report = cli("inspect", base, "--json").json
    assert (report["kind"], report["roles"]["verdict"], report["vocabulary"]["spare"]) == ("base", "tokens", 267)
    assert report["adapter_targets"][0]["count"] == 2


def test_a_hostile_name_cannot_move_the_cursor(cli: Cli, home: Path) -> None:
    (home / "m").mkdir()
    (home / "m/config.json").write_text('{"model_type": "\\u001b[2J"}', "utf-8")
    assert "\x1b" not in cli("inspect", home / "m").out


@pytest.mark.parametrize("command", [("inspect",), ("tokens", "list"), ("tokens", "remove", "--all", "--out", "o")])
def test_no_model_is_wrong_use(cli: Cli, command: tuple[str, ...]) -> None:
    assert "nothing" in cli(*command[:2], "nothing", *command[2:]).refusal


def test_tokens_are_added_listed_and_removed(cli: Cli, home: Path) -> None:
    pytest.importorskip("tokenizers", reason="descriptions are read by the model's tokenizer")
    added = cli(
        "tokens", "add", EMBEDDED, "--out", "out", "--mode", "recursion", "--role", "logician", "--pad", "--json"
    )
    assert [(token["id"], token["token"]) for token in added.json["tokens"]] == [
        *((2560, "<|recursion|>"), (2561, "<|role:logician|>"), (2562, "<|pad|>"))
    ]
    assert added.json["tokens"][1]["description"].startswith("Логик.")
    listed = cli("tokens", "list", "out")
    assert listed.code == 0 and listed.out.count("not trained, banned") == 3
    assert "Is there already" in cli("tokens", "add", EMBEDDED, "--out", "out", "--tool").refusal
    assert cli("tokens", "remove", "out", "pad", "--out", "less").out.endswith("less\n")
    assert [token["name"] for token in cli("tokens", "list", "less", "--json").json["tokens"]] == [
        "recursion",
        "logician",
    ]
    assert cli("tokens", "list", EMBEDDED).out == ""
    assert json.loads((home / "less/role_engine_tokens.json").read_text("utf-8"))["rows_after"] == 2624


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "Nothing to add"),
        (("--mode", "dream"), "--describe dream="),
        (("--mode", "think", "--describe", "dream=сон"), "no --mode or --role names"),
        (("--mode", "think", "--describe", "think"), "NAME=TEXT"),
        (("--role", "nobody"), "--describe nobody="),
        (("--protocol", "none.yaml"), "none.yaml"),
        (("--context", "1000000"), "up to 131072"),
    ],
)
def test_wishes_that_cannot_be_met_are_refused_in_one_line(cli: Cli, arguments: tuple[str, ...], said: str) -> None:
    assert said in cli("tokens", "add", EMBEDDED, "--out", "out", *arguments).refusal
    assert not Path("out").exists()


def test_remove_wants_names_or_all(cli: Cli) -> None:
    assert "say --all" in cli("tokens", "remove", EMBEDDED, "--out", "out").refusal
    assert "say --all" in cli("tokens", "remove", EMBEDDED, "pad", "--all", "--out", "out").refusal
