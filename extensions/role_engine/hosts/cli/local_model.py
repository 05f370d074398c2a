"""The model that a command runs on: the embedded one, a folder, a GGUF file, or another server."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from role_engine.errors import BackendError

if TYPE_CHECKING:
    from role_engine.app.engine import Engine
    from role_engine.models.report import Kind

INSTALL = "Install them: pip install 'role-engine[demo]', or run ./install.sh --demo in a checkout."


def is_address(model: str | None) -> bool:
    return model is not None and model.startswith(("http://", "https://"))


def load_engine(model: str | None, *, api_key: str = "", kind: Kind | None = None) -> Engine:
    """The engine of `--model`; None: the embedded model. What it loads it loads from this machine.

    Args:
        kind: of a model in a folder; None: what its files say.

    Raises:
        BackendError: torch or transformers are missing, no such folder or server, a model that cannot be loaded.
    """
    from role_engine.app.engines import is_gguf, load_local_engine, open_engine

    if model is not None and (is_address(model) or is_gguf(model)):
        return open_engine(model, api_key=api_key, kind=kind)
    folder = None if model is None else Path(model).expanduser()
    if folder is not None and not folder.is_dir():
        raise BackendError(
            f"{model!r} is not the address of a server, nor a folder, nor a GGUF file.",
            hint="Name a folder with a Hugging Face model, a GGUF file, or an address that begins with http://",
        )
    require_torch()
    os.environ.setdefault("HF_HUB_OFFLINE", "1")  # read when transformers is imported: nothing is looked for elsewhere
    if folder is not None:
        return load_local_engine(folder, kind=kind)
    return _embedded()


def require_torch() -> None:
    """Said at once: importing torch takes seconds.

    Raises:
        BackendError: something is missing.
    """
    missing = [name for name in ("torch", "transformers") if find_spec(name) is None]
    if missing:
        verb = "is" if len(missing) == 1 else "are"
        raise BackendError(f"A local model needs torch and transformers; {' and '.join(missing)} {verb} missing.",
                           hint=INSTALL)  # fmt: skip


def _embedded() -> Engine:
    from dataclasses import replace

    import torch

    from role_engine.app.engines import load_local_engine
    from role_engine.embedded import MODEL

    torch.set_num_threads(1)  # a second thread gains nothing at this size, and stalls on a busy machine
    # It knows the system messages that it was trained on, and no others.
    return replace(load_local_engine(MODEL, name="embedded"), hands_over=False)
