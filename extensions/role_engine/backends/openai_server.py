"""A server that speaks OpenAI's HTTP: requests, event streams, and errors in the server's own words."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from threading import Event
from typing import Any
from urllib.parse import urlsplit

import httpx

from role_engine.errors import BackendError

CONNECT_SECONDS = 10.0
READ_SECONDS = 600.0
"""How long a server may be silent: a large prompt on a slow machine takes minutes before the first token."""
_LOOK_SECONDS = 0.05
_ERROR_CHARACTERS = 500


class OpenAIServer:
    """One server. Every request has a connection of its own, so that ending one ends no other.

    Args:
        base_url: `http://127.0.0.1:5000` or the address up to its `/v1`; without a path `/v1` is added.
        api_key: sent as a bearer token where it is not empty.
    """

    def __init__(self, base_url: str, *, api_key: str = "") -> None:
        parts = urlsplit(base_url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise BackendError(f"{base_url!r} is not the address of a server.", hint="It begins with http://")
        path = parts.path.rstrip("/") or "/v1"
        self.root = f"{parts.scheme}://{parts.netloc}{path}"
        self._headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        # Made once, for it costs more than a request; plain HTTP has no use for it.
        self._verify = httpx.create_ssl_context() if parts.scheme == "https" else False

    def get(self, path: str) -> Any | None:
        """The JSON at `path` below the root; None where the server has none there (any status but 200, no JSON).

        Raises:
            BackendError: there is no server.
        """
        with self._client() as client, self._said_plainly():
            answer = client.get(self.root + path)
        try:
            return answer.json() if answer.status_code == 200 else None
        except ValueError:
            return None

    def events(self, path: str, body: Mapping[str, Any], *, cancel: Event) -> Iterator[dict[str, Any]]:
        """Post `body` and yield the answer's events as they come; a plain JSON answer is one event.

        Closing the iterator closes the connection; so does setting `cancel`, from whatever thread and at once, and the
        iterator ends then.

        Raises:
            BackendError: no server, a refusal, an error in the stream, a connection that broke off.
        """
        connection = _Connection()
        with self._client() as client, connection.close_on(cancel), self._said_plainly(cancel):
            request = client.build_request("POST", self.root + path, json=dict(body))
            request.extensions["trace"] = connection.trace
            answer = client.send(request, stream=True)
            try:
                if answer.status_code >= 400:
                    answer.read()
                    raise BackendError(f"{self.root} answered {answer.status_code}: {_message(answer.text)}")
                yield from self._parsed(answer)
            finally:
                answer.close()

    def _parsed(self, answer: httpx.Response) -> Iterator[dict[str, Any]]:
        if "event-stream" not in answer.headers.get("content-type", ""):
            answer.read()
            yield self._event(answer.text)
            return
        for data in sse_data(answer.iter_bytes()):
            if data.strip() == "[DONE]":
                return
            yield self._event(data)

    def _event(self, data: str) -> dict[str, Any]:
        try:
            event = json.loads(data)
        except ValueError:
            event = None
        if not isinstance(event, dict):
            raise BackendError(f"{self.root} sent what is not JSON: {data[:80]!r}")
        if event.get("error"):
            raise BackendError(f"{self.root} broke off: {_message(data)}")
        return event

    def _client(self) -> httpx.Client:
        timeout = httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS)
        return httpx.Client(headers=self._headers, timeout=timeout, verify=self._verify)

    @contextmanager
    def _said_plainly(self, cancel: Event | None = None) -> Iterator[None]:
        """Errors of the transport as ours; none when the connection was closed on purpose."""
        try:
            yield
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            if cancel is not None and cancel.is_set():
                return
            if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
                raise BackendError(f"There is no server at {self.root} ({error}).", hint="Is it running?") from None
            raise BackendError(f"{self.root} broke off: {error or type(error).__name__}.") from None


class _Connection:
    """The socket of one request, so that another thread can end a read that waits for the next token."""

    def __init__(self) -> None:
        self._stream: Any = None
        self._over = Event()

    def trace(self, event: str, info: Mapping[str, Any]) -> None:
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            self._stream = info["return_value"]

    @contextmanager
    def close_on(self, cancel: Event) -> Iterator[None]:
        watcher = threading.Thread(target=self._watch, args=(cancel,), name="role-engine-cancel", daemon=True)
        watcher.start()
        try:
            yield
        finally:
            self._over.set()
            watcher.join()

    def _watch(self, cancel: Event) -> None:
        while not cancel.wait(_LOOK_SECONDS):
            if self._over.is_set():
                return
        while not self._over.wait(_LOOK_SECONDS if self._stream is None else 0):
            if self._stream is not None:
                self._shut_down()
                return

    def _shut_down(self) -> None:
        found = self._stream.get_extra_info("socket")
        if found is None:
            return
        with suppress(OSError):  # it may be closed already
            # Not close(): that would leave the reading thread asleep in recv().
            socket.socket.shutdown(found, socket.SHUT_RDWR)


def sse_data(pieces: Iterable[bytes]) -> Iterator[str]:
    """The `data` of every event of a server-sent event stream, however it is cut into pieces."""
    rest, data = b"", []
    for piece in pieces:
        *lines, rest = (rest + piece).split(b"\n")
        for line in lines:
            line = line.removesuffix(b"\r")
            if line.startswith(b"data:"):
                data.append(line[5:].removeprefix(b" "))
            elif not line and data:
                yield b"\n".join(data).decode("utf-8", "replace")
                data = []
    if rest.startswith(b"data:"):
        data.append(rest[5:].strip())
    if data:
        yield b"\n".join(data).decode("utf-8", "replace")


def _message(text: str) -> str:
    """What went wrong, out of the forms that servers put it in."""
    try:
        found = json.loads(text)
    except ValueError:
        found = text
    for key in ("error", "message", "detail"):
        if isinstance(found, dict) and found.get(key):
            found = found[key]
    said = " ".join((found if isinstance(found, str) else json.dumps(found, ensure_ascii=False)).split())
    return said[:_ERROR_CHARACTERS] or "nothing more"
