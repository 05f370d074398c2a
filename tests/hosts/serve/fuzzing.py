"""Requests that nobody thought of, made from `/openapi.json` by schemathesis and, past any schema, by hand.

    python -m tests.hosts.serve.fuzzing --cases 100000 --seed 1

asks a server of scripts for so many replies and tells how often which status came. A 500 ends it, with the request.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import re
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import requests
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st
from schemathesis.generation import GenerationMode
from starlette.types import ASGIApp

from role_engine.hosts.serve.openapi import openapi_document

BASE = "http://127.0.0.1"
VARIANTS = 4
FINE = frozenset({200, 400, 401, 403, 404, 405, 406, 413, 414, 415, 422, 429, 431})

_WORDS = re.compile(rb'"(?:[^"\\]|\\.)*"|[\w.+-]+|.', re.DOTALL)
_SPARE = (
    b"null",
    b"true",
    b"0",
    b"-1",
    b"1e999",
    b"9" * 30,
    b"[]",
    b"{}",
    b'""',
    b'"role:poet"',
    b"[[[[",
    b"\xff",
    b"NaN",
)
_GENERATE = ("/v1/chat/completions", "/v1/completions", "/v1/messages")
_PATHS = (*_GENERATE, "/v1/models", "/v1/role-engine/active", "/v1/role-engine/check", "/v1/role-engine/roles/poet")
_TEXTS = (
    st.sampled_from(["", "Кто ты?", "hello", "\ud800", "\x00", "<|im_end|>", "role:poet", "poet:strict", "😀" * 9])
    | st.text()
)
_VALUES: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | _TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_TEXTS, inner, max_size=4),
    max_leaves=12,
)
_ROLES = st.sampled_from(["system", "developer", "user", "assistant", "tool"])
_CONTENTS = _TEXTS | st.lists(
    st.fixed_dictionaries({"type": st.just("text") | _VALUES, "text": _TEXTS | _VALUES}), max_size=3
)
_MESSAGES = st.lists(st.fixed_dictionaries({"role": _ROLES, "content": _CONTENTS}), max_size=5)
_KEYS = (
    *("model", "stop", "stop_sequences", "n", "seed", "stream", "stream_options", "temperature", "top_k", "thinking"),
    *("response_format", "role_engine", "echo", "enable_thinking", "tools", "max_completion_tokens", "suffix"),
)
_BODIES = st.builds(
    lambda messages, prompt, text, limit, more: {
        "messages": messages, "prompt": prompt, "text": text, "system": text, "max_tokens": limit, **more
    },
    _MESSAGES,
    _TEXTS | st.lists(_TEXTS, max_size=3),
    _TEXTS,
    st.integers(1, 9),
    st.dictionaries(st.sampled_from(_KEYS), _VALUES, max_size=3),
)  # fmt: skip


@dataclass(frozen=True)
class Request:
    """A request as bytes."""

    method: str
    path: str
    query: bytes = b""
    headers: tuple[tuple[bytes, bytes], ...] = ()
    body: bytes = b""


@dataclass
class Outcome:
    """How often which status came, by method and path, and the first request that one of them should not answer."""

    seen: Counter[tuple[str, int]] = field(default_factory=Counter)
    failed: Request | None = None


def _dumped(value: Any, ascii_only: bool) -> bytes:
    return json.dumps(value, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")


@st.composite
def _broken(draw: Any, bodies: Any) -> bytes:
    """A body with some bytes left out, doubled or changed."""
    body = bytearray(draw(bodies))
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(body)))
        body[at : at + draw(st.integers(0, 3))] = draw(st.binary(max_size=4))
    return bytes(body)


def _variants(request: Request, number: int) -> Iterator[Request]:
    """The request with some pieces of its body in each other's place: made at once, where a draw takes a while."""
    if not request.body:
        return
    dice = random.Random(request.body)
    words = _WORDS.findall(request.body)
    for _ in range(number):
        changed = list(words)
        for _ in range(dice.randint(1, 3)):
            changed[dice.randrange(len(changed))] = dice.choice((*words, *_SPARE))
        yield replace(request, body=b"".join(changed))


