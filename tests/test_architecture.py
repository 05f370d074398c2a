"""The rules of CONTRIBUTING.md about names and sizes, and that docs/architecture.md speaks of files that are there."""

from __future__ import annotations

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
PACKAGE = CHECKOUT / "extensions/role_engine"
FILES = sorted(PACKAGE.rglob("*.py"))

LONGEST_FILE = 400
LONGER_FOR_A_REASON: dict[str, str] = {}
"""Files with more lines, and why."""

IN_THE_CONTRACT = {"guarded_stream"}
"""A public name since the first version."""

_PARTICIPLE = re.compile(r"(?!(?:need|feed|seed|embed|shed|speed|exceed|proceed)(?:_|$))[a-z]+ed(?:_|$)")
_IRREGULAR = {
    *("told", "said", "made", "kept", "found", "seen", "given", "shown", "held", "taken", "known", "meant", "left"),
    *(
        "gone",
        "got",
        "sent",
        "built",
        "thought",
        "brought",
        "caught",
        "lost",
        "bound",
        "written",
        "drawn",
        "born",
        "heard",
    ),
}


def _definitions(tree: ast.AST) -> Iterator[ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)) and not node.name.startswith("_"):
            yield node


def _is_property(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any("property" in ast.unparse(decorator) for decorator in node.decorator_list)


def test_no_public_class_name_stands_twice() -> None:
    places = defaultdict(list)
    for file in FILES:
        for node in _definitions(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef):
                places[node.name].append(file.relative_to(PACKAGE).as_posix())
    assert {name: files for name, files in places.items() if len(files) > 1} == {}


def test_functions_are_verbs() -> None:
    found = []
    for file in FILES:
        for node in _definitions(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef) or _is_property(node) or node.name in IN_THE_CONTRACT:
                continue
            if _PARTICIPLE.match(node.name) or node.name.split("_")[0] in _IRREGULAR:
                found.append(f"{file.relative_to(PACKAGE)}:{node.lineno} {node.name}")
    assert found == []


def test_files_stay_short() -> None:
    sizes = {file.relative_to(PACKAGE).as_posix(): len(file.read_text("utf-8").splitlines()) for file in FILES}
    longer = {name for name, size in sizes.items() if size > LONGEST_FILE}
    assert longer == set(LONGER_FOR_A_REASON)


def test_the_map_names_files_that_are_there() -> None:
    text = (CHECKOUT / "docs/architecture.md").read_text("utf-8")
    named = set(re.findall(r"`((?:[\w.]+/)+[\w.]+\.\w+)`", text))
    missing = [
        name for name in named if not any((root / name).exists() for root in (PACKAGE, CHECKOUT, PACKAGE.parent))
    ]
    assert missing == []
    rooms = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").is_file()}
    assert rooms <= set(re.findall(r"^\| `(\w+)/`", text, flags=re.MULTILINE))


def test_a_word_of_the_glossary_stands_once() -> None:
    lines = (CHECKOUT / "docs/glossary.md").read_text("utf-8").splitlines()
    words = Counter(line.split("|")[1].strip() for line in lines if line.startswith("| "))
    assert [word for word, count in words.items() if count > 1] == []
