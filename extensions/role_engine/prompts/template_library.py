"""The project's own prompt templates: `NAME.txt` for one question, `NAME.jinja` for a chat.

A text template holds `{{prompt}}`, and may say with `{{system}}` and `{{reminder}}` where those go. A chat template is
Jinja over `messages`, as models bring it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from role_engine.errors import RoleError, TemplateError, suggest_known
from role_engine.prompts.chat_templates import adapt_chat_template
from role_engine.prompts.sandbox import PROBE_VALUES, compile_template
from role_engine.roles.role import ROLE_ID
from role_engine.roles.role_file import read_text

MAX_TEMPLATE_BYTES = 1_000_000
PLACEHOLDER = re.compile(r"\{\{\s*(prompt|system|reminder)\s*\}\}")

_TAG = re.compile(r"<[^<>\n]*>|\[[^\[\]\n]*\]")
_HEADER = re.compile(r"^[^<\[\n]*:[ \t]*$", re.MULTILINE)


@dataclass(frozen=True)
class Template:
    """One template in one or both of its forms.

    Attributes:
        name: the files' stem.
        text: the text form, with `{{prompt}}`.
        chat: the chat form, Jinja.
    """

    name: str
    text: str | None = None
    chat: str | None = None

    @cached_property
    def stop_strings(self) -> tuple[str, ...]:
        """What a model writes when it goes on past its own turn: the marks between the turns."""
        return chat_stop_strings(self.chat) if self.chat is not None else _text_stop_strings(self.text or "")


class TemplateLibrary:
    """Templates by name. Of two folders that know a name the earlier one counts, for both forms."""

    def __init__(self, folders: Sequence[Path | str]) -> None:
        self.folders = tuple(Path(folder) for folder in folders)

    def names(self) -> tuple[str, ...]:
        found: set[str] = set()
        for folder in self.folders:
            if folder.is_dir():
                found |= {path.stem for path in folder.iterdir() if path.suffix in (".txt", ".jinja")}
        return tuple(sorted(name for name in found if ROLE_ID.fullmatch(name)))

    def get(self, name: str) -> Template:
        """The template of that name, as its files are now.

        Raises:
            TemplateError: there is none, or a file cannot be used.
        """
        if ROLE_ID.fullmatch(name) is not None:  # only then may it become a path
            for folder in self.folders:
                text, chat = folder / f"{name}.txt", folder / f"{name}.jinja"
                if text.is_file() or chat.is_file():
                    return Template(name, _text_form(text), _chat_form(chat))
        raise TemplateError(f"There is no template {name!r}.", hint=suggest_known(name, self.names(), "templates"))

    def __contains__(self, name: object) -> bool:
        return name in self.names()


def _text_form(path: Path) -> str | None:
    text = _read(path)
    if text is not None and sum(found[1] == "prompt" for found in PLACEHOLDER.finditer(text)) != 1:
        raise TemplateError("Must hold {{prompt}} once.", path=path, hint="Put it where the question goes.")
    return text


def _chat_form(path: Path) -> str | None:
    source = _read(path)
    if source is not None:
        try:
            compile_template(source)
        except TemplateError as error:
            raise TemplateError(error.message, path=path, line=error.line) from None
    return source


def _read(path: Path) -> str | None:
    if not path.is_file():
        return None
    try:
        return read_text(path, MAX_TEMPLATE_BYTES)
    except RoleError as error:
        raise TemplateError(error.message, path=path, line=error.line, hint=error.hint) from None


def chat_stop_strings(source: str, values: Mapping[str, Any] | None = None) -> tuple[str, ...]:
    """The marks that a chat template sets between the turns, in order.

    Args:
        values: what the template is given besides the messages, e.g. `eos_token`.

    Raises:
        TemplateError: the template cannot render a plain chat.
    """
    said = ["first-question", "first-answer", "second-question", "second-answer"]
    messages = [{"role": ("user", "assistant")[i % 2], "content": text} for i, text in enumerate(said)]
    try:
        prompt = compile_template(adapt_chat_template(source)).render(
            messages=messages, **{**PROBE_VALUES, **(values or {}), "add_generation_prompt": False}
        )
    except TemplateError:
        raise
    except Exception as error:  # a foreign template may fail in any way
        raise TemplateError(f"The chat template fails on a plain chat: {error}.") from None
    places = [prompt.find(text) for text in said]
    if -1 in places or places != sorted(places):
        return ()
    ends = [place + len(text) for place, text in zip(places, said, strict=True)]
    return _marks([prompt[ends[1] : places[2]], prompt[ends[3] :], prompt[ends[2] : places[3]]])


def _text_stop_strings(text: str) -> tuple[str, ...]:
    place = next((found for found in PLACEHOLDER.finditer(text) if found[1] == "prompt"), None)
    if place is None:
        return ()
    before = text[: place.start()].rstrip().rpartition("\n")[2]
    return _marks([PLACEHOLDER.sub("", text[place.end() :]), before])


def _at_line_start(header: str) -> str:
    """A header of plain words, «Вопрос:», ends a turn where a line begins with it, not in the middle of a sentence."""
    return f"\n{header}" if header[:1].isalpha() else header


def _marks(gaps: Sequence[str]) -> tuple[str, ...]:
    found = [
        mark.rstrip(" \t") for gap in gaps for mark in (*_TAG.findall(gap), *map(_at_line_start, _HEADER.findall(gap)))
    ]
    return tuple(dict.fromkeys(mark for mark in found if mark and not mark.startswith("<think") and mark != "</think>"))
