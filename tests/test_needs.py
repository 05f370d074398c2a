"""What a test needs is read off its code, and where that is missing it is skipped with what to install."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests import browser, needs

CHECKOUT = Path(__file__).resolve().parents[1]


def imports_in_itself() -> None:
    import torch  # noqa: F401


def asks_whether_it_is_there() -> None:
    pytest.importorskip("transformers", reason="to compare with")


def calls_one_that_does() -> None:
    def inner() -> None:
        asks_whether_it_is_there()

    inner()


@contextmanager
def over_a_context() -> Iterator[None]:
    imports_in_itself()
    yield


class Model:
    def load(self) -> None:
        imports_in_itself()


def makes_one() -> None:
    Model()


def opens_the_page() -> None:
    with browser.chromium():
        pass


def says_torch_only() -> str:
    return "torch"


@pytest.mark.parametrize(
    ("code", "marks"),
    [
        (imports_in_itself, {"torch"}),
        (asks_whether_it_is_there, {"torch"}),
        (calls_one_that_does, {"torch"}),
        (over_a_context, {"torch"}),
        (makes_one, {"torch"}),
        (opens_the_page, {"browser"}),
        (says_torch_only, set()),
    ],
)
def test_marks(code: Callable[[], Any], marks: set[str]) -> None:
    assert needs._marks_of_code(code) == marks


def test_only_an_optional_package_that_is_missing_is_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(needs, "MISSING", frozenset({"torch"}))
    assert needs.explain_absence("torch.nn") == "torch is not installed: pip install -e '.[models]'"
    for name in ("openai", "role_engine.nothing", "", None):
        assert needs.explain_absence(name) is None
    found = RuntimeError("no model")
    found.__cause__ = ModuleNotFoundError("No module named 'torch'", name="torch")
    assert needs.explain_failed_import(found)
    assert needs.explain_failed_import(RuntimeError("no model")) is None


LACKING = """
import sys, pytest
sys.modules[sys.argv[1]] = None
sys.exit(pytest.main(["-q", "-rs", "-p", "no:cacheprovider", "-p", "no:xdist", *sys.argv[2:]]))
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("package", "test", "says"),
    [
        ("fastapi", "tests/hosts/http/test_routes.py", "fastapi is not installed: pip install -e '.[serve]'"),
        ("docx", "tests/knowledge/test_documents.py", "docx is not installed: pip install -e '.[documents]'"),
        ("tokenizers", "tests/decoder/test_masks.py", "tokenizers is not installed: pip install -e '.[tokenizer]'"),
    ],
)
def test_what_is_missing_skips_and_says_so(package: str, test: str, says: str) -> None:
    command = [sys.executable, "-c", LACKING, package, test]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, timeout=200, check=False)
    assert done.returncode in (0, 5), done.stdout + done.stderr
    assert says in done.stdout and "error" not in done.stdout.splitlines()[-1]
