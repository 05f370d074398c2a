# ruff: noqa: E501 - tables of runs
"""Every regular expression of the package, and what it is asked to do."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import sys
import time
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import regex

import role_engine
from role_engine.language.latin.shape import Shape

PATTERN = (re.Pattern, type(regex.compile("")))
ROOT = Path(str(role_engine.__file__)).parent
# What reads the whole text from every place on, and what begins at one.
SEARCHING = frozenset({"search", "finditer", "findall", "sub", "subn", "split"})
ANCHORED = frozenset({"match", "fullmatch"})
# Functions that take a pattern and do that with it.
ANCHORING = ("run_end",)
# Modules that only a host with its own packages can import.
OF_HOSTS = ("role_engine.script", "role_engine.hosts", "role_engine.bench", "role_engine.engines")
# Reads documents from the developer's own disk, a comment or an element at a time.
LEFT_OUT = frozenset({"role_engine.bench.prose.text._NO_PROSE"})


class Found(NamedTuple):
    name: str
    pattern: Any
    methods: frozenset[str]


def modules() -> Iterator[ModuleType]:
    """The modules of the package that compile a pattern."""
    for path in sorted(ROOT.rglob("*.py")):
        name = ".".join(("role_engine", *path.relative_to(ROOT).with_suffix("").parts)).removesuffix(".__init__")
        if "compile(" not in path.read_text("utf-8") and "Shape(" not in path.read_text("utf-8"):
            continue
        try:
            yield importlib.import_module(name)
        except ImportError:
            if not name.startswith(OF_HOSTS):
                raise


@cache
def source_of(module: str) -> str:
    """What a module says, "" for all modules of the package."""
    if module:
        return inspect.getsource(sys.modules[module])
    return "\n".join(path.read_text("utf-8") for path in sorted(ROOT.rglob("*.py")))


def every_pattern() -> list[Found]:
    """All that modules hold, in whatever container, and those written into functions."""
    found: dict[tuple[str, int, type], Found] = {}

    def keep(name: str, pattern: Any, methods: frozenset[str]) -> None:
        if isinstance(pattern.pattern, str):
            key = (pattern.pattern, pattern.flags, type(pattern))
            known = found[key].methods if key in found else frozenset()
            found[key] = Found(name, pattern, known | methods)

    for module in modules():
        for name, value in list(vars(module).items()):
            if not name.startswith("__"):
                for place, pattern, variable in held_in(value, f"{module.__name__}.{name}", name):
                    asked = methods_of(variable, module.__name__) if variable else SEARCHING | ANCHORED
                    keep(place, pattern, asked)
    for name, pattern, method in written_in_functions():
        keep(name, pattern, frozenset({method}) if method != "compile" else SEARCHING | ANCHORED)
    return sorted((one for one in found.values() if one.name not in LEFT_OUT), key=lambda one: one.name)


def held_in(value: Any, name: str, variable: str, depth: int = 0) -> Iterator[tuple[str, Any, str]]:
    """Patterns in a value of a module: (where, the pattern, the variable that is it, "" within a container)."""
    if isinstance(value, PATTERN):
        yield name, value, variable
    elif isinstance(value, Shape):
        yield from held_in(value.common, f"{name}.common", variable)
        yield from held_in(value.any, f"{name}.any", variable)
    elif depth <= 3:
        for place, one, deeper in members_of(value):
            yield from held_in(one, name + place, "", depth + deeper)


def members_of(value: Any) -> Iterator[tuple[str, Any, int]]:
    """What a container or a class of the package holds: (place, value, how much deeper that counts)."""
    if isinstance(value, dict) and len(value) < 500:
        yield from ((f"[{key!r}]", one, 1) for key, one in value.items())
    elif isinstance(value, list | tuple | set | frozenset) and len(value) < 500:
        yield from ((f"[{at}]", one, 1) for at, one in enumerate(value))
    elif isinstance(value, type) and value.__module__.startswith("role_engine"):
        yield from ((f".{key}", one, 2) for key, one in list(vars(value).items()))


@cache
def methods_of(name: str, module: str) -> frozenset[str]:
    """What the module's pattern of that name is asked to do; all that there is, where that does not show."""
    source = source_of(module if name.startswith("_") else "")
    shown = set(re.findall(rf"\b{re.escape(name)}(?:\.of\([^()]*\)|\.common|\.any)?\.(\w+)", source))
    shown &= SEARCHING | ANCHORED
    if re.search(rf"\b(?:{'|'.join(ANCHORING)})\({re.escape(name)}\b", source):
        shown.add("match")
    return frozenset(shown) or SEARCHING | ANCHORED


