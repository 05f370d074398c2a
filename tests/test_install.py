"""`install.sh` into a webui, from outside: a folder that looks like one, and what lies there afterwards."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import installing
from tests.installing import CHECKOUT, program, put_installer, write

pytestmark = installing.needs_bash


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A checkout with the real installer and little else, so that a test may bring out «a new version»."""
    root = tmp_path / "a checkout"
    write(root / "extensions/role_engine/script.py", "print('one')\n")
    write(root / "extensions/role_engine/language/check.py", "check = 1\n")
    write(root / "extensions/role_engine/__pycache__/script.cpython-311.pyc", "bytecode")
    write(root / "roles/russian.yaml", "name: Русский\n")
    write(root / "roles/poet.yaml", "name: Поэт\n")
    write(root / "prompt-templates/frame.txt", "{{prompt}}\n")
    shutil.copy(CHECKOUT / "extensions/role_engine/requirements.txt", root / "extensions/role_engine")
    write(root / "extensions/role_engine/requirements-optional.txt", "# none\n")
    return put_installer(root)


@pytest.fixture
def webui(tmp_path: Path) -> Path:
    return make_webui(tmp_path / "my webui")


def make_webui(root: Path) -> Path:
    write(root / "server.py", "")
    write(root / "modules/extensions.py", "")
    write(root / "user_data/CMD_FLAGS.txt", "")
    return root


def run(
    source: Path, *arguments: object, python: object = sys.executable, **environment: str
) -> subprocess.CompletedProcess[str]:
    if python is not None:
        environment["ROLE_ENGINE_PYTHON"] = str(python)
    return installing.run(source, *arguments, **environment)


def done(result: subprocess.CompletedProcess[str]) -> str:
    assert result.returncode == 0, result.stderr
    assert result.stderr == ""
    return result.stdout