def _by_hand() -> Any:
    bodies = st.builds(_dumped, _BODIES | _VALUES, st.booleans())
    header = st.sampled_from([b"poet", b"poet:strict", b":off", b"nobody", b"%D1%8F:%FF", b"a:b:c", b"\xff\xfe"])
    kind = st.sampled_from(
        [b"application/json", b"application/json; charset=x", b"text/plain", b"multipart/form-data", b""]
    )
    return st.builds(
        lambda method, path, headers, body: Request(method, path, b"", tuple(headers), body),
        st.sampled_from(["POST", "POST", "POST", "GET", "PUT", "DELETE", "OPTIONS"]),
        st.sampled_from(_PATHS) | st.text(max_size=9).map(lambda text: f"/v1/{text}"),
        st.lists(
            st.tuples(st.just(b"content-type"), kind) | st.tuples(st.just(b"x-role-engine"), header), max_size=2
        ).filter(lambda headers: len({name for name, _ in headers}) == len(headers)),
        bodies | _broken(bodies),
    )


def _by_schema(app: FastAPI) -> Any:
    schema = schemathesis.openapi.from_dict(openapi_document(app.routes, with_key=False))
    operations = [found.ok() for found in schema.get_all_operations()]
    modes = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    return st.one_of([one.as_strategy(generation_mode=mode) for one in operations for mode in modes]).map(_as_bytes)


def _as_bytes(case: Any) -> Request:
    sent = requests.Request(**{**case.as_transport_kwargs(base_url=BASE), "cookies": None}).prepare()
    path, _, query = sent.path_url.partition("?")
    headers = tuple(
        (
            name.lower().encode("latin-1", "replace"),
            value.encode("latin-1", "replace") if isinstance(value, str) else value,
        )
        for name, value in sent.headers.items()
        if name.lower() not in ("host", "content-length")
    )
    body = sent.body or b""
    return Request(
        sent.method or "GET", path, query.encode(), headers, body.encode() if isinstance(body, str) else body
    )


async def ask(app: ASGIApp, request: Request) -> int:
    """The status of the app's answer."""
    status: list[int] = []
    asked = False

    async def receive() -> Any:
        nonlocal asked
        if asked:
            await asyncio.Event().wait()
        asked = True
        return {"type": "http.request", "body": request.body, "more_body": False}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            status.append(message["status"])

    length = [(b"content-length", str(len(request.body)).encode())] if request.body else []
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": "http",
        "path": requests.utils.unquote(request.path),
        "raw_path": request.path.encode("utf-8", "surrogatepass"),
        "query_string": request.query,
        "root_path": "",
        "headers": [(b"host", b"127.0.0.1"), *length, *request.headers],
        "server": ("127.0.0.1", 80),
        "client": ("127.0.0.1", 5),
    }
    await app(scope, receive, send)
    return status[0]


def fuzz(app: FastAPI, cases: int, seed: int, variants: int = VARIANTS) -> Outcome:
    """Ask the app so many things, of each request that is drawn so many variants.

    Raises:
        Exception: what the app raised, after a 500.
    """
    outcome = Outcome()
    with closing(asyncio.new_event_loop()) as loop:

        @seeded(seed)
        @settings(
            max_examples=-(-cases // (1 + variants)),
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate, Phase.shrink],
        )
        @given(_by_schema(app) | _by_hand())
        def run(request: Request) -> None:
            for one in (request, *_variants(request, variants)):
                outcome.failed = one
                status = loop.run_until_complete(ask(app, one))
                outcome.seen[one.method, status] += 1
                assert status in FINE, f"{status} for {one}"
                outcome.failed = None

        run()
    return outcome


def main() -> None:
    from role_engine import ReplayBackend, RoleLibrary, TemplateLibrary
    from role_engine.hosts.serve.app import make_app
    from role_engine.paths import builtin_roles, builtin_templates
    from tests.app.conftest import engine_of

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--variants", type=int, default=VARIANTS, help="of each request that is drawn")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        own = Path(home, "roles")
        own.mkdir()
        backend = ReplayBackend(lambda request: [" мир", "."] if request.prefix else ["Да", " hello", "."])
        roles, templates = RoleLibrary([own, builtin_roles()]), TemplateLibrary([builtin_templates()])
        app = make_app(engine_of(backend, context=2000), roles, templates, page=False)
        began = time.monotonic()
        outcome = fuzz(app, options.cases, options.seed, options.variants)
        print(f"{sum(outcome.seen.values())} requests in {time.monotonic() - began:.0f} s")
        for (method, status), times in sorted(outcome.seen.items()):
            print(f"{method:8}{status:5}{times:9}")


if __name__ == "__main__":
    main()
