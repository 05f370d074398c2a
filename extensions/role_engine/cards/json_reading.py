"""JSON from a stranger: bounded, and only what can be written down again as UTF-8."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

from role_engine.cards.limits import MAX_DEPTH, MAX_NUMBER, MAX_TEXT
from role_engine.errors import InputError


def read_json(raw: bytes, path: Path, *, limit: int = MAX_TEXT) -> dict[str, Any]:
    """The object that `raw` holds.

    Args:
        path: for the error.

    Raises:
        InputError: more than `limit` bytes, not UTF-8, not JSON, not an object, or what `checked` refuses.
    """
    if len(raw) > limit:
        raise InputError(f"The card's text is larger than {limit:,} bytes.", path=path)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"The card's text is not UTF-8 (byte {error.start}).", path=path) from None
    try:
        value = json.loads(text, parse_constant=_number, parse_int=_whole, parse_float=_number)
    except RecursionError:
        raise InputError(f"The card is nested more than {MAX_DEPTH} deep.", path=path) from None
    except json.JSONDecodeError as error:
        message = f"The card is not valid JSON: {error.msg}."
        values = {"line": error.lineno}
        raise InputError(message, path=path, line=error.lineno, kind="card no json", values=values) from None
    except ValueError as error:
        raise InputError(f"The card is not valid JSON: {error}.", path=path) from None
    if not isinstance(value, dict):
        raise InputError("The card must be a JSON object.", path=path)
    check_texts(value, path)
    return value


def check_texts(value: Any, path: Path) -> None:
    """Look at every text of a document.

    Raises:
        InputError: half a character (a lone surrogate), a NUL, an infinite number, or nesting over `MAX_DEPTH`.
    """
    left: list[tuple[Any, int, str]] = [(value, 1, "the card")]
    while left:  # no recursion: the nesting is what is being checked
        item, depth, where = left.pop()
        if depth > MAX_DEPTH:
            raise InputError(f"The card is nested more than {MAX_DEPTH} deep.", path=path)
        if isinstance(item, dict):
            for key, inner in item.items():
                _check_text(key, f"a key of {where}", path)
                left.append((inner, depth + 1, repr(key[:40])))
        elif isinstance(item, list):
            left += [(inner, depth + 1, where) for inner in item]
        elif isinstance(item, float) and not math.isfinite(item):
            raise InputError(f"There is a number in {where} that JSON does not know.", path=path)
        elif isinstance(item, str):
            _check_text(item, where, path)


def _check_text(text: str, where: str, path: Path) -> None:
    if "\0" in text:
        raise InputError(f"There is a NUL character in {where}.", path=path, hint="Remove it.")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        shown = f"\\u{ord(text[error.start]):04x}"
        raise InputError(f"There is half a character ({shown}) in {where}.", path=path, hint="Remove it.") from None


def _whole(digits: str) -> int:
    if len(digits) > MAX_NUMBER:
        raise ValueError(f"the number {digits[:12]}… is too long")
    return int(digits)


def _number(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise ValueError(f"{digits[:12]} is not a number that JSON knows")
    return value
