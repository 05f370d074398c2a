"""Words of programming languages, style sheets, HTML and SQL for `build_terms.py`."""

from __future__ import annotations

import ast
import builtins
import json
import keyword
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import code_words
from terms_english import COMMON, FREQUENT, ORDINARY, English

# Languages that people write about; assemblers, game engines and 4GLs with thousands of built-ins are left out.
LANGUAGES = """
python javascript typescript java csharp cpp c go rust kotlin swift php ruby perl bash powershell lua r scala haskell
dart vbnet delphi dockerfile cmake matlab julia elixir erlang ocaml fsharp glsl graphql protobuf ada dos vbscript
objectivec groovy awk makefile nix gradle coffeescript clojure crystal d nim vala wasm qml
""".split()  # noqa: SIM905 - a table of words
# What these have is known though English has it too.
CORE = "python javascript typescript java c cpp csharp go rust kotlin swift php ruby bash".split()  # noqa: SIM905
# Elsewhere an English word must be in so many lists: fewer have it as the name of some function. Common words in more.
AGREEING, AGREEING_ON_COMMON = 3, 6
# Objects of JavaScript's environments.
ENVIRONMENTS = ("builtin", "node", "commonjs", "browser", "worker", "serviceworker", "jest", "mocha")
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*[A-Za-z0-9_]")


def keywords(grammars: dict[str, list[str]], english: English) -> set[str]:
    """Keywords, literals and built-ins of highlight.js's grammars, as `highlight_keywords.mjs` prints them."""
    lists = Counter(word for name in LANGUAGES for word in {word.casefold() for word in grammars.get(name, ())})
    core = {word.casefold() for name in CORE for word in grammars.get(name, ())}
    return {
        word
        for word, number in lists.items()
        if NAME.fullmatch(word) and (word in core or agreed(word, number, english))
    }


def agreed(word: str, number: int, english: English) -> bool:
    if english.has(word, COMMON):
        return number >= AGREEING_ON_COMMON
    return number >= AGREEING or not english.has(word, ORDINARY)


def python_words() -> set[str]:
    """What Python's own modules say about it."""
    built_in = {name for name in dir(builtins) if not name.startswith("_")}
    return {word.casefold() for word in (*keyword.kwlist, *keyword.softkwlist, *built_in) if len(word) > 1}


def python_modules() -> set[str]:
    return {name for name in sys.stdlib_module_names if not name.startswith("_")}


def globals_of_javascript(package: Path, english: English) -> set[str]:
    """Names that JavaScript's environments have at hand; of the page's only those that are no English word."""
    environments = json.loads((package / "globals.json").read_text())
    names = {name.casefold() for environment in ENVIRONMENTS for name in environments.get(environment, ())}
    return {name for name in names if NAME.fullmatch(name) and not english.has(name, ORDINARY)}


def node_modules(package: Path) -> set[str]:
    names = json.loads((package / "globals.json").read_text()).get("nodeBuiltin", {})
    return {name.casefold() for name in names if NAME.fullmatch(name)}


def sql(kwlist: str) -> set[str]:
    """The keywords of PostgreSQL's `kwlist.h`."""
    return set(re.findall(r'PG_KEYWORD\("([a-z_]+)"', kwlist))


def style_sheets(package: Path, english: English) -> set[str]:
    """Properties, their values, units, functions and selectors of CSS, from mdn-data."""
    data = {path.stem: json.loads(path.read_text()) for path in (package / "css").glob("*.json")}
    named = {name for kind in ("properties", "units", "at-rules") for name in data.get(kind, {})}
    lesser = {name for kind in ("functions", "selectors") for name in data.get(kind, {})}
    names = {bare(name) for name in named} | {bare(name) for name in lesser if not english.has(bare(name), FREQUENT)}
    syntaxes = [entry["syntax"] for kind in ("properties", "syntaxes") for entry in data.get(kind, {}).values()]
    values = Counter(word for syntax in syntaxes for word in set(literals(syntax)))
    names |= {word for word, number in values.items() if number >= AGREEING or not english.has(word, FREQUENT)}
    return {name for name in names if NAME.fullmatch(name)}


def bare(name: str) -> str:
    """A property, function or selector without its prefix and its arguments."""
    return re.sub(r"^(?:::?|@|-(?:ms|moz|webkit)-)|\(.*$", "", name).casefold()


def literals(syntax: str) -> Iterator[str]:
    """The words of a value's syntax that stand for themselves."""
    outside = re.sub(r"<[^>]*>", " ", syntax)
    yield from (word.casefold() for word in re.findall(r"(?<![\w-])[a-z][a-z0-9-]+[a-z0-9](?![\w(-])", outside))


def html(tags: Path, svg: Path, attributes: Path) -> set[str]:
    """Elements and attributes, from the lists of html-tag-names, svg-tag-names and html-element-attributes."""
    found = {*quoted(tags), *quoted(svg), *quoted(attributes)}
    return {name.casefold() for name in found if NAME.fullmatch(name)}


def quoted(package: Path) -> Iterable[str]:
    """The strings of a module that exports a table of them."""
    return [ast.literal_eval(text) for text in re.findall(r"'[^'\n]*'", (package / "index.js").read_text())]


def hand_made() -> dict[str, set[str]]:
    dotted = {f".{name}" for name in code_words.FILE_KINDS if "." not in name}
    return {"k": {*code_words.JARGON, *code_words.FILE_KINDS, *dotted, *code_words.UNITS}}
