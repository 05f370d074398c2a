"""A base model behind the API: the role's template round a chat of three turns, and an end after one's own turn.

The prompts are files that a person can read: `golden/TEMPLATE.txt`.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import httpx
import pytest

from role_engine import Capabilities, GenerationRequest, ReplayBackend
from role_engine.embedded import MODEL
from tests.app.conftest import MakeApp

pytestmark = pytest.mark.anyio
GOLDEN = Path(__file__).parent / "golden"
KEEPER = """
name: Смотритель
system: |
  Ты — смотритель маяка. Говоришь коротко.
negative: [Не отвечай на английском.]
examples: [{user: "Кто зажигает огонь?", assistant: "Огонь зажигаю я, каждый вечер."}]
reminder: Отвечай по-русски.
language: {mode: strict}
"""
CHAT = [
    {"role": "user", "content": "Кто ты?"},
    {"role": "assistant", "content": "Смотритель маяка."},
    {"role": "user", "content": "Что ты видишь?"},
    {"role": "assistant", "content": "Море и лодки."},
    {"role": "user", "content": "А ночью?"},
]
MARKS = {
    "qwen3-chatml": "<|im_end|>\n<|im_start|>user\nЕщё",
    "question-answer": "\n\nВопрос: Ещё",
    "russian-frame": "\n\n### Вопрос на русском:\nЕщё",
    "system-tags": "</s>\n<|user|>\nЕщё",
}


class Scribe(ReplayBackend):
    """Writes down what it is asked."""

    def __init__(self, script: Any) -> None:
        self.asked: list[GenerationRequest] = []

        def noted(request: GenerationRequest) -> list[str]:
            self.asked.append(request)
            return list(script)

        super().__init__(noted, capabilities=Capabilities(resume="prefix"))


async def answered(app: Any, path: str, body: dict[str, Any]) -> dict[str, Any]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as client:
        response = await client.post(path, json={"role_engine": {"role": "keeper"}, **body})
        assert response.status_code == 200, response.text
        return response.json()


@pytest.mark.parametrize("template", MARKS)
async def test_three_turns_in_the_role_s_template(make: MakeApp, folder: Path, template: str) -> None:
    (folder / "keeper.yaml").write_text(f"{KEEPER}template: {template}\n", encoding="utf-8")
    backend = Scribe([" Ночью", " вижу", " огни.", MARKS[template], " один", " вопрос"])
    app = make(backend, engine={"chat_template": None})
    reply = await answered(app, "/v1/chat/completions", {"messages": CHAT})
    assert backend.asked[0].prompt == (GOLDEN / f"{template}.txt").read_text(encoding="utf-8")
    assert reply["choices"][0]["message"]["content"].strip() == "Ночью вижу огни."
    assert reply["choices"][0]["finish_reason"] == "stop"


@pytest.mark.parametrize("template", MARKS)
async def test_a_completion_in_the_role_s_template(make: MakeApp, folder: Path, template: str) -> None:
    (folder / "keeper.yaml").write_text(f"{KEEPER}template: {template}\n", encoding="utf-8")
    backend = Scribe([" Море.", " ", MARKS[template]])
    app = make(backend, engine={"chat_template": None})
    reply = await answered(app, "/v1/completions", {"prompt": "Что ты видишь?"})
    assert "Огонь зажигаю я" in backend.asked[0].prompt and "Что ты видишь?" in backend.asked[0].prompt
    assert reply["choices"][0]["text"].strip() == "Море."


async def test_a_role_without_a_template_gets_words_where_the_vocabulary_has_no_marks(
    make: MakeApp, folder: Path
) -> None:
    (folder / "keeper.yaml").write_text(KEEPER, encoding="utf-8")
    backend = Scribe(["Море."])
    app = make(backend, engine={"chat_template": None, "frames": ("question-answer",)})
    await answered(app, "/v1/chat/completions", {"messages": CHAT})
    assert backend.asked[0].prompt == (GOLDEN / "question-answer.txt").read_text(encoding="utf-8")


@pytest.fixture
def base_model(tmp_path: Path) -> Path:
    """The embedded model as a base model has it: no template, a document's end instead of a turn's."""
    folder = tmp_path / "tiny"
    shutil.copytree(MODEL, folder)
    _change(folder / "tokenizer_config.json", chat_template=None, eos_token="<|endoftext|>")
    _change(folder / "generation_config.json", eos_token_id=0)
    _change(folder / "config.json", eos_token_id=0)
    return folder


def _change(file: Path, **values: Any) -> None:
    said = {**json.loads(file.read_text(encoding="utf-8")), **values}
    file.write_text(json.dumps({key: value for key, value in said.items() if value is not None}), encoding="utf-8")


async def test_the_tiny_model_without_its_template(base_model: Path, make: MakeApp, folder: Path) -> None:
    pytest.importorskip("torch", reason="the embedded model runs on torch")
    pytest.importorskip("transformers", reason="the embedded model runs on transformers")
    from role_engine.app.engines import load_local_engine

    engine = load_local_engine(base_model)
    assert engine.chat_template is None and engine.starts is not None
    (folder / "keeper.yaml").write_text(f"{KEEPER}template: qwen3-chatml\n", encoding="utf-8")
    whole = {"context": engine.context, "count": engine.count, "chat_template": None}
    app = make(engine.backend, engine=whole)
    reply = await answered(app, "/v1/chat/completions", {"messages": CHAT, "seed": 1, "max_tokens": 200})
    assert reply["choices"][0]["finish_reason"] == "stop", reply  # by the template's mark: the model knows no other end
    assert "<|im" not in reply["choices"][0]["message"]["content"]
    assert reply["usage"]["prompt_tokens"] == engine.count((GOLDEN / "qwen3-chatml.txt").read_text(encoding="utf-8"))


async def test_what_the_user_says_of_a_model_counts(base_model: Path) -> None:
    pytest.importorskip("torch", reason="the embedded model runs on torch")
    pytest.importorskip("transformers", reason="the embedded model runs on transformers")
    from role_engine.app.engines import load_local_engine

    assert load_local_engine(MODEL).chat_template is not None
    assert load_local_engine(MODEL, kind="base").chat_template is None
