#!/usr/bin/env bash
# The one installer: into a webui, out of it again, the demo and the test suite. `./install.sh --help` says it all.
set -euo pipefail

SELF=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
OLDEST=10    # minor versions of Python 3 that the project supports
NEWEST=13

usage() {
    cat <<'TEXT'
Usage:
  ./install.sh WEBUI_DIR [--python PY] [--user-data-dir DIR]
  ./install.sh --uninstall WEBUI_DIR [--user-data-dir DIR]
  ./install.sh --demo [-- DEMO_OPTIONS…]
  ./install.sh --test [-- PYTEST_ARGUMENTS…]
  ./install.sh --help

WEBUI_DIR is the folder of text-generation-webui that holds server.py (of a desktop build: the folder with app/).

Installing puts the extension into user_data/extensions/role_engine, the roles and prompt templates into
user_data/role_engine/roles and user_data/role_engine/prompt-templates, and those requirements that are missing into
the webui's own Python, without changing a version that is there already. Run it again at any time, to update or to
repair; when there is nothing to do it changes nothing.

  Your files are safe. A role or template that you changed is never overwritten: if a new version brings another one,
  that lies beside yours as NAME.new. Files of your own are not touched. A shipped file that you deleted comes back.
  The folder user_data/extensions/role_engine is the extension's alone and is replaced as a whole. A run that was cut off
  is finished, and what it left half done cleared away, by the next one.

  user_data is found as the webui finds it: WEBUI_DIR/user_data, for portable builds the one beside or above WEBUI_DIR
  first. If you start the webui with --user-data-dir, give the same here.

  The webui's Python is, in this order: --python PY, $ROLE_ENGINE_PYTHON, WEBUI_DIR/installer_files/env,
  WEBUI_DIR/portable_env, WEBUI_DIR/venv, WEBUI_DIR/.venv, the active virtual environment.

--uninstall takes out what was put in. It keeps your own roles, those that you changed, and Python packages.

--demo needs no webui: it asks the small model that comes along ten questions, with the filter off and on, and shows the
replies side by side. Options after -- are the demo's: ./install.sh --demo -- --role poet --seed 3
A model of your own answers, too, a Hugging Face folder or a GGUF file: ./install.sh --demo -- --model FILE.gguf

--test runs the linters, the type checker and the tests, these on up to four cores; one after another with -- -n 0

  Both work in a virtual environment of this checkout, .role-engine/venv, made at first use: with $PYTHON, else the first
  of python3.11, python3.12, python3.13, python3.10, python3 that will do. This fetches packages (--demo about 300 MB,
  1.2 GB when unpacked; --test 400 MB and 2 GB), torch in its build for the CPU where there is one. Afterwards nothing is
  fetched any more. Deleting the folder .role-engine takes all of it away again.

Exit: 0 done, 1 it could not be done or a test failed, 2 wrong use.
TEXT
}

say() { printf '%s\n' "$*"; }
die() { printf 'install.sh: %s\n' "$*" >&2; exit 1; }
wrong_use() { printf 'install.sh: %s See ./install.sh --help\n' "$*" >&2; exit 2; }

# The Python of an environment, wherever its system puts it.
python_in() {
    local place
    for place in "$1/bin/python" "$1/bin/python3" "$1/python.exe" "$1/Scripts/python.exe"; do
        if [ -x "$place" ]; then
            printf '%s\n' "$place"
            return
        fi
    done
    return 1
}

. "$SELF/installer/files.sh"
. "$SELF/installer/webui.sh"
. "$SELF/installer/environment.sh"

# ---------------------------------------------------------------- the demo and the test suite

# Nobody else's Python settings; and models, data and statistics stay off the network.
own_settings_only() {
    unset PYTHONPATH PYTHONHOME
    export HF_HUB_OFFLINE=1 TRANSFORMERS_OFFLINE=1 GRADIO_ANALYTICS_ENABLED=False
}

run_demo() {
    own_settings_only
    find_own_python
    make_environment demo
    case "$* " in *.gguf\ *) add_extra gguf 'llama.cpp' ;; esac
    exec "$(dirname "$VENV_PYTHON")/role-engine" demo "$@"
}

run_tests() {
    local failed='' bin
    own_settings_only
    find_own_python
    make_environment 'test'
    bin=$(dirname "$VENV_PYTHON")
    cd "$SELF"
    say "ruff check";  "$bin/ruff" check . || failed="$failed ruff-check"
    say "ruff format"; "$bin/ruff" format --check . || failed="$failed ruff-format"
    say "mypy";        "$bin/mypy" || failed="$failed mypy"
    say "layers";      "$bin/lint-imports" --no-cache >"$bin/../layers.log" 2>&1 || { cat "$bin/../layers.log"; failed="$failed layers"; }
    "$bin/python" -m pytest -q -n auto --maxprocesses 4 --dist worksteal "$@" </dev/null || failed="$failed pytest"
    [ -z "$failed" ] || die "failed:$failed"
}

# ---------------------------------------------------------------- the command line

TASK=install
WEBUI_GIVEN=
PYTHON_GIVEN=
DATA_GIVEN=
while [ $# -gt 0 ]; do
    case $1 in
        -h | --help) usage; exit 0 ;;
        --test) TASK='test' ;;
        --uninstall) TASK=uninstall ;;
        --demo) TASK=demo ;;
        --python) [ $# -ge 2 ] || wrong_use "--python needs a program."; PYTHON_GIVEN=$2; shift ;;
        --python=*) PYTHON_GIVEN=${1#*=} ;;
        --user-data-dir) [ $# -ge 2 ] || wrong_use "--user-data-dir needs a folder."; DATA_GIVEN=$2; shift ;;
        --user-data-dir=*) DATA_GIVEN=${1#*=} ;;
        --) shift; break ;;
        -*) wrong_use "unknown option $1." ;;
        *) [ -z "$WEBUI_GIVEN" ] || wrong_use "one folder, please: $WEBUI_GIVEN or $1?"; WEBUI_GIVEN=$1 ;;
    esac
    shift
done

case $TASK in
    demo | test) [ -z "$WEBUI_GIVEN" ] || wrong_use "--$TASK takes no folder." ;;
    *) [ $# -eq 0 ] || wrong_use "only --demo and --test take arguments after --." ;;
esac
case $TASK in
    install) install "$WEBUI_GIVEN" "$PYTHON_GIVEN" "$DATA_GIVEN" ;;
    uninstall) uninstall "$WEBUI_GIVEN" "$DATA_GIVEN" ;;
    demo) run_demo "$@" ;;
    test) run_tests "$@" ;;
esac