def written_in_functions() -> Iterator[tuple[str, Any, str]]:
    """Patterns that are constants in calls of `re` and `regex`, with the function called."""
    for path in sorted(ROOT.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args):
                continue
            module, first, called = node.func.value, node.args[0], node.func.attr
            if not (isinstance(module, ast.Name) and module.id in ("re", "regex") and isinstance(first, ast.Constant)):
                continue
            if isinstance(first.value, str) and called in SEARCHING | ANCHORED:
                compiled = (re if module.id == "re" else regex).compile(first.value)
                yield f"{path.relative_to(ROOT)}:{node.lineno}", compiled, called


# Of these are runs made that a pattern may go through again and again.
# fmt: off
UNITS = (
    " ", "\t", "\n", "a", "A", "а", "А", "1", "_", "-", "*", "#", "=", ":", "/", "\\", "|", ".", ",", "!", "'", '"', "`", "«", "(", "[", "{", "<",
    ">", ")", "]", "}", "$", "&", "@", "%", "~", "+", "—", "a ", "A ", "а ", "А ", "1 ", "1. ", "a. ", "a, ", "а, ", "a.", "а.", "a-", "a/", "a_", "a1",
    "(a", "[a", "<a ", "{a", "a=", "a:", "\n ", " \n", "- ", "> ", '"a', "'a ", "«a", "«а", "$a", "\\a", "Aa ", "Аа ", "Aa, ", "if ", "return ",
    "=a ", '<a b="c" ', "1,", "1.1", "a@", "\u0301", "建", "\\\n", "a b=", "<!--", "](a", "as ", "не ",
)  # fmt: skip
# Of this thread alone: what else the machine does is not counted, where the system tells the two apart finely enough.
clock = time.thread_time if time.get_clock_info("thread_time").resolution < 1e-6 else time.perf_counter
SHORT, LONG = 1000, 4000
# A run that is read in less is read in linear time: a quadratic one takes some milliseconds.
SWIFT = 0.0004
LINEAR = 8


def seconds(pattern: Any, method: str, text: str, times: int = 1) -> float:
    """The shortest of several times."""
    best, read = float("inf"), getattr(pattern, method)
    read = (lambda text: list(pattern.finditer(text))) if method == "search" else read
    for _ in range(times):
        began = clock()
        read(text)
        best = min(best, clock() - began)
        if best > 0.5:
            break
    return best


def slow_run(found: Found, units: Sequence[str] = UNITS) -> str:
    """A run on which the pattern takes more than twice as long as it is longer; "" where none is found."""
    methods = ["search"] if found.methods & SEARCHING else []
    methods += sorted(found.methods & ANCHORED)
    for method in methods:
        for unit in units:
            for end in ("", "\x01"):
                few = (unit * 100)[:100] + end
                if seconds(found.pattern, method, few) > 0.05 and seconds(found.pattern, method, few, 5) > 0.05:
                    return f"{method} of 100 characters of {unit!r}"
                short = (unit * SHORT)[:SHORT] + end
                if seconds(found.pattern, method, short) < SWIFT:
                    continue
                long = (unit * LONG)[:LONG] + end
                ratio = float("inf")
                for times in (2, 4, 8):
                    before, after = (seconds(found.pattern, method, text, times) for text in (short, long))
                    ratio = min(ratio, after / max(before, SWIFT / 4))
                    if ratio < LINEAR:
                        break
                else:
                    return f"{method} of {unit!r}: {ratio:.0f} times as long for {LONG // SHORT} times the text"
    return ""
