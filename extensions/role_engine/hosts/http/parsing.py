"""What a request says about role, mode and thinking, in its three ways: JSON field, header, model name."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from role_engine.app.resolution import NO_ROLE, Choice
from role_engine.errors import RoleEngineError, SettingsError, UnknownRole, suggest_known
from role_engine.hosts.http.context import Detail
from role_engine.hosts.http.error_forms import without_folder
from role_engine.language.policy import MODES

FIELD = "role_engine"
HEADER = "X-Role-Engine"
MODEL_PREFIX = "role:"
KEYS = ("role", "mode", "thinking", "report")
DETAILS: tuple[Detail, ...] = ("counts", "full")


class ChoiceError(SettingsError):
    """A request asks for something that there is not; `param` names the place in the request."""

    def __init__(self, message: str, *, param: str, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.param = param


@dataclass(frozen=True, slots=True)
class KnownValues:
    """The values that a request may name, and the check of one choice against them.

    `broken` gives the roles whose files are wrong, asked for only when a role is not among `roles`.
    """

    roles: Collection[str]
    thinking: Collection[str]
    broken: Callable[[], Mapping[str, RoleEngineError]] = dict

    def check(self, choice: Choice, params: Mapping[str, str]) -> Choice:
        """The choice itself; `params` names the place in the request of each key, for the error.

        Raises:
            ChoiceError: the first value that is not known, with those that are.
        """
        if choice.role is not None and choice.role != NO_ROLE and choice.role not in self.roles:
            if error := self.broken().get(choice.role):
                message = f"The role {choice.role!r} cannot be used: {without_folder(error)}"
                raise ChoiceError(message, param=params["role"]) from error
            unknown = UnknownRole(_cut(choice.role), {*self.roles, NO_ROLE})
            raise ChoiceError(unknown.message, param=params["role"], hint=unknown.hint) from unknown
        if choice.mode is not None and choice.mode not in MODES:
            raise _unknown("language mode", choice.mode, MODES, params["mode"])
        if choice.thinking is not None and choice.thinking not in self.thinking:
            raise _unknown("thinking mode", choice.thinking, self.thinking, params["thinking"])
        return choice


def parse_choice(body: Mapping[str, Any], headers: Mapping[str, str], known: KnownValues) -> tuple[Choice, Detail]:
    """What the request asks for, key by key from the first that says something: JSON field, header, model name.

    Every voice is checked, also where an earlier one overrules it: a typing error should not wait to be found.

    Args:
        body: the request's JSON object.
        headers: its headers, looked up without regard to case (as Starlette's are).
        known: what may be named; the role `none` always may.

    Raises:
        SettingsError: an unknown key, value or role (then caused by `UnknownRole`); lists the known ones.
    """
    field, detail = _from_field(body.get(FIELD), known)
    return field.over(_from_header(headers, known)).over(_from_model(body.get("model"), known)), detail


def names_role(model: object) -> bool:
    """Whether this model name asks for a role instead of naming a model."""
    return isinstance(model, str) and model.startswith(MODEL_PREFIX)


def _from_field(value: object, known: KnownValues) -> tuple[Choice, Detail]:
    if value is None:
        return Choice(), "counts"
    if isinstance(value, str):
        return known.check(_split(value, FIELD), _one_place(FIELD)), "counts"
    if not isinstance(value, Mapping):
        raise ChoiceError(
            f"{FIELD!r} must be an object or the name of a role, not {_json_type(value)}.",
            param=FIELD,
            hint=f"Known keys: {', '.join(KEYS)}.",
        )
    for key in value:
        if key not in KEYS:
            raise ChoiceError(
                f"{FIELD!r} has no key {_cut(key)!r}.", param=FIELD, hint=suggest_known(_cut(key), KEYS, "keys")
            )
    said = {key: text for key, text in value.items() if text is not None}
    for key, text in said.items():
        if not isinstance(text, str):
            raise ChoiceError(f"'{FIELD}.{key}' must be a string, not {_json_type(text)}.", param=f"{FIELD}.{key}")
    report = said.pop("report", "counts")
    if report not in DETAILS:
        raise _unknown("report detail", report, DETAILS, f"{FIELD}.report")
    return known.check(Choice(**said), {key: f"{FIELD}.{key}" for key in KEYS}), report


def _from_header(headers: Mapping[str, str], known: KnownValues) -> Choice:
    value = unquote(headers.get(HEADER, "")).strip()
    return known.check(_split(value, HEADER), _one_place(HEADER)) if value else Choice()


def _from_model(model: object, known: KnownValues) -> Choice:
    if not (isinstance(model, str) and names_role(model)):
        return Choice()
    return known.check(_split(model.removeprefix(MODEL_PREFIX), "model"), _one_place("model"))


def _split(text: str, param: str) -> Choice:
    """`philosopher` or `philosopher:strict`; an empty part says nothing (`:strict` is only a mode)."""
    parts = [part.strip() or None for part in text.split(":")]
    if len(parts) > 2 or not any(parts):
        raise ChoiceError(
            f"{_cut(text)!r} is not a role.", param=param, hint="Write it as 'philosopher' or 'philosopher:strict'."
        )
    return Choice(role=parts[0], mode=parts[1] if len(parts) == 2 else None)


def _one_place(param: str) -> dict[str, str]:
    return dict.fromkeys(KEYS, param)


def _unknown(what: str, value: str, known: Collection[str], param: str) -> ChoiceError:
    return ChoiceError(
        f"There is no {what} {_cut(value)!r}.", param=param, hint=suggest_known(_cut(value), known, f"{what}s")
    )


def _cut(value: str) -> str:
    """What an error shows of a value: not the megabytes that a client may send."""
    return value if len(value) <= 100 else value[:100] + "…"


def _json_type(value: object) -> str:
    names = {bool: "a boolean", int: "a number", float: "a number", str: "a string", list: "a list", dict: "an object"}
    return names.get(type(value), "null")
