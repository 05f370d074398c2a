"""What a test needs that not every environment has: read off its code for the marks, and said when it is skipped.

A test module imports what it needs, at its top or in a function, by `import` or `pytest.importorskip`;
`tests/conftest.py` does the rest.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from types import CodeType, FunctionType, ModuleType
from typing import Any

import pytest

EXTRAS = {
    **dict.fromkeys(("torch", "transformers", "safetensors"), "models"),
    **dict.fromkeys(("fastapi", "gradio", "starlette", "swagger_ui", "uvicorn"), "serve"),
    **dict.fromkeys(("docx", "pymupdf"), "documents"),
    **dict.fromkeys(("lingua", "rank_bm25"), "bench"),
    **dict.fromkeys(("anthropic", "jsonschema", "langdetect", "openai", "openapi_spec_validator", "py3langid"), "test"),
    **dict.fromkeys(("axe_playwright_python", "playwright", "schemathesis", "sse_starlette"), "test"),
    "gguf": "train",
    "tokenizers": "tokenizer",
    "xllamacpp": "gguf",
}
"""Import name → the extra of pyproject.toml that brings it; all of them but «bench» come with «test»."""

MARKS = {
    "axe_playwright_python": "browser",
    "playwright": "browser",
    "torch": "torch",
    "transformers": "torch",
    "xllamacpp": "llama_cpp",
}
"""Import name → the mark of the tests that use it."""

MISSING = frozenset(name for name in EXTRAS if find_spec(name) is None)


def explain_absence(module: str | None) -> str | None:
    """Why a test is skipped that wants `module`, and what to install; None where that is no reason to skip it."""
    package = (module or "").partition(".")[0]
    if package not in MISSING:
        return None
    return f"{package} is not installed: pip install -e '.[{EXTRAS[package]}]'"


def explain_failed_import(error: BaseException | None) -> str | None:
    """The same for an exception; None unless it says that one of these packages is not installed."""
    while error is not None:
        if isinstance(error, ModuleNotFoundError) and (reason := explain_absence(error.name)):
            return reason
        error = error.__cause__
    return None


def explain_skip(raised: pytest.ExceptionInfo[BaseException]) -> str | None:
    """What to install, where `pytest.importorskip` has skipped; None where something else did."""
    wanted = raised.traceback[-1].frame.f_locals.get("modname")  # as pytest calls it
    return explain_absence(wanted) if isinstance(wanted, str) else None


def find_marks(item: pytest.Item) -> set[str]:
    """The marks of the packages that a test, its fixtures, or the tests' own functions which those call import."""
    if not isinstance(item, pytest.Function):
        return set()
    fixtures = [one.func for defined in item._fixtureinfo.name2fixturedefs.values() for one in defined]
    return set().union(_marks_of_module(item.module), *(_marks_of_code(one) for one in (item.function, *fixtures)))


@cache
def _marks_of_module(module: ModuleType) -> frozenset[str]:
    """Marks of what a test module has among its global names: it cannot even be imported without."""
    names = (
        one.__name__ if isinstance(one, ModuleType) else getattr(one, "__module__", "") for one in _globals(module)
    )
    return frozenset(filter(None, map(_mark, names)))


def _globals(module: ModuleType) -> list[Any]:
    return [one for one in vars(module).values() if isinstance(one, ModuleType | type | FunctionType)]


@cache
def _marks_of_code(function: Any) -> frozenset[str]:
    found: set[str] = set()
    seen: set[CodeType] = set()
    left = [function]
    while left:
        one = inspect.unwrap(left.pop())
        code = getattr(one, "__code__", None)
        if code is None or code in seen:
            continue
        seen.add(code)
        packages, names = _read_code(code)
        found |= packages
        left += _functions_of_tests(getattr(one, "__globals__", {}), names)
    return frozenset(found)


def _functions_of_tests(scope: dict[str, Any], names: frozenset[str]) -> Iterator[Any]:
    """Functions, and methods of classes, that stand in the tests' own modules under these names."""
    for name in names:
        one = scope.get(name)
        if getattr(one, "__module__", "").partition(".")[0] != "tests" and not isinstance(one, ModuleType):
            continue
        if isinstance(one, ModuleType):
            inside = vars(one) if one.__name__.startswith("tests.") else {}
            yield from (inside[called] for called in names if callable(inside.get(called)))
        elif isinstance(one, type):
            yield from (method for method in vars(one).values() if isinstance(method, FunctionType))
        else:
            yield one


@cache
def _read_code(code: CodeType) -> tuple[frozenset[str], frozenset[str]]:
    """Marks of what is imported in it, and the names that it uses, in functions within it too."""
    names = set(code.co_names)  # those of imported modules among them
    marks = {_mark(name) for name in names}
    for constant in code.co_consts:
        if isinstance(constant, str) and "importorskip" in names:
            marks.add(_mark(constant))
        elif isinstance(constant, CodeType):
            inner_marks, inner_names = _read_code(constant)
            marks |= inner_marks
            names |= inner_names
    return frozenset(filter(None, marks)), frozenset(names)


def _mark(module: str) -> str | None:
    return MARKS.get(module.partition(".")[0])
