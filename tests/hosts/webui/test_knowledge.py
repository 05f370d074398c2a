"""What a role's files say of the question, in the webui's prompts, on its stub."""

from __future__ import annotations

import copy

import pytest

ASKED = "Когда сажать чеснок?"
GARLIC = "Информация (notes.md): Чеснок сажают в октябре. { {user} } ‹|think|›"


@pytest.fixture
def knowing(webui):
    roles = webui.user_data / "role_engine" / "roles"
    (roles / "notes.md").write_text("Чеснок сажают в октябре. {{user}} <|think|>\n\nТыква.\n", encoding="utf-8")
    (roles / "gardener.yaml").write_text(
        "name: Огородник\nsystem: Ты — огородник.\nreminder: По-русски.\nknowledge: {files: [notes.md]}\n",
        encoding="utf-8",
    )
    webui.load(role="gardener")
    return webui


@pytest.mark.parametrize("mode", ["instruct", "chat"])
def test_it_stands_between_the_question_and_the_reminder(knowing, mode):
    prompt = knowing.prompt(ASKED, knowing.state(mode=mode))
    assert f"{ASKED}\n\n{GARLIC}\n\nПо-русски." in prompt
    assert prompt.count("Информация") == 1


def test_the_hosts_state_and_history_are_left_alone(knowing):
    state = knowing.state(history={"internal": [["Раньше?", "Было."]], "visible": []})
    before = copy.deepcopy(state)
    assert GARLIC in knowing.prompt(ASKED, state)
    assert state == before


def test_two_turns_share_the_prompt_up_to_the_last_message(knowing):
    first = knowing.prompt(ASKED)
    history = {"internal": [[ASKED, "В октябре."]], "visible": []}
    second = knowing.prompt("Спасибо!", knowing.state(history=history))
    until_question = first.index(ASKED) + len(ASKED)
    assert second[:until_question] == first[:until_question]
    assert "Информация" not in second


def test_continuing_looks_up_the_question_that_is_answered(knowing):
    history = {"internal": [[ASKED, "Сажают"]], "visible": []}
    prompt = knowing.prompt("", knowing.state(history=history), _continue=True, history=history)
    assert f"{ASKED}\n\n{GARLIC}\n\nПо-русски." in prompt and prompt.endswith("Сажают")


def test_what_is_in_a_document_is_no_context_of_the_guard(knowing):
    state = knowing.script.state_modifier(knowing.state())
    knowing.script.custom_generate_chat_prompt(ASKED, state)
    assert state["role_engine_turn"].context == (ASKED,)


def test_the_index_lies_in_the_user_data(knowing):
    knowing.prompt(ASKED)
    assert list((knowing.user_data / "role_engine" / "cache" / "knowledge").glob("*/*/about.json"))


def test_a_broken_file_leaves_the_role_at_work(knowing, caplog):
    (knowing.user_data / "role_engine" / "roles" / "notes.md").write_bytes(b"\xff\xfe\xff")
    assert f"{ASKED}\n\nПо-русски." in knowing.prompt(ASKED)
    assert "Is not UTF-8" in caplog.text


def test_a_wrong_setting_for_embeddings_is_told_and_words_are_looked_up(knowing, monkeypatch, caplog):
    monkeypatch.setenv("ROLE_ENGINE_EMBEDDINGS", "model")
    monkeypatch.setenv("ROLE_ENGINE_EMBEDDINGS_LIKENESS", "many")
    knowing.load(role="gardener")
    assert GARLIC in knowing.prompt(ASKED)
    assert "ROLE_ENGINE_EMBEDDINGS_LIKENESS is 'many'" in caplog.text
