"""llama.cpp's own server, run inside the test process by the package `xllamacpp`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from role_engine.backends.llama_server import LlamaServer
from role_engine.embedded import MODEL, export_gguf

MODEL_FILE = "embedded.gguf"


@contextmanager
def llama_server(folder: Path, *, context: int = 4096, slots: int = 1) -> Iterator[str]:
    """Serve the embedded model, written as GGUF into `folder`; gives the server's address.

    `context` tokens are shared by the slots. What is missing makes a skip.
    """
    pytest.importorskip("xllamacpp", reason="llama.cpp's own server comes with this package")
    pytest.importorskip("gguf", reason="writing the model for llama.cpp needs the gguf package")
    pytest.importorskip("torch", reason="writing the model for llama.cpp needs torch")
    file = export_gguf(MODEL, folder / MODEL_FILE)
    server = LlamaServer(file, context=context // slots, slots=slots, threads=1, gpu_layers=0)
    yield server.address
    del server
