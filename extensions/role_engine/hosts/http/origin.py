"""Whether a browser's page of another machine is asking."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers


def is_foreign(headers: Headers) -> bool:
    """Whether the request carries an `Origin` of another host than it is sent to; the port may differ.

    Programs send no Origin. A page that may not be named (`null`: a local file, a sandboxed frame) is foreign.
    """
    origin = headers.get("origin")
    if origin is None:
        return False
    return _host(origin) is None or _host(origin) != _host("//" + headers.get("host", ""))


def _host(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None
