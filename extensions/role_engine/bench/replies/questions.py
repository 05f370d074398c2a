"""What a model is asked, by what it is about."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from role_engine.errors import InputError

SHIPPED = "questions.yaml"
_WANTED = "a mapping of categories, each a list of questions: a text, or `context` and `question`"


@dataclass(frozen=True, slots=True)
class BenchQuestion:
    """A question, and its category."""

    category: str
    text: str


def read_questions(path: Path | None = None) -> list[BenchQuestion]:
    """The questions of a YAML file; None: the 200 that come along.

    Raises:
        InputError: the file cannot be read, or is no such list.
    """
    name = str(path) if path is not None else SHIPPED
    try:
        text = path.read_text("utf-8") if path is not None else (files(__package__) / SHIPPED).read_text("utf-8")
        document = yaml.safe_load(text)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise InputError(f"{name} cannot be read: {error}.") from None
    if not isinstance(document, dict) or not all(isinstance(asked, list) for asked in document.values()):
        raise InputError(f"{name} is no list of questions: {_WANTED} is wanted.")
    found = [BenchQuestion(str(category), _text(one, name)) for category, asked in document.items() for one in asked]
    if not found:
        raise InputError(f"{name} holds no question.")
    return found


def _text(asked: Any, name: str) -> str:
    if isinstance(asked, dict) and set(asked) == {"context", "question"} and all(map(_said, asked.values())):
        return f"{asked['context'].strip()}\n\n{asked['question'].strip()}"
    if _said(asked):
        return str(asked).strip()
    raise InputError(f"{name}: {asked!r} is no question: {_WANTED} is wanted.")


def _said(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())
