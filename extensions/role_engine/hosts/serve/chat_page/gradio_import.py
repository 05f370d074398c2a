"""Gradio 4 beside today's libraries."""

from __future__ import annotations

import warnings
from types import ModuleType


def import_gradio() -> ModuleType:
    """The `gradio` module.

    Gradio 4 imports a name that `huggingface_hub` 1 (which transformers 5 wants) no longer has, for a login that this
    page has no use for. The name is lent while gradio is imported, and taken away again. It also imports
    `python-multipart` by its former name, which warns of that.

    Raises:
        ImportError: it is not installed, or does not work with what is.
    """
    import huggingface_hub

    lent = not hasattr(huggingface_hub, "HfFolder")
    if lent:
        huggingface_hub.HfFolder = object
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", PendingDeprecationWarning)
            import gradio
    finally:
        if lent:
            del huggingface_hub.HfFolder
    module: ModuleType = gradio
    return module
