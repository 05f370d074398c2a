# Checksums, and files that are put in place whole. Sourced by install.sh.

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

# Copy under a name that nobody else has, then rename: a reader never sees half a file.
put_file() {
    local folder part
    folder=$(dirname "$2")
    part=$folder/.$(basename "$2").$$$UNFINISHED
    mkdir -p "$folder"
    cp "$1" "$part"
    chmod u+w "$part"
    mv -f "$part" "$2"
}

UNFINISHED=.role-engine-part

# What a run that was killed, or that ended on a full disk, had not finished below folder $1.
clear_unfinished() {
    [ ! -d "$1" ] || find "$1" -type f -name ".*$UNFINISHED" -exec rm -f {} + 2>/dev/null || true
}

# A program for Python: takes the lock of file descriptor 9, which ends with whoever has it open. Fails where it is taken.
TRY_LOCK='
import sys
try:
    import fcntl
except ImportError:
    sys.exit(0)  # Windows
try:
    fcntl.flock(9, fcntl.LOCK_EX | fcntl.LOCK_NB)
except BlockingIOError:
    sys.exit(1)
except OSError:
    pass  # a file system without locks
'
