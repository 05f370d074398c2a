from __future__ import annotations

import pytest

from role_engine.errors import SettingsError
from role_engine.hosts.serve.server import listening_socket


def test_a_taken_port_is_an_error_that_says_so() -> None:
    with listening_socket("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError, match=rf"Cannot serve on 127.0.0.1:{port}.*--port"):
            listening_socket("127.0.0.1", port)


def test_an_address_that_is_none() -> None:
    with pytest.raises(SettingsError, match="is no address to serve on"):
        listening_socket("no.such.host.invalid", 7861)
