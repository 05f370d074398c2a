"""llama.cpp's own server, run inside the test process by the package `xllamacpp`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from role_engine.embedded import MODEL, export_gguf

MODEL_FILE = "embedded.gguf"


@contextmanager
def llama_server(folder: Path, *, context: int = 4096, slots: int = 1) -> Iterator[str]:
    """Serve the embedded model, written as GGUF into `folder`; gives the server's address.

    `context` tokens are shared by the slots. What is missing makes a skip.
    """
    xllamacpp = pytest.importorskip("xllamacpp", reason="llama.cpp's own server comes with this package")
    pytest.importorskip("gguf", reason="writing the model for llama.cpp needs the gguf package")
    pytest.importorskip("torch", reason="writing the model for llama.cpp needs torch")
    params = xllamacpp.CommonParams()
    params.model.path = str(export_gguf(MODEL, folder / MODEL_FILE))
    params.port, params.hostnames, params.ui = 0, ["127.0.0.1"], False
    params.n_ctx, params.n_parallel, params.n_gpu_layers = context, slots, 0
    params.verbosity = 0  # it says much on stderr
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
    server = xllamacpp.Server(params)
    yield server.listening_address
    del server
