"""A role's file as a form: what each of its fields shows, and the file with one of them changed and nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

from role_engine.errors import RoleError
from role_engine.language.policy import MODES, LanguagePolicy
from role_engine.roles.role import BUILTIN_MODES, NO_THINKING, Knowledge
from role_engine.roles.role_file import RoleFileKeys
from role_engine.roles.yaml_editing import read_values, with_value

Kind = Literal["line", "text", "lines", "words", "number", "choice", "flag", "several", "role"]
Group = Literal["texts", "behaviour", "rest"]

Shown = str | list[str]
"""What a box shows: a list where several things can be ticked. "" and [] for what the file does not say."""

NO_ROLE_ABOVE = "—"
"""What the box of `extends` shows where the file does not say it: its list must have a word for that."""

_WHOLE = re.compile(r"[-+]?[0-9]{1,19}")
_NUMBER = re.compile(r"[-+]?([0-9]{1,15}([.,][0-9]{0,20})?|[.,][0-9]{1,20})([eE][-+]?[0-9]{1,2})?")
_ORDER = tuple(RoleFileKeys.model_fields)


@dataclass(frozen=True, slots=True)
class FormField:
    """One box of the form.

    Attributes:
        key: the key in the file, with dots.
        kind: how its value is shown and read: `lines` and `words` are lists, one a line and between commas.
        choices: of `choice` and `several`; "" is always one more.
    """

    key: str
    kind: Kind
    group: Group
    choices: tuple[str, ...] = ()

    @property
    def where(self) -> tuple[str, ...]:
        return tuple(self.key.split("."))

    @property
    def part(self) -> str:
        """The part of the file that it is in, "" for those that stand alone."""
        return self.where[0] if self.where[0] in ("sampling", "language", "thinking", "knowledge") else ""

    def show(self, value: Any) -> Shown | None:
        """A value of the file as the box shows it; one of another kind is not shown, as if there were none.

        None: a list that the box would not give back as it is; it can only be changed in the file.
        """
        if self.kind == "role":
            return value if isinstance(value, str) else NO_ROLE_ABOVE
        if self.kind in ("lines", "words", "several"):
            listed = value if isinstance(value, list) else []
            if not all(isinstance(item, str) for item in listed):
                return None
            if self.kind == "several":
                return listed if set(listed) <= set(self.choices) else None
            joined = ("\n" if self.kind == "lines" else ", ").join(listed)
            return joined if self.read(joined) in (listed, None) else None
        if self.kind == "number" and not isinstance(value, str):
            return repr(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else ""
        if self.kind == "flag":
            return str(value).lower() if isinstance(value, bool) else ""
        if not isinstance(value, str) or (self.kind == "choice" and value not in self.choices):
            return ""
        return value.replace("\r\n", "\n").replace("\r", "\n")  # as a browser has it

    def read(self, shown: Shown | None) -> Any:
        """What the file shall say; None for nothing. A number that is none stays as it was typed, for the check."""
        if not shown or isinstance(shown, list):
            return shown or None
        if self.kind in ("lines", "words"):
            items = re.split(r"\n" if self.kind == "lines" else r"[,\n]", shown)
            return [item.strip() for item in items if item.strip()] or None
        if self.kind == "number" and _WHOLE.fullmatch(shown.strip()):
            return int(shown)
        if self.kind == "number" and _NUMBER.fullmatch(shown.strip()):
            return float(shown.replace(",", "."))
        if self.kind == "flag":
            return shown == "true"
        return None if self.kind == "role" and shown == NO_ROLE_ABOVE else shown


def _choice(key: str, group: Group, model: Any) -> FormField:
    """A field of a pydantic model that is one of some words."""
    return FormField(key, "choice", group, get_args(model.model_fields[key.split(".")[-1]].annotation))


FIELDS = (
    FormField("name", "line", "texts"),
    FormField("description", "line", "texts"),
    FormField("system", "text", "texts"),
    FormField("greeting", "text", "texts"),
    FormField("reminder", "text", "texts"),
    FormField("negative", "lines", "texts"),
    FormField("extends", "role", "behaviour"),
    FormField("language.mode", "choice", "behaviour", MODES),
    FormField("language.allow", "words", "behaviour"),
    FormField("handoff", "words", "behaviour"),
    FormField("thinking.default", "choice", "behaviour", (NO_THINKING, *BUILTIN_MODES)),
    FormField("template", "choice", "behaviour"),
    FormField("thinking.modes", "several", "behaviour", (NO_THINKING, *BUILTIN_MODES)),
    *(
        FormField(f"sampling.{name}", "number", "rest")
        for name in ("temperature", "top_p", "top_k", "min_p", "repetition_penalty", "max_new_tokens")
    ),
    _choice("language.decoder", "rest", LanguagePolicy),
    _choice("language.hold", "rest", LanguagePolicy),
    _choice("language.in_thinking", "rest", LanguagePolicy),
    _choice("language.on_failure", "rest", LanguagePolicy),
    FormField("language.emoji", "flag", "rest"),
    FormField("language.attempts", "number", "rest"),
    FormField("language.tolerance", "number", "rest"),
    FormField("language.max_waste", "number", "rest"),
    FormField("thinking.depth", "number", "rest"),
    FormField("thinking.rounds", "number", "rest"),
    FormField("knowledge.files", "lines", "rest"),
    FormField("knowledge.top_k", "number", "rest"),
    FormField("knowledge.max_tokens", "number", "rest"),
    _choice("knowledge.place", "rest", Knowledge),
    FormField("system_file", "line", "rest"),
    FormField("budget.max_share", "number", "rest"),
)


class RoleForm:
    """The form as one page has it.

    Args:
        modes: the thinking modes there are, `none` besides.
        templates: the names of the prompt templates there are.

    Attributes:
        fields: in the order of the page, by key.
    """

    def __init__(self, modes: Sequence[str], templates: Sequence[str]) -> None:
        choices = {
            "thinking.default": (NO_THINKING, *modes),
            "thinking.modes": (NO_THINKING, *modes),
            "template": tuple(templates),
        }
        self.fields = {
            field.key: replace(field, choices=choices[field.key]) if field.key in choices else field for field in FIELDS
        }

    def show(self, text: str) -> dict[str, Shown | None] | None:
        """What the boxes show, by key, see `FormField.show`; None for a text that cannot be read."""
        try:
            said = read_values(text)
        except RoleError:
            return None
        return {key: field.show(_at(said, field.where)) for key, field in self.fields.items()}

    def put(self, text: str, key: str, shown: Shown | None) -> str | None:
        """The file with one field as its box shows it; an empty box takes the key out. None: it cannot be read."""
        field = self.fields[key]
        try:
            there, value = _at(read_values(text), field.where), field.read(shown)
            if field.show(there) is None or (type(there), there) == (type(value), value):
                return text
            return with_value(text, field.where, value, _ORDER)
        except RoleError:
            return None

    def besides(self, text: str) -> tuple[list[Mapping[str, Any]], list[str]]:
        """What the form has no box for: the examples, and the other keys that the file says."""
        try:
            said = read_values(text)
        except RoleError:
            return [], []
        examples = said.get("examples")
        turns = [turn for turn in examples if isinstance(turn, Mapping)] if isinstance(examples, list) else []
        wholes = {field.where[0] for field in self.fields.values() if len(field.where) == 1}
        others = []
        for key, value in said.items():
            if key in wholes or key == "examples":
                continue
            inside = [f"{key}.{name}" for name in value] if isinstance(value, Mapping) else [key]
            others += [name for name in inside if name not in self.fields]
        return turns, others


def _at(said: Any, where: Sequence[str]) -> Any:
    for key in where:
        said = said.get(key) if isinstance(said, Mapping) else None
    return said
