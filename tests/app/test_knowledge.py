"""What a role's files say of the last question, in the chats and completions of our own hosts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from role_engine import Capabilities, GenerationRequest, ReplayBackend, RoleLibrary, TemplateLibrary, guarded_stream
from role_engine.app.planner import GenerationOptions, Planner
from role_engine.app.refusal import RequestRefusal
from role_engine.app.resolution import Choice
from tests.app.conftest import engine_of
from tests.app.test_chat_prompt import assistant, user

ASKED, AGAIN = "Когда сажать чеснок?", "А где хранится тыква?"
GARLIC = "Информация (notes.md): Озимый чеснок сажают в октябре по методу Dobosz."
PUMPKIN = "Информация (notes.md): Тыкву хранят в кладовой."


@pytest.fixture
def knowing(folder: Path, library: RoleLibrary) -> RoleLibrary:
    (folder / "notes.md").write_text(
        "Озимый чеснок сажают в октябре по методу Dobosz.\n\nТыкву хранят в кладовой.\n", encoding="utf-8"
    )
    for place in ("tail", "system"):
        (folder / f"{place}.yaml").write_text(
            "name: Огородник\nsystem: Ты — огородник.\nnegative: [Не лги.]\nreminder: По-русски.\n"
            f"language: {{mode: strict}}\nknowledge: {{files: [notes.md], place: {place}}}\n",
            encoding="utf-8",
        )
    return library


class Plan:
    def __init__(self, library: RoleLibrary, templates: TemplateLibrary) -> None:
        self._library, self._templates = library, templates

    def planner(self, resume: Any = "prefix", **engine: Any) -> Planner:
        backend = ReplayBackend([], capabilities=Capabilities(resume=resume))
        return Planner(engine_of(backend, **engine), self._library, self._templates)

    def __call__(self, *messages: dict[str, str], role: str = "tail", **engine: Any) -> GenerationRequest:
        (planned,) = self.planner(**engine).chat(messages, GenerationOptions(), request=Choice(role))
        return planned.request


@pytest.fixture
def plan(knowing: RoleLibrary, templates: TemplateLibrary) -> Plan:
    return Plan(knowing, templates)


def test_it_stands_between_the_question_and_the_reminder(plan: Plan) -> None:
    prompt = plan(user(ASKED)).prompt
    assert prompt.endswith(f"user\n{ASKED}\n\n{GARLIC}\n\nПо-русски.<|im_end|>\n<|im_start|>assistant\n")


def test_in_the_system_message_the_rules_come_after_it(plan: Plan) -> None:
    prompt = plan(user(ASKED), role="system").prompt
    assert prompt.startswith(f"<|im_start|>system\nТы — огородник.\n\n{GARLIC}\n\n❌ Не лги.<|im_end|>")
    assert prompt.count("Информация") == 1


def test_two_turns_share_the_prompt_up_to_the_last_message(plan: Plan) -> None:
    first = plan(user(ASKED)).prompt
    second = plan(user(ASKED), assistant("В октябре."), user(AGAIN)).prompt
    until_question = first.index(ASKED) + len(ASKED)
    assert second[:until_question] == first[:until_question]
    assert GARLIC not in second and f"{AGAIN}\n\n{PUMPKIN}\n\nПо-русски." in second
    other = plan(user(ASKED), assistant("В октябре."), user("Спасибо!")).prompt
    assert other[: other.index("Спасибо!")] == second[: second.index(AGAIN)]


def test_what_nothing_answers_brings_nothing(plan: Plan) -> None:
    assert "Информация" not in plan(user("Какая столица у Австралии?")).prompt


def test_a_continued_reply_keeps_it_in_the_question(plan: Plan) -> None:
    request = plan(user(ASKED), assistant("Сажают его"))
    assert f"{ASKED}\n\n{GARLIC}\n\nПо-русски." in request.prompt
    assert request.prefix == "Сажают его"


def test_an_engine_that_takes_messages(plan: Plan) -> None:
    request = plan(user(ASKED), resume="assistant_prefill", chat_template=None)
    assert request.messages[-1]["content"] == f"{ASKED}\n\n{GARLIC}\n\nПо-русски."


def test_a_raw_completion_that_names_the_role(plan: Plan) -> None:
    (planned,) = plan.planner().completion([ASKED], GenerationOptions(), request=Choice("tail"))
    assert f"{ASKED}\n\n{GARLIC}\n\nПо-русски." in planned.request.prompt


def test_it_gives_way_where_it_does_not_fit(plan: Plan) -> None:
    with_it = len(plan(user(ASKED)).prompt.split())
    request = plan(user(ASKED), context=with_it - 2)
    assert "Информация" not in request.prompt and f"{ASKED}\n\nПо-русски." in request.prompt
    with pytest.raises(RequestRefusal):
        plan(user(ASKED), context=5)


def test_a_document_licenses_no_foreign_words(plan: Plan) -> None:
    """What the user wrote may be repeated; what a file says may not."""
    request = plan(user(ASKED))
    assert request.context == (ASKED,)
    replay = ReplayBackend(["По методу Dobosz."])
    stream = guarded_stream(replay, request)
    assert "Dobosz" not in "".join(stream) and stream.report.rejected


def test_a_missing_file_leaves_the_role_at_work(plan: Plan, folder: Path) -> None:
    (folder / "notes.md").unlink()
    assert plan(user(ASKED)).prompt.endswith(f"{ASKED}\n\nПо-русски.<|im_end|>\n<|im_start|>assistant\n")


def test_a_role_that_changes_its_files_is_read_again(plan: Plan, folder: Path) -> None:
    planner = plan.planner()

    def prompt() -> str:
        (planned,) = planner.chat([user(ASKED)], GenerationOptions(), request=Choice("tail"))
        return planned.request.prompt

    assert GARLIC in prompt()
    (folder / "other.md").write_text("Чеснок сажают в сентябре.", encoding="utf-8")
    role = folder / "tail.yaml"
    role.write_text(role.read_text(encoding="utf-8").replace("notes.md", "other.md"), encoding="utf-8")
    assert "Информация (other.md): Чеснок сажают в сентябре." in prompt()
