"""The option that says who generates, the same on every command that talks."""

from __future__ import annotations

from typing import Annotated

import typer

ModelOption = Annotated[
    str | None,
    typer.Option(
        "--model",
        metavar="DIR|URL",
        help="Folder of a Hugging Face model, or a server's address. Default: the embedded model.",
    ),
]
