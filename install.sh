#!/usr/bin/env bash
# The one installer: into a webui, out of it again, and the test suite. `./install.sh --help` says it all.
set -euo pipefail

SELF=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
OLDEST=10    # minor versions of Python 3 that the project supports
NEWEST=13

usage() {
    cat <<'TEXT'
Usage:
  ./install.sh WEBUI_DIR [--python PY] [--user-data-dir DIR]
  ./install.sh --uninstall WEBUI_DIR [--user-data-dir DIR]
  ./install.sh --test [-- PYTEST_ARGUMENTS…]
  ./install.sh --help

WEBUI_DIR is the folder of text-generation-webui that holds server.py (of a desktop build: the folder with app/).

Installing puts the extension into user_data/extensions/role_engine, the roles and prompt templates into
user_data/role_engine/roles and user_data/role_engine/prompt-templates, and those requirements that are missing into
the webui's own Python, without changing a version that is there already. Run it again at any time, to update or to
repair; when there is nothing to do it changes nothing.

  Your files are safe. A role or template that you changed is never overwritten: if a new version brings another one,
  that lies beside yours as NAME.new. Files of your own are not touched. A shipped file that you deleted comes back.
  The folder user_data/extensions/role_engine is the extension's alone and is replaced as a whole.

  user_data is found as the webui finds it: WEBUI_DIR/user_data, for portable builds the one beside or above WEBUI_DIR
  first. If you start the webui with --user-data-dir, give the same here.

  The webui's Python is, in this order: --python PY, $ROLE_ENGINE_PYTHON, WEBUI_DIR/installer_files/env,
  WEBUI_DIR/portable_env, WEBUI_DIR/venv, WEBUI_DIR/.venv, the active virtual environment.

--uninstall takes out what was put in. It keeps your own roles, those that you changed, and Python packages.

--test makes a virtual environment in .role-engine/venv of this checkout (with $PYTHON, else the first of python3.11,
python3.12, python3.13, python3.10, python3 that will do), and runs the linters, the type checker and the tests.

--demo is not in this version yet.

Exit: 0 done, 1 it could not be done or a test failed, 2 wrong use.
TEXT
}

say() { printf '%s\n' "$*"; }
die() { printf 'install.sh: %s\n' "$*" >&2; exit 1; }
wrong_use() { printf 'install.sh: %s See ./install.sh --help\n' "$*" >&2; exit 2; }

# ---------------------------------------------------------------- files and their checksums

if command -v sha256sum >/dev/null 2>&1; then
    sha256() { sha256sum | cut -d ' ' -f 1; }
elif command -v shasum >/dev/null 2>&1; then
    sha256() { shasum -a 256 | cut -d ' ' -f 1; }
else
    sha256() { die "neither sha256sum nor shasum is installed; one of them is needed."; }
fi

checksum() { sha256 <"$1"; }

# «sha256  ./path» for every file under a folder, sorted by path; what Python itself leaves there does not count.
checksums_under() {
    (cd "$1" && find . -type f ! -path '*/__pycache__/*' ! -name '*.pyc' | LC_ALL=C sort | while IFS= read -r file; do
        printf '%s  %s\n' "$(checksum "$file")" "$file"
    done)
}

# Copy under another name, then rename: a reader never sees half a file.
put_file() {
    mkdir -p "$(dirname "$2")"
    cp "$1" "$2.part"
    chmod u+w "$2.part"
    mv -f "$2.part" "$2"
}

# ---------------------------------------------------------------- the webui

find_webui() {
    [ -n "$1" ] || wrong_use "Which webui? Give its folder."
    local given=${1%/} place
    [ -d "$1" ] || die "$1: there is no such folder."
    for place in "${given:-/}" "$given/app"; do
        if [ -f "$place/server.py" ] && [ -f "$place/modules/extensions.py" ]; then
            WEBUI=$(cd "$place" && pwd -P)
            return
        fi
    done
    die "$1 is not a text-generation-webui: it has no server.py with modules/extensions.py."
}

# As the host's modules/paths.py: a portable build (started with --portable) looks outside itself first.
find_user_data() {
    local up=$WEBUI/.. place
    if [ -n "$1" ]; then
        mkdir -p "$1"
        DATA=$(cd "$1" && pwd -P)
        return
    fi
    if [ -d "$WEBUI/portable_env" ]; then
        [ -d "$up/app" ] && [ -d "$up/../user_data" ] && DATA=$(cd "$up/../user_data" && pwd -P) && return
        [ -d "$up/user_data" ] && DATA=$(cd "$up/user_data" && pwd -P) && return
    fi
    for place in "$WEBUI/user_data" "$up/user_data"; do
        if [ -d "$place" ]; then
            DATA=$(cd "$place" && pwd -P)
            return
        fi
    done
    DATA=$WEBUI/user_data
    mkdir -p "$DATA"
}

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

