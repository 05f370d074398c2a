"""The option that says who generates, the same on every command that talks."""

from __future__ import annotations

from enum import Enum
from typing import Annotated

import typer

ModelOption = Annotated[
    str | None,
    typer.Option(
        "--model",
        metavar="DIR|FILE|URL",
        help="Folder of a Hugging Face model, a GGUF file, or a server's address. Default: the embedded model.",
    ),
]


class ModelKind(str, Enum):
    base = "base"
    instruct = "instruct"


KindOption = Annotated[
    ModelKind | None,
    typer.Option(
        "--model-kind",
        metavar="base|instruct",
        help="What the model in DIR or FILE is; a base model gets the role's template. Default: as its files have it.",
    ),
]
