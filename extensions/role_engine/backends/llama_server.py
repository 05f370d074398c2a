"""llama.cpp's own server inside this process, by the package `xllamacpp`: for a model that is one GGUF file."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path

from role_engine.errors import BackendError

CONTEXT = 4096
"""Tokens of a slot, where nothing else is said."""
INSTALL = "Install it: pip install 'role-engine[gguf]'"


class LlamaServer:
    """A running server of one model, on a port of its own of 127.0.0.1; it ends when nothing holds it.

    Args:
        file: the model.
        context: tokens that prompt and reply have together, for each slot.
        slots: replies made side by side.
        threads: None: all cores but one.
        gpu_layers: layers put on a GPU, where this build of llama.cpp can; -1: all.

    Raises:
        BackendError: `xllamacpp` is missing, or the file is not there or no model that llama.cpp reads.
    """

    def __init__(
        self, file: Path, *, context: int = CONTEXT, slots: int = 1, threads: int | None = None, gpu_layers: int = -1
    ) -> None:
        require_llama_cpp()
        if not file.is_file():
            raise BackendError(f"{file} is not there.", hint="Name a GGUF file.")
        import xllamacpp

        params = xllamacpp.CommonParams()
        params.model.path = str(file)
        params.port, params.hostnames, params.ui = 0, ["127.0.0.1"], False
        params.n_ctx, params.n_parallel, params.n_gpu_layers = context * slots, slots, gpu_layers
        params.verbosity = 0  # it says much on stderr
        threads = threads or max(1, (os.cpu_count() or 2) - 1)
        params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads
        try:
            self._server = xllamacpp.Server(params)
        except RuntimeError as error:
            raise BackendError(f"llama.cpp cannot load {file}: {error}") from None
        self.file = file
        self.address: str = self._server.listening_address


def require_llama_cpp() -> None:
    """Said before anything is loaded.

    Raises:
        BackendError: the package is missing.
    """
    if find_spec("xllamacpp") is None:
        raise BackendError("A GGUF file needs llama.cpp, which comes with the package xllamacpp.", hint=INSTALL)