# The host starts its Python with these cleared (start_linux.sh); asking it under others would give other answers.
webui_python() { env -u PYTHONPATH -u PYTHONHOME PYTHONNOUSERSITE=1 "$PY" "$@"; }

find_webui_python() {
    local named=$1 what=--python place
    if [ -z "$named" ]; then
        named=${ROLE_ENGINE_PYTHON:-}
        what="\$ROLE_ENGINE_PYTHON"
    fi
    if [ -n "$named" ]; then
        PY=$(command -v -- "$named") || die "$what names $named, which is not a program that can be run."
        case $PY in /*) ;; *) PY=$PWD/$PY ;; esac
    else
        PY=
        for place in "$WEBUI/installer_files/env" "$WEBUI/portable_env" "$WEBUI/venv" "$WEBUI/.venv" \
            "${VIRTUAL_ENV:-}" "${CONDA_PREFIX:-}"; do
            [ -n "$place" ] && PY=$(python_in "$place") && break
        done
        [ -n "$PY" ] || die "no Python environment of the webui found: looked at $WEBUI/installer_files/env," \
            "portable_env, venv, .venv and the active virtual environment. Name its Python: --python PY"
    fi
    local minor
    minor=$(webui_python -c 'import sys; print(sys.version_info[1] if sys.version_info[0] == 3 else 0)' 2>/dev/null) ||
        die "$PY does not run as a Python interpreter."
    [ "$minor" -ge "$OLDEST" ] || die "$PY is Python 3.$minor; 3.$OLDEST or newer is needed."
    [ "$minor" -le "$NEWEST" ] || say "Note: Python 3.$minor is newer than what this version was tried on (3.$NEWEST)."
}

# Names of the requirements that the environment lacks, one a line.
missing_requirements() {
    webui_python - "$1" <<'CODE'
import importlib.metadata, re, sys

def numbers(version):
    return [int(n) for n in re.findall(r"\d+", version.split("+")[0])[:4]]

for line in open(sys.argv[1], encoding="utf-8"):
    line = line.split("#")[0].strip()
    if not line:
        continue
    name = re.match(r"[A-Za-z0-9._-]+", line).group()
    try:
        have = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        print(line)
        continue
    least = re.search(r">=\s*([0-9.]+)", line)
    if least and numbers(have) < numbers(least.group(1)):
        print(line)
CODE
}

install_requirements() {
    local list=$SELF/extensions/role_engine/requirements.txt missing pins log
    missing=$(missing_requirements "$list") || die "$PY could not say which packages it has."
    if [ -z "$missing" ]; then
        return
    fi
    say "Missing in $PY: $(printf '%s' "$missing" | tr '\n' ' ')"
    webui_python -m pip --version >/dev/null 2>&1 ||
        die "$PY has no pip (an environment made by uv?). Run: uv pip install --python '$PY' -r '$list'" \
            "and then this again."
    pins=$(mktemp)
    log=$(mktemp)
    # pip freeze, in the form that constraints may have: packages installed from a file or a URL by their version.
    webui_python -m pip list --format=freeze --disable-pip-version-check 2>/dev/null |
        grep -vE '^(pip|setuptools|wheel)==' >"$pins" || true
    if ! printf '%s\n' "$missing" >"$log.needed" ||
        ! webui_python -m pip install --disable-pip-version-check -r "$log.needed" -c "$pins" >"$log" 2>&1; then
        tail -n 15 "$log" >&2
        rm -f "$pins" "$log" "$log.needed"
        die "pip could not install the requirements (above: its last words). Nothing else was changed."
    fi
    rm -f "$pins" "$log" "$log.needed"
    CHANGED=yes
}

# ---------------------------------------------------------------- into the webui

# The manifest holds «sha256  path below user_data» for what was put in. A line is added before its file is replaced, so
# that a run that was cut off knows its own files.
in_manifest() { [ -f "$MANIFEST" ] && grep -qFx -- "$1  $2" "$MANIFEST"; }
note_in_manifest() { in_manifest "$1" "$2" || printf '%s  %s\n' "$1" "$2" >>"$MANIFEST"; }

install_extension() {
    local from=$SELF/extensions/role_engine to=$DATA/extensions/role_engine
    [ ! -L "$to" ] || { say "$to is a link: left as it is."; return; }
    [ ! -e "$to/.git" ] || die "$to is a git checkout of its own; move it away first."
    if [ -d "$to" ] && [ "$(checksums_under "$from")" = "$(checksums_under "$to")" ]; then
        return
    fi
    rm -rf "$STORE/.incoming" "$STORE/.outgoing"
    mkdir -p "$STORE/.incoming" "$DATA/extensions"
    (cd "$from" && find . -type f ! -path '*/__pycache__/*' ! -name '*.pyc' | while IFS= read -r file; do
        mkdir -p "$STORE/.incoming/$(dirname "$file")"
        cp "$file" "$STORE/.incoming/$file"
    done)
    [ ! -e "$to" ] || mv "$to" "$STORE/.outgoing"
    mv "$STORE/.incoming" "$to"
    rm -rf "$STORE/.outgoing"
    CHANGED=yes
}

# One role or template; $1 where it comes from, $2 its path below user_data.
install_own_file() {
    local from=$1 path=$2 to=$DATA/$2 new old
    new=$(checksum "$from")
    SHIPPED="$SHIPPED$new  $path
"
    if [ ! -e "$to" ]; then
        note_in_manifest "$new" "$path"
        put_file "$from" "$to"
        CHANGED=yes
        return
    fi
    old=$(checksum "$to")
    if [ "$old" = "$new" ]; then
        note_in_manifest "$new" "$path"
        if [ -f "$to.new" ] && [ "$(checksum "$to.new")" = "$new" ]; then
            rm -f "$to.new"
            CHANGED=yes
        fi
    elif in_manifest "$old" "$path"; then
        note_in_manifest "$new" "$path"
        put_file "$from" "$to"
        CHANGED=yes
    elif ! in_manifest "$new" "$path"; then
        put_file "$from" "$to.new"
        note_in_manifest "$new" "$path"
        say "You changed $path: kept. The new version is $path.new"
        CHANGED=yes
    fi
}

install_folder() {
    local file
    [ -d "$SELF/$1" ] || return 0
    while IFS= read -r file; do
        [ -n "$file" ] || continue
        install_own_file "$SELF/$1/$file" "role_engine/$1/$file"
    done <<LIST
$(cd "$SELF/$1" && find . -type f ! -name '.*' | sed 's|^\./||' | LC_ALL=C sort)
LIST
}

# What an earlier version brought and this one does not: gone, unless it was changed.
remove_dropped() {
    local sum path
    [ -f "$MANIFEST" ] || return 0
    while read -r sum path; do
        case $SHIPPED in *"  $path
"*) continue ;; esac
        if [ -f "$DATA/$path" ] && [ "$(checksum "$DATA/$path")" = "$sum" ]; then
            rm -f "$DATA/$path"
            CHANGED=yes
        fi
    done <"$MANIFEST"
}

write_manifest() {
    printf '%s' "$SHIPPED" | LC_ALL=C sort >"$MANIFEST.part"
    if [ -f "$MANIFEST" ] && cmp -s "$MANIFEST.part" "$MANIFEST"; then
        rm -f "$MANIFEST.part"
    else
        mv -f "$MANIFEST.part" "$MANIFEST"
    fi
}

install() {
    find_webui "$1"
    find_webui_python "$2"
    find_user_data "$3"
    STORE=$DATA/role_engine
    MANIFEST=$STORE/.installed
    CHANGED=
    SHIPPED=
    install_requirements
    mkdir -p "$STORE/roles" "$STORE/prompt-templates"
    install_extension
    install_folder roles
    install_folder prompt-templates
    remove_dropped
    write_manifest
    if [ -z "$CHANGED" ]; then
        say "role_engine in $DATA is up to date: nothing was changed."
        return
    fi
    say "role_engine is in $DATA/extensions/role_engine, the roles in $STORE/roles"
    say "Restart the webui with --extensions role_engine, or tick it in the Session tab."
}

# ---------------------------------------------------------------- out of the webui

uninstall() {
    local sum path kept=''
    find_webui "$1"
    find_user_data "$2"
    STORE=$DATA/role_engine
    MANIFEST=$STORE/.installed
    local extension=$DATA/extensions/role_engine
    if [ ! -f "$MANIFEST" ] && [ ! -e "$extension" ]; then
        say "role_engine is not in $DATA: nothing to take out."
        return
    fi
    if [ -L "$extension" ] || [ -e "$extension/.git" ]; then
        say "$extension is not a copy that this installer made: left as it is."
    else
        rm -rf "$extension"
    fi
    if [ -f "$MANIFEST" ]; then
        while read -r sum path; do
            if [ -f "$DATA/$path.new" ] && [ "$(checksum "$DATA/$path.new")" = "$sum" ]; then
                rm -f "$DATA/$path.new"
            fi
            if [ -f "$DATA/$path" ] && [ "$(checksum "$DATA/$path")" = "$sum" ]; then
                rm -f "$DATA/$path"
            fi
        done <"$MANIFEST"
    fi
    rm -rf "$STORE/.incoming" "$STORE/.outgoing"
    rm -f "$MANIFEST" "$MANIFEST.part"
    find "$STORE" -depth -type d -exec rmdir {} \; 2>/dev/null || true
    if [ -d "$STORE" ]; then
        kept=$(find "$STORE" -type f | LC_ALL=C sort)
    fi
    say "role_engine is out of $DATA."
    if [ -n "$kept" ]; then
        say "Kept, because they are yours:"
        printf '%s\n' "$kept" | sed 's/^/  /'
    fi
    say "If it was ticked in the Session tab, untick it there, or take it out of settings.yaml."
}

# ---------------------------------------------------------------- the test suite

find_test_python() {
    local candidate
    for candidate in ${PYTHON:+"$PYTHON"} python3.11 python3.12 python3.13 python3.10 python3; do
        if command -v -- "$candidate" >/dev/null 2>&1 &&
            "$candidate" -c "import sys; sys.exit(not (3, $OLDEST) <= sys.version_info[:2])" >/dev/null 2>&1; then
            "$candidate" -c 'import venv, ensurepip' >/dev/null 2>&1 ||
                die "$candidate cannot make virtual environments: install its venv module (Debian: apt install python3-venv)."
            PY=$candidate
            return
        fi
        [ "$candidate" != "${PYTHON:-}" ] || die "\$PYTHON names $PYTHON, which is not a Python 3.$OLDEST or newer."
    done
    die "no Python 3.$OLDEST or newer found; install one, or name it in \$PYTHON."
}

make_test_environment() {
    local venv=$SELF/.role-engine/venv stamp log
    stamp="$SELF $("$PY" -V 2>&1) $(cat "$SELF/pyproject.toml" "$SELF/constraints.txt" | sha256)"
    if [ -x "$venv/bin/python" ] && [ "$(cat "$venv/.complete" 2>/dev/null)" = "$stamp" ]; then
        return
    fi
    say "Making the test environment in .role-engine/venv …"
    rm -rf "$venv"
    mkdir -p "$SELF/.role-engine"
    log=$SELF/.role-engine/install.log
    "$PY" -m venv "$venv" >"$log" 2>&1 || die "$PY could not make a virtual environment, see $log"
    if ! (cd "$SELF" && "$venv/bin/python" -m pip install --disable-pip-version-check -c constraints.txt -e '.[test]') \
        </dev/null >"$log" 2>&1; then
        tail -n 15 "$log" >&2
        die "pip could not install the test requirements: no network, or a version in constraints.txt that this Python" \
            "cannot have? The whole log: $log"
    fi
    printf '%s\n' "$stamp" >"$venv/.complete"
}

run_tests() {
    local failed='' bin=$SELF/.role-engine/venv/bin
    unset PYTHONPATH PYTHONHOME
    find_test_python
    make_test_environment
    cd "$SELF"
    say "ruff check";  "$bin/ruff" check . || failed="$failed ruff-check"
    say "ruff format"; "$bin/ruff" format --check . || failed="$failed ruff-format"
    say "mypy";        "$bin/mypy" || failed="$failed mypy"
    "$bin/python" -m pytest -q "$@" </dev/null || failed="$failed pytest"
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
        --demo) wrong_use "--demo is not in this version yet." ;;
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

if [ "$TASK" != test ] && [ $# -gt 0 ]; then
    wrong_use "only --test takes arguments after --."
fi
case $TASK in
    install) install "$WEBUI_GIVEN" "$PYTHON_GIVEN" "$DATA_GIVEN" ;;
    uninstall) uninstall "$WEBUI_GIVEN" "$DATA_GIVEN" ;;
    test)
        [ -z "$WEBUI_GIVEN" ] || wrong_use "--test takes no folder."
        run_tests "$@"
        ;;
esac
