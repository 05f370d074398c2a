"""A GGUF file as the model of a host: llama.cpp runs in this process."""

from __future__ import annotations

from pathlib import Path
from threading import Event

import pytest
from typer.testing import CliRunner

from role_engine.app.engines import open_engine
from role_engine.backends.base import GenerationRequest
from role_engine.errors import BackendError
from role_engine.hosts.cli.app import app

pytest.importorskip("xllamacpp", reason="llama.cpp comes with this package")
pytest.importorskip("gguf", reason="writing the model for llama.cpp needs the gguf package")
pytest.importorskip("torch", reason="writing the model for llama.cpp needs torch")


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from role_engine.embedded import MODEL, export_gguf

    return export_gguf(MODEL, tmp_path_factory.mktemp("gguf") / "small.gguf")


def test_it_answers_with_the_template_of_its_file(model: Path) -> None:
    engine = open_engine(str(model))
    assert engine.name == "small" and engine.takes_text and engine.chat_template
    assert engine.count("Расскажи о море.") > 1
    request = GenerationRequest("Расскажи о море.", max_tokens=8, seed=1, options={"ignore_eos": True})
    assert sum(chunk.token_count for chunk in engine.backend.stream(request, cancel=Event())) == 8


def test_the_context_is_the_models_and_no_more_than_asked(model: Path) -> None:
    from role_engine.app.engines import gguf_engine
    from role_engine.models import inspect_model

    trained = inspect_model(model).context.length
    assert trained is not None and open_engine(str(model)).context == min(trained, 4096)
    assert gguf_engine(model, context=64).context == 64


def test_its_tokens_are_known(model: Path) -> None:
    engine = open_engine(str(model))
    assert engine.longest_token is not None and "<|im_end|>" in engine.control_tokens
    for text in ("перечитывает", "а" * 500, "e\u0301" * 99, " " * 300, "<|im_end|>" * 9, "😀 hello\n"):
        assert len(text.encode()) <= engine.count(text) * engine.longest_token


def test_a_base_model_has_no_template_of_its_own(model: Path) -> None:
    assert open_engine(str(model), kind="base").chat_template is None


def test_the_command_line_takes_it(model: Path) -> None:
    said = CliRunner().invoke(app, ["demo", "--model", str(model), "--questions", "1", "--json"])
    assert said.exit_code == 0, said.output


@pytest.mark.parametrize(("name", "text"), [("none.gguf", None), ("bad.gguf", "no model")])
def test_a_file_that_is_no_model_is_named(name: str, text: str | None, tmp_path: Path) -> None:
    file = tmp_path / name
    if text is not None:
        file.write_text(text)
    with pytest.raises(BackendError, match=name):
        open_engine(str(file))
