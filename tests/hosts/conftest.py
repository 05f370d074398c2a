"""The hosts are tested with the roles, the templates and the engine of scripts of the layer below them."""

from tests.app.conftest import anyio_backend, folder, leaky, library, make, templates

__all__ = ["anyio_backend", "folder", "leaky", "library", "make", "templates"]
