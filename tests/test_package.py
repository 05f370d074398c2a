"""The package as a whole: its public names, what an import costs, which way it depends, what is shipped."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import pytest

import role_engine

CHECKOUT = Path(__file__).resolve().parents[1]
PACKAGE = CHECKOUT / "extensions/role_engine"

PUBLIC = {
    *("Role", "RoleLibrary", "TemplateLibrary"),
    *("LanguagePolicy", "check", "Verdict", "Violation"),
    *("StreamGuard", "guarded_stream", "ReplyReport"),
    *("Backend", "Capabilities", "Chunk", "GenerationRequest", "TokenBan"),
    *("ReplayBackend", "Attempt", "OpenAIBackend", "LlamaCppBackend", "TransformersBackend"),
    *("RoleEngineError", "RoleError", "UnknownRole", "TemplateError", "SettingsError", "BackendError", "InputError"),
    *("inspect_model", "ModelReport", "ModelError"),
    "__version__",
}

HOST_ONLY = {"gradio", "fastapi", "starlette", "modules"}
ON_DEMAND = {"torch", "transformers"}  # the portable webui has neither: only where they are used, inside of functions
FOR_THE_WEBUI = {"requirements.txt", "requirements-optional.txt"}
ENGINE = ("files", "roles", "prompts", "cards", "guard", "backends", "decoder", "models", "knowledge", "modes")


def imports_of(file: Path, *, on_load: bool = False) -> set[str]:
    """Dotted names of every module that a file imports, wherever in it, or only when it is loaded itself."""
    found: set[str] = set()
    tree = ast.parse(file.read_text("utf-8"), str(file))
    for node in tree.body if on_load else ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: imports inside the package are absolute"
            found.add(node.module or "")
    return found


def pyproject() -> dict[str, Any]:
    tomllib = pytest.importorskip("tomllib", reason="reading pyproject.toml needs Python 3.11")
    return tomllib.loads((CHECKOUT / "pyproject.toml").read_text("utf-8"))


def test_public_names_are_these() -> None:
    assert set(role_engine.__all__) == PUBLIC
    assert list(role_engine.__all__) == sorted(role_engine.__all__)


@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(role_engine, name) is not None
    assert name in dir(role_engine)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="Rolle"):
        role_engine.Rolle  # noqa: B018


def test_importing_the_package_imports_nothing_else() -> None:
    code = (
        "import sys, importlib, typing; before = set(sys.modules); import role_engine;"
        "print(*sorted(set(sys.modules) - before - {'__future__'}))"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=PACKAGE.parent, timeout=60
    )
    assert loaded.stdout.split() == ["role_engine", "role_engine.version"]


def test_the_version_is_the_distributions() -> None:
    try:
        installed = version("role-engine")
    except PackageNotFoundError:
        pytest.skip("role-engine is on the path here, not installed")
    assert installed == role_engine.__version__


@pytest.mark.parametrize("folder", ENGINE)
def test_the_engine_knows_no_host(folder: str) -> None:
    for file in sorted((PACKAGE / folder).rglob("*.py")):
        imported = imports_of(file)
        assert not {name.split(".")[0] for name in imported} & HOST_ONLY, file
        assert not {name.split(".")[0] for name in imports_of(file, on_load=True)} & ON_DEMAND, file
        assert not {name for name in imported if name.startswith(("role_engine.hosts", "role_engine.bench"))}, file


def test_the_language_check_imports_nothing_else_of_ours() -> None:
    for file in sorted((PACKAGE / "language").rglob("*.py")):
        ours = {name for name in imports_of(file) if name.split(".")[0] == "role_engine"}
        assert all(name.startswith(("role_engine.language", "role_engine.held_text")) for name in ours), file


def test_everything_is_shipped(tmp_path: Path) -> None:
    """What a wheel would hold is what lies in the package's folder, with the roles and templates that lie beside it."""
    setuptools = pytest.importorskip("setuptools", minversion="77", reason="pip install 'setuptools>=77'")
    assert setuptools
    command = [sys.executable, "setup.py", "--quiet", "build_py", "--build-lib", str(tmp_path)]
    subprocess.run(command, cwd=CHECKOUT, check=True, capture_output=True, timeout=100)
    places = {"": PACKAGE, "builtin_roles": CHECKOUT / "roles", "builtin_templates": CHECKOUT / "prompt-templates"}
    wanted = {Path("role_engine", inside) / name for inside, place in places.items() for name in files_in(place)}
    assert files_in(tmp_path) == {name for name in wanted if name.name not in FOR_THE_WEBUI}


def files_in(folder: Path) -> set[Path]:
    found = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return {path for path in found if "__pycache__" not in path.parts}


def test_the_webui_gets_the_same_requirements() -> None:
    lines = [
        line
        for name in ("requirements.txt", "requirements-optional.txt")
        for line in (PACKAGE / name).read_text("utf-8").splitlines()
    ]
    assert [line for line in lines if line and not line.startswith("#")] == pyproject()["project"]["dependencies"]


def test_the_test_environment_is_pinned() -> None:
    canonical = [re.sub(r"[-_.]+", "-", line.split("==")[0]).lower() for line in pinned()]
    project = pyproject()["project"]
    extras = project["optional-dependencies"]
    wanted = project["dependencies"] + [item for name, items in extras.items() if name != "dev" for item in items]
    for requirement in wanted:
        name = re.split(r"[\[<>=!~; ]", requirement)[0]
        if name != "role-engine":
            assert re.sub(r"[-_.]+", "-", name).lower() in canonical, f"{name} is missing in constraints.txt"


def pinned() -> list[str]:
    lines = (CHECKOUT / "constraints.txt").read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]
