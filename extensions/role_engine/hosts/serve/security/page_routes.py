"""What of this server a browser may ask for, and who may. What is not listed here does not exist.

The list of gradio's routes is what its page was seen to use, in a browser, in every view of the panel.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from role_engine.hosts.http.middleware import ENDPOINTS

JSON = "application/json"
FORM = ("application/x-www-form-urlencoded", "multipart/form-data")


class Access(Enum):
    """Who may ask.

    `PUBLIC`: whoever opens our page; it is the same on every server.
    `SHOWN`: a page to look at; a link on a page of somebody else's may lead there.
    `OURS`: only what our own page asks for. A program has to say that it is one of ours.
    `API`: programs, and pages that hold the key.
    """

    PUBLIC = "public"
    SHOWN = "shown"
    OURS = "ours"
    API = "api"


@dataclass(frozen=True, slots=True)
class Route:
    """
    Attributes:
        methods: those that are let in; empty: all.
        kinds: what a body may be, as Content-Type names it; empty: whatever.
        is_file: something that a user has sent, or that was made for one: to be saved, never to be shown.
    """

    pattern: re.Pattern[str]
    access: Access
    methods: tuple[str, ...] = ("GET", "HEAD")
    kinds: tuple[str, ...] = ()
    is_file: bool = False


def _route(pattern: str, access: Access, *methods: str, kinds: tuple[str, ...] = (), is_file: bool = False) -> Route:
    return Route(re.compile(pattern), access, methods or ("GET", "HEAD"), kinds, is_file)


_JSON_API = "|".join(re.escape(path) for path in (*ENDPOINTS, "/v1/role-engine/check", "/v1/role-engine/active"))
_SEGMENT = r"/(?!\.)[\w.-]+"  # a plain name: nothing that leads out of gradio's folders, on whatever system
_NO_ADDRESS = "(?![a-zA-Z][a-zA-Z0-9+.-]+:/)"
_NO_WAY_UP = r"(?!(?:.*[/\\])?\.\.(?:[/\\]|$))"
API_ROUTES = (
    Route(re.compile(_JSON_API), Access.API, ("POST", "PUT"), (JSON,)),
    Route(re.compile("/v1/.*", re.DOTALL), Access.API, ()),
    _route("/docs", Access.SHOWN),
    _route(r"/openapi\.json", Access.SHOWN),
    _route("/docs/swagger-ui/.+", Access.PUBLIC),
)
NO_PAGE_ROUTES = (_route("/", Access.SHOWN),)
PAGE_ROUTES = (
    *NO_PAGE_ROUTES,
    _route(rf"/(?:assets|static)(?:{_SEGMENT})+|/favicon\.ico|/theme\.css|/robots\.txt", Access.PUBLIC),
    _route("/run/predict|/queue/join", Access.OURS, "POST", kinds=(JSON,)),
    _route("/queue/data|/heartbeat/[^/]+", Access.OURS, "GET"),
    _route(rf"/file={_NO_ADDRESS}{_NO_WAY_UP}.+", Access.OURS, is_file=True),
)
LOGIN_ROUTES = (
    _route("/login/?", Access.OURS, "POST", kinds=FORM),
    _route("/logout", Access.OURS, "GET"),
)
UPLOAD_ROUTES = (_route("/upload", Access.OURS, "POST", kinds=("multipart/form-data",)),)


def open_routes(*, page: bool, login: bool, upload: bool) -> tuple[Route, ...]:
    """The routes of a server.

    Args:
        page: it has the chat page.
        login: the page asks for a key.
        upload: the page may take in files.
    """
    if not page:
        return (*API_ROUTES, *NO_PAGE_ROUTES)
    return (*API_ROUTES, *PAGE_ROUTES, *(LOGIN_ROUTES if login else ()), *(UPLOAD_ROUTES if upload else ()))
