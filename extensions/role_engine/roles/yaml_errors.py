"""A pydantic complaint in the words of the YAML file that it is about: file, line, nearest known key."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from role_engine.errors import RoleError, suggest_known
from role_engine.roles.sampling import SamplingError
from role_engine.roles.yaml_reading import KeyPath, MarkedDocument


def without_nulls(data: Mapping[str, Any]) -> dict[str, Any]:
    """A key without a value says nothing."""
    return {
        key: without_nulls(value) if isinstance(value, Mapping) else value
        for key, value in data.items()
        if value is not None
    }


def explain(error: ErrorDetails, marked: MarkedDocument, path: Path, model: type[BaseModel]) -> RoleError:
    """Pydantic's first complaint about a document that `model` describes.

    Its `kind` is pydantic's name of the error, its `values` are what pydantic says of it (`ctx`), the key with its
    dots, and what stands there.
    """
    where: KeyPath = tuple(error["loc"])
    line = marked.line(where)
    shown = ".".join(str(step) for step in where)
    values = {**error.get("ctx", {}), "key": shown, "input": error["input"]}
    about: dict[str, Any] = {"path": path, "line": line, "kind": error["type"], "values": values}
    if error["type"] == "extra_forbidden":
        key = str(where[-1])
        inside = f" in `{'.'.join(str(step) for step in where[:-1])}`" if len(where) > 1 else ""
        known = _known_keys(model, where[:-1])
        values.update(word=key, known=known, inside=".".join(str(step) for step in where[:-1]))
        return RoleError(f"Unknown key {key!r}{inside}.", hint=suggest_known(key, known, "keys"), **about)
    if error["type"] == "missing":
        return RoleError(f"`{shown}` is missing.", **about)
    if error["type"] == "value_error" and isinstance(cause := error["ctx"]["error"], SamplingError):
        named = (*where, cause.name) if cause.name is not None else where
        about.update(line=marked.line(named), kind=cause.kind, values=cause.values)
        return RoleError(f"`sampling`: {str(cause).removesuffix('.')}.", **about)
    if error["type"] == "string_type":
        hint = "Put it in quotes." if not isinstance(error["input"], (dict, list)) else "A text with «: » needs quotes."
        return RoleError(f"`{shown}` must be text, not {error['input']!r}.", hint=hint, **about)
    if error["type"] == "literal_error":
        expected = error["ctx"]["expected"].replace("'", "").replace(" or ", ", ").split(", ")
        values.update(word=str(error["input"]), known=expected)
        hint = suggest_known(str(error["input"]), expected, "values")
        return RoleError(f"`{shown}` cannot be {error['input']!r}.", hint=hint, **about)
    message = str(error["ctx"]["error"]) if error["type"] == "value_error" else error["msg"]
    if not shown:  # about the whole
        return RoleError(f"{message[:1].upper()}{message[1:]}.", **about)
    return RoleError(f"`{shown}`: {message}.", **about)


def _known_keys(model: type[BaseModel], where: KeyPath) -> list[str]:
    """The keys that the mapping at `where` of the document may have; an excluded field is none that a file can set."""
    for step in where:
        if isinstance(step, str):
            annotation = model.model_fields[step].annotation
            model = _model_in(annotation) or model
    return [name for name, field in model.model_fields.items() if not field.exclude]


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for arg in get_args(annotation) if (found := _model_in(arg)) is not None), None)