def tree(root: Path) -> dict[str, tuple[int, bytes]]:
    """Every file below `root`: when it was written, and what it holds."""
    return {
        str(path.relative_to(root)): (path.stat().st_mtime_ns, path.read_bytes())
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def names(root: Path) -> set[str]:
    return set(tree(root))


def test_puts_extension_roles_and_templates_where_the_webui_looks(source: Path, webui: Path) -> None:
    done(run(source, webui))
    assert names(webui / "user_data") == {
        "CMD_FLAGS.txt",
        "extensions/role_engine/script.py",
        "extensions/role_engine/language/check.py",
        "extensions/role_engine/requirements.txt",
        "extensions/role_engine/requirements-optional.txt",
        "role_engine/roles/russian.yaml",
        "role_engine/roles/poet.yaml",
        "role_engine/prompt-templates/frame.txt",
        "role_engine/.installed",
    }


def test_a_second_run_changes_nothing(source: Path, webui: Path) -> None:
    done(run(source, webui))
    before = tree(webui)
    assert "nothing was changed" in done(run(source, webui))
    assert tree(webui) == before


def test_bytecode_left_by_python_does_not_count_as_a_change(source: Path, webui: Path) -> None:
    done(run(source, webui))
    write(webui / "user_data/extensions/role_engine/__pycache__/script.cpython-313.pyc", "bytecode")
    assert "nothing was changed" in done(run(source, webui))


def test_a_new_version_replaces_what_was_not_touched(source: Path, webui: Path) -> None:
    done(run(source, webui))
    write(source / "roles/poet.yaml", "name: Поэтесса\n")
    write(source / "extensions/role_engine/script.py", "print('two')\n")
    (source / "extensions/role_engine/language/check.py").unlink()
    done(run(source, webui))
    data = webui / "user_data"
    assert (data / "role_engine/roles/poet.yaml").read_text("utf-8") == "name: Поэтесса\n"
    assert (data / "extensions/role_engine/script.py").read_text("utf-8") == "print('two')\n"
    assert not (data / "extensions/role_engine/language/check.py").exists()
    assert not list(data.rglob("*.new"))


@pytest.mark.slow
def test_a_changed_role_is_kept_and_a_new_version_lies_beside_it(source: Path, webui: Path) -> None:
    done(run(source, webui))
    poet = write(webui / "user_data/role_engine/roles/poet.yaml", "name: Мой поэт\n")
    done(run(source, webui))
    assert not poet.with_name("poet.yaml.new").exists(), "there is no new version to offer"

    write(source / "roles/poet.yaml", "name: Поэтесса\n")
    assert "role_engine/roles/poet.yaml.new" in done(run(source, webui))
    assert poet.read_text("utf-8") == "name: Мой поэт\n"
    assert poet.with_name("poet.yaml.new").read_text("utf-8") == "name: Поэтесса\n"

    before = tree(webui)
    done(run(source, webui))
    assert tree(webui) == before

    poet.with_name("poet.yaml.new").unlink()
    done(run(source, webui))
    assert not poet.with_name("poet.yaml.new").exists(), "what was refused once is not offered again"


def test_taking_over_the_new_version_clears_it_away(source: Path, webui: Path) -> None:
    done(run(source, webui))
    poet = write(webui / "user_data/role_engine/roles/poet.yaml", "name: Мой поэт\n")
    write(source / "roles/poet.yaml", "name: Поэтесса\n")
    done(run(source, webui))
    poet.write_text("name: Поэтесса\n", encoding="utf-8")
    done(run(source, webui))
    assert not poet.with_name("poet.yaml.new").exists()


def test_a_users_own_file_of_that_name_is_kept_on_the_first_install(source: Path, webui: Path) -> None:
    mine = write(webui / "user_data/role_engine/roles/russian.yaml", "name: Моё\n")
    done(run(source, webui))
    assert mine.read_text("utf-8") == "name: Моё\n"
    assert mine.with_name("russian.yaml.new").read_text("utf-8") == "name: Русский\n"


def test_a_deleted_role_comes_back_and_a_dropped_one_goes(source: Path, webui: Path) -> None:
    done(run(source, webui))
    roles = webui / "user_data/role_engine/roles"
    (roles / "russian.yaml").unlink()
    (source / "roles/poet.yaml").unlink()
    done(run(source, webui))
    assert names(roles) == {"russian.yaml"}


def test_continues_after_a_run_that_was_cut_off(source: Path, webui: Path) -> None:
    """Cut off in the worst moment: the old extension is away, the new one not there, half of the roles are new."""
    done(run(source, webui))
    store = webui / "user_data/role_engine"
    (webui / "user_data/extensions/role_engine").rename(store / ".outgoing")
    write(store / ".incoming/script.py", "half a fi")
    write(store / "roles/.poet.yaml.1234.role-engine-part", "half a ro")
    write(source / "roles/poet.yaml", "name: Поэтесса\n")
    done(run(source, webui))
    assert names(webui / "user_data/extensions/role_engine") == {
        "script.py",
        "language/check.py",
        "requirements.txt",
        "requirements-optional.txt",
    }
    assert names(store) == {"roles/russian.yaml", "roles/poet.yaml", "prompt-templates/frame.txt", ".installed"}
    assert (store / "roles/poet.yaml").read_text("utf-8") == "name: Поэтесса\n"


def test_uninstall_takes_out_what_was_put_in(source: Path, webui: Path) -> None:
    before = names(webui)
    done(run(source, webui))
    write(webui / "user_data/extensions/role_engine/__pycache__/script.cpython-313.pyc", "bytecode")
    write(webui / "user_data/role_engine/cache/knowledge/0123/4567/about.json", "{}")
    write(webui / "user_data/role_engine/cache/decoder/tokens-0123.kept", "x")
    done(run(source, "--uninstall", webui, python=None))
    assert names(webui) == before
    assert not (webui / "user_data/role_engine").exists()
    assert "nothing to take out" in done(run(source, "--uninstall", webui, python=None))


def test_uninstall_keeps_own_and_changed_roles(source: Path, webui: Path) -> None:
    done(run(source, webui))
    roles = webui / "user_data/role_engine/roles"
    write(roles / "poet.yaml", "name: Мой поэт\n")
    write(roles / "mine.yaml", "name: Моя роль\n")
    write(source / "roles/poet.yaml", "name: Поэтесса\n")
    done(run(source, webui))
    told = done(run(source, "--uninstall", webui))
    assert names(webui / "user_data/role_engine") == {"roles/poet.yaml", "roles/mine.yaml"}
    assert "mine.yaml" in told and "poet.yaml" in told


def test_a_link_made_by_a_developer_is_left_alone(source: Path, webui: Path) -> None:
    link = webui / "user_data/extensions/role_engine"
    link.parent.mkdir()
    link.symlink_to(source / "extensions/role_engine")
    done(run(source, webui))
    done(run(source, "--uninstall", webui))
    assert link.is_symlink() and (source / "extensions/role_engine/script.py").exists()


@pytest.mark.parametrize(
    ("layout", "data"),
    [
        ("plain", "webui/user_data"),
        ("portable", "webui/user_data"),
        ("portable, shared data", "user_data"),
        ("desktop", "build/user_data"),
        ("desktop, shared data", "user_data"),
    ],
)
def test_finds_user_data_as_the_webui_does(source: Path, tmp_path: Path, layout: str, data: str) -> None:
    desktop = layout.startswith("desktop")
    given = tmp_path / ("build" if desktop else "webui")
    app = make_webui(given / "app" if desktop else given)
    if layout != "plain":
        link_python(app / "portable_env/bin/python3")
    if desktop:
        (app / "user_data").rename(given / "user_data")
    if layout.endswith("shared data"):
        (tmp_path / "user_data").mkdir()
    done(run(source, given, python=None if layout != "plain" else sys.executable))
    assert (tmp_path / data / "extensions/role_engine/script.py").exists()
    assert len(list(tmp_path.rglob("user_data/extensions"))) == 1


def test_user_data_can_be_named(source: Path, webui: Path, tmp_path: Path) -> None:
    done(run(source, webui, "--user-data-dir", tmp_path / "elsewhere"))
    assert (tmp_path / "elsewhere/extensions/role_engine/script.py").exists()
    assert names(webui / "user_data") == {"CMD_FLAGS.txt"}


def link_python(path: Path) -> Path:
    """A program that is this test's Python under another name."""
    return program(path, f'#!/bin/sh\necho "$0" >>"{path}.used"\nexec "{sys.executable}" "$@"\n')


@pytest.mark.slow
def test_order_in_which_the_webuis_python_is_looked_for(source: Path, webui: Path, tmp_path: Path) -> None:
    inside = ["installer_files/env/bin/python", "portable_env/bin/python", "venv/bin/python3", ".venv/bin/python"]
    places = [link_python(tmp_path / "named/py"), link_python(tmp_path / "variable/py")]
    places += [link_python(webui / place) for place in inside]
    places.append(link_python(tmp_path / "active/bin/python"))
    for place in places:
        option = ["--python", place] if place == places[0] else []
        variable = place if place == places[1] else None
        done(run(source, webui, *option, python=variable, VIRTUAL_ENV=str(tmp_path / "active")))
        used = [p for p in places if Path(f"{p}.used").exists()]
        assert used == [place]
        Path(f"{place}.used").unlink()
        place.unlink()
    nothing = run(source, webui, python=None, VIRTUAL_ENV=str(tmp_path / "active"))
    assert nothing.returncode == 1
    assert nothing.stderr.count("\n") == 1 and "--python PY" in nothing.stderr


@pytest.fixture(scope="module")
def bare_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment without any package and without pip, as uv makes them."""
    root = tmp_path_factory.mktemp("bare")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", root / "env"], check=True, timeout=60)
    return root / "env/bin/python"


def test_an_environment_without_pip_is_told_what_to_do(source: Path, webui: Path, bare_python: Path) -> None:
    before = tree(webui)
    result = run(source, webui, python=bare_python)
    assert result.returncode == 1
    assert "uv pip install" in result.stderr and "regex" in result.stdout
    assert tree(webui) == before


def test_only_what_is_missing_is_installed_under_the_environments_own_versions(
    source: Path, webui: Path, bare_python: Path
) -> None:
    """A stand-in for pip notes how it is called: `regex` and the rest are asked for, `numpy` stays where it is."""
    site = next((bare_python.parents[1] / "lib").glob("python*")) / "site-packages"
    write(site / "pydantic-2.11.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: pydantic\nVersion: 2.11.0\n")
    write(site / "rich-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: rich\nVersion: 1.0\n")
    log = webui.parent / "pip.log"
    write(
        site / "pip/__main__.py",
        "import sys\n"
        "if 'list' in sys.argv: print('numpy==2.2.1\\npip==26.0')\n"
        "if 'install' in sys.argv:\n"
        "    after = lambda flag: open(sys.argv[sys.argv.index(flag) + 1]).read()\n"
        f"    open({str(log)!r}, 'w').write(after('-r') + '---\\n' + after('-c'))\n",
    )
    try:
        result = run(source, webui, python=bare_python)
    finally:
        shutil.rmtree(site / "pip")
    assert result.returncode == 0, result.stderr
    wanted, pins = log.read_text("utf-8").split("---\n")
    assert "regex" in wanted and "rich" in wanted and "pydantic" not in wanted
    assert pins == "numpy==2.2.1\n"


@pytest.mark.slow
def test_what_is_only_better_to_have_keeps_nothing_from_being_installed(source: Path, webui: Path) -> None:
    optional = source / "extensions/role_engine/requirements-optional.txt"
    write(
        optional, "no-such-package-anywhere>=1; python_version < '3.99'\nnot-for-this-one>=1; python_version < '3.5'\n"
    )
    said = done(run(source, webui, PIP_NO_INDEX="1"))
    assert "no-such-package-anywhere could not be installed" in said and "not-for-this-one" not in said
    assert (webui / "user_data/extensions/role_engine/script.py").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        ([], 2, "Which webui?"),
        (["--frobnicate"], 2, "--frobnicate"),
        (["--demo", "folder"], 2, "takes no folder"),
        (["folder", "--", "--seed", "3"], 2, "only --demo and --test"),
        (["one", "two"], 2, "one or two"),
        (["--python"], 2, "--python needs"),
        (["--test", "folder"], 2, "takes no folder"),
        (["/nowhere/at/all"], 1, "no such folder"),
        ([CHECKOUT / "docs"], 1, "not a text-generation-webui"),
    ],
)
def test_wrong_use_is_one_clear_line(source: Path, arguments: list[object], code: int, says: str) -> None:
    result = run(source, *arguments)
    assert (result.returncode, result.stdout) == (code, "")
    assert says in result.stderr and result.stderr.count("\n") == 1


def test_a_python_that_is_none(source: Path, webui: Path, tmp_path: Path) -> None:
    no_python = program(tmp_path / "tool", "#!/bin/sh\nexit 1\n")
    assert "does not run as a Python" in run(source, webui, "--python", no_python).stderr
    old = program(tmp_path / "old", "#!/bin/sh\necho 8\n")
    assert "Python 3.8; 3.10 or newer is needed" in run(source, webui, "--python", old).stderr
    assert "not a program" in run(source, webui, "--python", tmp_path / "missing").stderr


def test_help_names_every_option(source: Path) -> None:
    text = done(run(source, "--help", python=None))
    for option in ("--python", "--user-data-dir", "--uninstall", "--test", "--demo", ".new", "ROLE_ENGINE_PYTHON"):
        assert option in text


@pytest.mark.slow
def test_the_real_checkout_installs(webui: Path) -> None:
    done(run(CHECKOUT, webui))
    extension = webui / "user_data/extensions/role_engine"
    assert (extension / "language/policy.py").exists()
    assert "nothing was changed" in done(run(CHECKOUT, webui))
