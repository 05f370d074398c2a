# Into a webui and out of it again. Sourced by install.sh.

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
    newest = re.search(r"python_version < '3\.(\d+)'", line)
    if not line or (newest and sys.version_info[1] >= int(newest.group(1))):
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
    local list=$SELF/extensions/role_engine/requirements.txt missing
    missing=$(missing_requirements "$list") || die "$PY could not say which packages it has."
    if [ -z "$missing" ]; then
        return
    fi
    say "Missing in $PY: $(printf '%s' "$missing" | tr '\n' ' ')"
    webui_python -m pip --version >/dev/null 2>&1 ||
        die "$PY has no pip (an environment made by uv?). Run: uv pip install --python '$PY' -r '$list'" \
            "and then this again."
    if ! pip_into_webui "$missing"; then
        tail -n 15 "$PIP_LOG" >&2
        rm -f "$PIP_LOG"
        die "pip could not install the requirements (above: its last words). Nothing else was changed."
    fi
    rm -f "$PIP_LOG"
    CHANGED=yes
}

install_optional_requirements() {
    local list=$SELF/extensions/role_engine/requirements-optional.txt missing
    missing=$(missing_requirements "$list") || return 0
    if [ -z "$missing" ]; then
        return
    fi
    if webui_python -m pip --version >/dev/null 2>&1 && pip_into_webui "$missing"; then
        say "Installed into $PY: $missing"
        CHANGED=yes
    else
        say "Note: ${missing%%[>=]*} could not be installed into $PY. All works without it; sentences in other languages" \
            "with Russian letters are told less surely. By hand: pip install ${missing%%[>=]*}"
    fi
    rm -f "${PIP_LOG:-}"
}

# $1: requirements, one a line. Nothing that the environment has changes its version. What pip said is in $PIP_LOG.
pip_into_webui() {
    local pins needed code=0
    pins=$(mktemp)
    needed=$(mktemp)
    PIP_LOG=$(mktemp)
    # pip freeze, in the form that constraints may have: packages installed from a file or a URL by their version.
    webui_python -m pip list --format=freeze --disable-pip-version-check 2>/dev/null |
        grep -vE '^(pip|setuptools|wheel)==' >"$pins" || true
    printf '%s\n' "$1" >"$needed"
    webui_python -m pip install --disable-pip-version-check --timeout 15 --retries 1 -r "$needed" -c "$pins" \
        >"$PIP_LOG" 2>&1 || code=$?
    rm -f "$pins" "$needed"
    return "$code"
}

# ---------------------------------------------------------------- into the webui

# The manifest holds «sha256  path below user_data» for what was put in. A line is added before its file is replaced, so
# that a run that was cut off knows its own files.
in_manifest() { [ -f "$MANIFEST" ] && grep -qFx -- "$1  $2" "$MANIFEST"; }
note_in_manifest() { in_manifest "$1" "$2" || printf '%s  %s\n' "$1" "$2" >>"$MANIFEST"; }

# One run at a time for each webui. The lock is that of the folder of extensions itself, so none is ever left behind.
require_no_other_install() {
    mkdir -p "$DATA/extensions"
    { exec 9<"$DATA/extensions"; } 2>/dev/null || return 0    # a system where folders cannot be opened
    "$PY" -c "$TRY_LOCK" || die "another ./install.sh is just writing into $DATA. Wait until it is done, then run this again."
}

# What the last run left unfinished, and this one if it ends before its time.
clear_installing() {
    rm -rf "$STORE/.incoming" "$MANIFEST.part"
    clear_unfinished "$STORE"
    if [ -d "$STORE/.outgoing" ]; then    # cut off between two renames: the former extension, until there is the new one
        [ -e "$DATA/extensions/role_engine" ] || mv "$STORE/.outgoing" "$DATA/extensions/role_engine"
        rm -rf "$STORE/.outgoing"
    fi
}

install_extension() {
    local from=$SELF/extensions/role_engine to=$DATA/extensions/role_engine
    [ ! -L "$to" ] || { say "$to is a link: left as it is."; return; }
    [ ! -e "$to/.git" ] || die "$to is a git checkout of its own; move it away first."
    if [ -d "$to" ] && [ "$(checksums_under "$from")" = "$(checksums_under "$to")" ]; then
        return
    fi
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
    install_optional_requirements
    mkdir -p "$STORE/roles" "$STORE/prompt-templates"
    require_no_other_install
    clear_installing
    trap clear_installing EXIT
    install_extension
    install_folder roles
    install_folder prompt-templates
    remove_dropped
    write_manifest
    clear_installing
    trap - EXIT
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
    rm -rf "$STORE/.incoming" "$STORE/.outgoing" "$STORE/cache/knowledge" "$STORE/cache/decoder"
    clear_unfinished "$STORE"
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
