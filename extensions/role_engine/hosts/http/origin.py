"""Who a browser says is asking: the page that we serve, the user, or a page of somebody else's."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from urllib.parse import urlsplit

from starlette.datastructures import Headers

_AUTHORITY = re.compile(r"(?:\[([0-9a-fA-F:.]+)\]|([0-9A-Za-z._-]+))(?::([0-9]{1,5}))?")
_DEFAULT_PORTS = {"http": 80, "https": 443}
_READING = ("GET", "HEAD")


@dataclass(frozen=True, slots=True)
class Authority:
    """Host and port as a Host header names them: `localhost`, `127.0.0.1`, `::1` (without brackets), in lower case."""

    host: str
    port: int | None = None

    def is_at(self, other: Authority, scheme: str) -> bool:
        """Whether both name the same host and port, where an unnamed port is the scheme's own."""
        default = _DEFAULT_PORTS[scheme]
        return self.host == other.host and (self.port or default) == (other.port or default)


class RequestOrigin(Enum):
    """`OWN`: a page of this server. `USER`: an address that was typed, or a bookmark. `FOREIGN`: any other page, one
    that hides its name included. `UNKNOWN`: nothing is said, as by programs."""

    OWN = "own"
    USER = "user"
    FOREIGN = "foreign"
    UNKNOWN = "unknown"


def parse_authority(text: str) -> Authority | None:
    """A Host header's value; None where it is none, or says more than host and port."""
    found = _AUTHORITY.fullmatch(text)
    if found is None:
        return None
    six, name, digits = found.groups()
    port = int(digits) if digits else None
    if port is not None and not 0 < port < 65536:
        return None
    if six is not None:
        try:
            return Authority(str(IPv6Address(six)), port)
        except AddressValueError:
            return None
    if name[-1].isdecimal():  # so ends an IPv4 address, and no name of a host
        try:
            IPv4Address(name)
        except AddressValueError:
            return None
    return Authority(name.lower(), port)


def parse_origin(text: str) -> tuple[str, Authority] | None:
    """An Origin header's scheme, host and port; None where it is hidden (`null`), or no web page's."""
    scheme, slashes, rest = text.partition("://")
    authority = parse_authority(rest) if slashes and scheme in _DEFAULT_PORTS else None
    return (scheme, authority) if authority is not None else None


def asker_of(method: str, headers: Headers) -> RequestOrigin:
    """Who asks, by `Origin` and `Sec-Fetch-Site`, neither of which a page can forge.

    Our own origin is that of the Host header, or of `X-Forwarded-Host`, which a proxy of ours sets and a page cannot
    send without being allowed to. Browsers leave `Sec-Fetch-Site` out on plain HTTP from other machines, and `Origin`
    where a page reads from its own server.
    """
    origins, sites = headers.getlist("origin"), headers.getlist("sec-fetch-site")
    if len(origins) > 1 or len(sites) > 1 or any(not _is_own(origin, headers) for origin in origins):
        return RequestOrigin.FOREIGN
    if sites:
        if sites[0] == "same-origin":
            return RequestOrigin.OWN
        return RequestOrigin.USER if sites[0] == "none" and method in _READING else RequestOrigin.FOREIGN
    return RequestOrigin.OWN if origins else RequestOrigin.UNKNOWN


def comes_from_here(headers: Headers) -> bool:
    """Whether the `Referer` is a page of this server; for readers that send neither `Origin` nor `Sec-Fetch-Site`."""
    try:
        address = urlsplit(headers.get("referer", ""))
    except ValueError:
        return False
    return _is_own(f"{address.scheme}://{address.netloc}", headers)


def _is_own(origin: str, headers: Headers) -> bool:
    parsed = parse_origin(origin)
    if parsed is None:
        return False
    scheme, asking = parsed
    asked = [parse_authority(name) for key in ("host", "x-forwarded-host") for name in headers.getlist(key)]
    return any(one is not None and asking.is_at(one, scheme) for one in asked)


def is_foreign(headers: Headers) -> bool:
    """Whether a page of another host asks; the port may differ, as that of the webui's page and of its API do.

    Programs send no Origin. A page that may not be named (`null`: a local file, a sandboxed frame) is foreign.
    """
    origin = headers.get("origin")
    if origin is None:
        return headers.get("sec-fetch-site") == "cross-site"
    return _host(origin) is None or _host(origin) != _host("//" + headers.get("host", ""))


def _host(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None
