"""What the demo shows, as an SVG picture that needs nothing from elsewhere."""

from __future__ import annotations

import io
import re
from pathlib import Path

from rich.console import Console

from role_engine.errors import InputError
from role_engine.files import replace_file
from role_engine.hosts.cli.demo.comparison import Comparison
from role_engine.hosts.cli.demo.view import view
from role_engine.i18n.catalogue import Texts

WIDTH = 112
FONTS = '"DejaVu Sans Mono", "Liberation Mono", Menlo, Consolas, monospace'

_FONT_FACE = re.compile(r"(?<!\s)\s*@font-face \{.*?\}", re.DOTALL)
"""Rich's picture of a terminal would fetch its font; every system has one of its own."""


def write_picture(result: Comparison, texts: Texts, path: Path) -> None:
    """The picture, complete or not at all.

    Raises:
        InputError: it cannot be written there.
    """
    console = Console(
        width=WIDTH, record=True, file=io.StringIO(), color_system="truecolor", force_terminal=True, no_color=False,
        highlight=False, markup=False, emoji=False,
    )  # fmt: skip
    console.print(view(result, texts, console))
    picture = console.export_svg(title="role-engine demo", unique_id="role-engine-demo")
    picture = _FONT_FACE.sub("", picture).replace("Fira Code, monospace", FONTS)
    try:
        replace_file(path, picture.encode())
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror or error}.") from None
