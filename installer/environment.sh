# This checkout's own virtual environment, .role-engine/venv, for --demo and --test. Sourced by install.sh.
#
# One environment serves both: --test adds its packages to what --demo has put there, in the same pinned versions. The file
# .complete in it is written last. Without it the environment counts as half made, and is made anew; what pip had fetched by
# then lies in pip's cache.

OWN=$SELF/.role-engine
VENV=$OWN/venv
LOG=$OWN/install.log
SCRATCH=$OWN/tmp    # pip's temporary files: on the disk whose space was looked at, and gone even after a kill
CPU_INDEX=https://download.pytorch.org/whl/cpu
WORKER=

# ---------------------------------------------------------------- the Python it is made with

python_minor() { "$1" -c 'import sys; print(sys.version_info[1] if sys.version_info[0] == 3 else 0)' 2>/dev/null; }

find_own_python() {
    local candidate minor other='' without_venv=''
    local right="Python 3.$OLDEST to 3.$NEWEST"
    if [ -n "${PYTHON:-}" ]; then
        command -v -- "$PYTHON" >/dev/null 2>&1 || die "\$PYTHON names $PYTHON, which is not a program. Name a $right."
        minor=$(python_minor "$PYTHON") || die "\$PYTHON names $PYTHON, which is not a Python. Name a $right."
    fi
    for candidate in ${PYTHON:+"$PYTHON"} python3.11 python3.12 python3.13 python3.10 python3 python; do
        if command -v -- "$candidate" >/dev/null 2>&1 && minor=$(python_minor "$candidate"); then
            if [ "$minor" -lt "$OLDEST" ] || [ "$minor" -gt "$NEWEST" ]; then
                other=${other:-$("$candidate" -V 2>&1)}
            elif ! "$candidate" -c 'import venv, ensurepip' >/dev/null 2>&1; then
                without_venv=${without_venv:-$candidate}
            else
                PY=$candidate
                return
            fi
        fi
        [ "$candidate" != "${PYTHON:-}" ] || break
    done
    [ -z "$without_venv" ] || die "$without_venv cannot make virtual environments: install its venv module" \
        "(Debian, Ubuntu: apt install python3-venv)."
    [ -z "$other" ] || die "this needs $right, and there is only ${other}. Install one, or name it in \$PYTHON."
    die "no Python found: this needs $right. Install one, or name it in \$PYTHON."
}

# ---------------------------------------------------------------- what may be in the way

require_writable() {
    { mkdir -p "$OWN" && : >>"$LOG"; } 2>/dev/null ||
        die "$OWN cannot be written: give yourself the right to write there, or copy the checkout elsewhere."
}

# A folder, and how many megabytes it must have free.
require_space() {
    local free
    free=$(df -Pk "$1" 2>/dev/null | awk 'NR == 2 { print int($4 / 1024) }') || return 0
    [ -z "$free" ] || [ "$free" -ge "$2" ] ||
        die "$1 has $free MB free and about $2 MB are needed. Free some, or copy the checkout to a bigger disk."
}

# The lock belongs to file descriptor 9, so it ends with this run and with whatever this run has started: none is ever stale.
require_no_other_run() {
    exec 9>>"$OWN/lock"
    "$PY" -c "$TRY_LOCK" || die "another ./install.sh is just making $VENV. Wait until it is done, then run this again."
}

# ---------------------------------------------------------------- pip

what_pip_does() {
    words_of_last_step | grep -E '^ *(Collecting|Downloading|Building|Installing) ' | tail -n 1 |
        sed 's/^ *//; s/\(Installing collected packages\):.*/\1/' | cut -c 1-60 || true
}

# What is said meanwhile ($1), and the command. On a terminal one line that goes on, elsewhere a line now and then.
run_telling() {
    local what=$1 began=$SECONDS told=$SECONDS now doing
    shift
    printf '%s …\n' "$what" >&2
    (cd "$SELF" && exec "$@") </dev/null >>"$LOG" 2>&1 &
    WORKER=$!
    while kill -0 "$WORKER" 2>/dev/null; do
        now=$SECONDS
        if { [ -t 2 ] && [ "$now" -gt "$told" ]; } || [ $((now - told)) -ge 15 ]; then
            doing=$(printf '%4d s  %s' $((now - began)) "$(what_pip_does)")
            if [ -t 2 ]; then printf '\r\033[K%s' "$doing" >&2; else printf '%s\n' "$doing" >&2; fi
            told=$now
        fi
        sleep 0.2 9>&-
    done
    if [ -t 2 ]; then printf '\r\033[K' >&2; fi
    now=0
    wait "$WORKER" || now=$?
    WORKER=
    return "$now"
}

stop_worker() {
    if [ -n "$WORKER" ]; then
        kill "$WORKER" 2>/dev/null || true
        wait "$WORKER" 2>/dev/null || true
    fi
    rm -rf "$SCRATCH"
}

