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

# Copy under another name, then rename: a reader never sees half a file.
put_file() {
    mkdir -p "$(dirname "$2")"
    cp "$1" "$2.part"
    chmod u+w "$2.part"
    mv -f "$2.part" "$2"
}
