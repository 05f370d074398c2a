"""Word frequencies out of the `wordfreq` wheel, read without installing it.

Source: https://pypi.org/project/wordfreq/ 3.1.1, Robyn Speer. Its lists are CC BY-SA 4.0; they hold words of Wikipedia,
OpenSubtitles, Google Books, news and web text up to 2021.
"""

from __future__ import annotations

import gzip
import zipfile
from collections.abc import Iterator
from pathlib import Path

import msgpack


def read(wheel: Path, language: str, size: str = "large") -> Iterator[tuple[str, float]]:
    """(word, share of all words), the most frequent first.

    Args:
        wheel: `wordfreq-3.1.1-py3-none-any.whl` (`pip download --no-deps wordfreq==3.1.1`).
        size: `large` (down to one word in 100 million) or `small` (in a million).
    """
    with zipfile.ZipFile(wheel) as archive:
        packed = archive.read(f"wordfreq/data/{size}_{language}.msgpack.gz")
    _, *bins = msgpack.unpackb(gzip.decompress(packed), raw=False)  # words by their share, in hundredths of a decade
    for hundredths, words in enumerate(bins):
        for word in words:
            yield word, 10 ** (-hundredths / 100)