# $1 what is said meanwhile, then pip's arguments.
pip_install() {
    local what=$1
    shift
    printf '$ pip install %s\n' "$*" >>"$LOG"
    run_telling "$what" env PYTHONUNBUFFERED=1 TMPDIR="$SCRATCH" "$VENV_PYTHON" -m pip install --disable-pip-version-check \
        --no-input --no-compile --progress-bar off -c constraints.txt "$@"
}

words_of_last_step() { awk '/^\$ / { words = "" } { words = words $0 "\n" } END { printf "%s", words }' "$LOG"; }
last_step_says() { words_of_last_step | grep -E "$1" >/dev/null; }

# pip has said no: why, in a line.
explain_pip() {
    if last_step_says 'No space left on device|Errno 28|Disk quota exceeded'; then
        die "the disk is full: $OWN and pip's cache are written." \
            "Free some space and run this again."
    fi
    if last_step_says 'from versions: none|Could not fetch URL|Max retries exceeded|Read timed out|[Cc]onnection (broken|aborted|refused|reset)' &&
        last_step_says 'NewConnectionError|name resolution|NameResolutionError|[Tt]imed out|ProxyError|SSLError|ProtocolError|[Cc]onnection (broken|aborted|refused|reset)'; then
        die "pip cannot reach its package index: no network? Run this again when there is one; what was fetched is kept."
    fi
    words_of_last_step | tail -n 15 >&2
    die "pip could not install the packages (above: its last words). Run this again, or look into $LOG"
}

# PyPI's torch for Linux brings CUDA along, several gigabytes. The build for CPUs has «+cpu» in its version; it may lie where
# this machine's pip looks anyway, else PyTorch's own index has it.
install_torch() {
    local version
    version=$(sed -n 's/^torch==\([^ ;]*\).*/\1/p' "$SELF/constraints.txt")
    if [ "$(uname -s)" = Linux ]; then
        if pip_install "Installing torch $version for the CPU" "torch==$version+cpu"; then return; fi
        last_step_says 'from versions: [0-9]' || explain_pip    # else there are versions, only not this one
        # One short try, since this index may be out of reach where PyPI is not.
        if pip_install "Installing torch $version from $CPU_INDEX" --index-url "$CPU_INDEX" --timeout 15 --retries 1 \
            "torch==$version"; then
            return
        fi
        say "$CPU_INDEX does not give it. Taking the package index's own build, which may bring CUDA along." >&2
        require_space "$OWN" 8000
    fi
    pip_install "Installing torch $version" "torch==$version" || explain_pip
}

# ---------------------------------------------------------------- the environment

# Extra $1 of pyproject.toml is installed, as the files say now. What has «test» has the others.
is_complete() {
    [ -n "$VENV_PYTHON" ] && [ -x "$VENV_PYTHON" ] && [ -f "$VENV/.complete" ] &&
        grep -qFx -e "$1 $STAMP" -e "test $STAMP" "$VENV/.complete"
}

begin_installing() {
    require_writable
    require_no_other_run
    trap 'stop_worker; say "Stopped. Run it again to go on." >&2; exit 130' INT TERM HUP
    : >"$LOG"
    rm -rf "$SCRATCH"
    mkdir "$SCRATCH"
}

end_installing() {
    rm -rf "$SCRATCH"
    trap - INT TERM HUP
    exec 9>&-
}

# $1: the extra, demo or test. Afterwards $VENV_PYTHON is its Python.
make_environment() {
    local extra=$1 megabytes=1500 fetched='300 MB'
    if [ "$extra" = 'test' ]; then megabytes=2500 fetched='400 MB'; fi
    STAMP="$SELF $("$PY" -V 2>&1) $(cat "$SELF/pyproject.toml" "$SELF/constraints.txt" | sha256)"
    VENV_PYTHON=$(python_in "$VENV") || VENV_PYTHON=
    if is_complete "$extra"; then
        return
    fi
    begin_installing
    if is_complete demo; then
        require_space "$OWN" $((megabytes - 1200))
        rm -f "$VENV/.complete"
    else
        if [ -e "$VENV" ]; then say "Making .role-engine/venv anew: it is half made, or of another version." >&2; fi
        rm -rf "$VENV"
        require_space "$OWN" "$megabytes"
        say "Only this time: about $fetched of packages are fetched, which takes some minutes." >&2
        run_telling "Making a virtual environment in $VENV" "$PY" -m venv "$VENV" ||
            { tail -n 5 "$LOG" >&2; die "$PY could not make a virtual environment (above: its last words)."; }
        VENV_PYTHON=$(python_in "$VENV") || die "$PY made a virtual environment without a Python in it: $VENV"
        install_torch
    fi
    pip_install "Installing the packages" -e ".[$extra]" || explain_pip
    printf '%s %s\n' "$extra" "$STAMP" >"$VENV/.complete.part"
    mv -f "$VENV/.complete.part" "$VENV/.complete"
    end_installing
}

# An extra that the environment gets besides, $1, called $2: none is made anew for it.
add_extra() {
    if is_complete "$1"; then
        return
    fi
    begin_installing
    pip_install "Installing $2" -e ".[$1]" || explain_pip
    printf '%s %s\n' "$1" "$STAMP" >>"$VENV/.complete"
    end_installing
}
