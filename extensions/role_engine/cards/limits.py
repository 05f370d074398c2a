"""What a card may cost before it is refused. Real cards are far below; a card that is above was made to do harm."""

from __future__ import annotations

MAX_FILE = 64 << 20
"""Bytes of the file, picture and archive included."""

MAX_TEXT = 8 << 20
"""Bytes of the card's JSON, unpacked. A webui character in YAML may have as much as a role file has."""

MAX_DEPTH = 64
"""Objects and lists inside each other."""

MAX_NUMBER = 40
"""Digits of a number."""

MAX_ENTRIES = 10_000
"""Entries of a lorebook."""

MAX_CHUNKS = 100_000
"""Chunks of a PNG."""

MAX_MEMBERS = 4096
"""Files in a `.charx`."""

MAX_UNPACKED = 256 << 20
"""Bytes of all files in a `.charx` together, unpacked."""

MAX_RATIO = 20
SMALL = 16 << 20
"""How many times larger than the archive its files may be together, unpacked, and what any archive may hold: what is in
a `.charx` are pictures and sounds, which are packed already."""

MAX_PICTURE = 32 << 20
"""Bytes of a picture that is kept."""
