"""The server's keys: where they come from, and who has one. Never from the command line, where others can read them."""

from __future__ import annotations

import hmac
import os
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request

from role_engine.errors import InputError, SettingsError

API_KEY, ADMIN_KEY = "ROLE_ENGINE_API_KEY", "ROLE_ENGINE_ADMIN_KEY"


@dataclass(frozen=True)
class Keys:
    """The API key and the admin key; None: that one is not asked for. The admin key opens everything."""

    api: str | None = None
    admin: str | None = None

    def admits(self, headers: Headers) -> bool:
        """Whether the request may use the API: `Authorization: Bearer KEY` or `x-api-key: KEY`, on every endpoint."""
        return self.api is None or _holds(headers, self.api) or (self.admin is not None and _holds(headers, self.admin))

    def admits_changes(self, headers: Headers) -> bool:
        """Whether the request may change something."""
        wanted = self.admin or self.api
        return wanted is None or _holds(headers, wanted)

    def holds_one(self, headers: Headers) -> bool:
        """Whether the request bears one of the keys in a header; False where there is none to bear."""
        return any([_holds(headers, key) for key in (self.api, self.admin) if key is not None])

    def opens_page(self, password: str) -> bool:
        """Whether this password opens the page."""
        known = [key for key in (self.api, self.admin) if key is not None]
        return any([_same(password, key) for key in known])

    async def require(self, request: Request) -> None:
        if not self.admits(request.headers):
            raise not_authorised()

    async def require_for_changes(self, request: Request) -> None:
        if not self.admits_changes(request.headers):
            raise not_authorised()


def read_keys(key_file: Path | str | None = None, environ: Mapping[str, str] = os.environ) -> Keys:
    """The API key from `key_file`, else from $ROLE_ENGINE_API_KEY; the admin key from $ROLE_ENGINE_ADMIN_KEY.

    Raises:
        InputError: the file cannot be read.
        SettingsError: a key is empty, or holds what cannot stand in a header.
    """
    api: str | None
    if key_file is not None:
        try:
            api = Path(key_file).read_text(encoding="utf-8-sig").strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
            raise InputError(f"The key file {key_file} cannot be read: {reason}.") from None
        source = f"The key file {key_file}"
    else:
        api, source = _stripped(environ.get(API_KEY)), f"${API_KEY}"
    admin = _stripped(environ.get(ADMIN_KEY))
    for key, where in ((api, source), (admin, f"${ADMIN_KEY}")):
        if key is not None and not (key and key.isascii() and key.isprintable() and " " not in key):
            raise SettingsError(
                f"{where} does not hold a key.", hint="A key is one line of ASCII letters, digits and signs."
            )
    return Keys(api, admin)


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach an address."""
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def refuse_open_door(host: str, keys: Keys) -> None:
    """
    Raises:
        SettingsError: others could use the server without a key.
    """
    if not is_loopback(host) and keys.api is None:
        raise SettingsError(
            f"Serving on {host} lets other machines in, and there is no key.",
            hint=f"Set ${API_KEY}, or name a file with --key-file.",
        )


def not_authorised() -> HTTPException:
    """The answer to a request without the key."""
    return HTTPException(401, "The API key is missing or wrong.", {"WWW-Authenticate": "Bearer"})


def _stripped(value: str | None) -> str | None:
    """An empty variable is one that is not set."""
    return value.strip() or None if value is not None else None


def _holds(headers: Headers, key: str) -> bool:
    scheme, _, bearer = headers.get("authorization", "").partition(" ")
    given = [bearer.strip() if scheme.lower() == "bearer" else "", headers.get("x-api-key", "")]
    return any([_same(one, key) for one in given])


def _same(given: str, key: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), key.encode())
