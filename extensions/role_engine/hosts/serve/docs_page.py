"""`/openapi.json`, and `/docs`: the API to read and to try out, in Swagger UI.

The page fetches nothing from elsewhere: its scripts come out of the package `fastapi-swagger`. Neither address asks for
the key; the page sends the one that is typed into it, and keeps it nowhere.
"""

from __future__ import annotations

import html
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from starlette.responses import HTMLResponse, JSONResponse
from starlette.staticfiles import StaticFiles

from role_engine.hosts.serve.openapi import openapi_document

TITLE = "role_engine: the API"
_ASSETS = "docs/swagger-ui"  # relative, as all that the page asks for: it may stand behind a proxy's prefix
_SWAGGER_UI: dict[str, Any] = {
    "validatorUrl": None,  # a stranger's server, by default
    "tryItOutEnabled": True,
    "displayRequestDuration": True,
    "defaultModelsExpandDepth": 0,
}
_PLAIN = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,"><title>{title}</title><style>
body {{ font: 1rem/1.5 system-ui; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }}
dt {{ font-family: ui-monospace, monospace; margin-top: .8rem }}</style></head><body><main><h1>{title}</h1>
<p>The whole of it, for programs: <a href="openapi.json">openapi.json</a>. With
<code>pip install fastapi-swagger</code> this page can also try things out.</p>
<dl>{operations}</dl></main></body></html>
"""


def add_docs(app: FastAPI, *, with_key: bool) -> None:
    """Describe the routes that `app` has by now.

    Args:
        with_key: whether the server asks for an API key.
    """
    document = openapi_document(app.routes, with_key=with_key)
    assets = _swagger_ui()
    if assets is not None:
        app.mount(f"/{_ASSETS}", StaticFiles(directory=assets))

    async def openapi() -> JSONResponse:
        return JSONResponse(document)

    async def docs() -> HTMLResponse:
        return _interactive() if assets is not None else _plain(document)

    app.get("/openapi.json", include_in_schema=False)(openapi)
    app.get("/docs", include_in_schema=False)(docs)


def _swagger_ui() -> Path | None:
    """The folder with Swagger UI's files; None where the package is missing."""
    found = find_spec("fastapi_swagger")
    if found is None or found.origin is None:
        return None
    folder = Path(found.origin).parent / "resources"
    return folder if (folder / "swagger-ui-bundle.js").is_file() else None


def _interactive() -> HTMLResponse:
    return get_swagger_ui_html(
        openapi_url="openapi.json",
        title=TITLE,
        swagger_js_url=f"{_ASSETS}/swagger-ui-bundle.js",
        swagger_css_url=f"{_ASSETS}/swagger-ui.css",
        swagger_favicon_url=f"{_ASSETS}/favicon-32x32.png",
        swagger_ui_parameters=_SWAGGER_UI,
    )


def _plain(document: dict[str, Any]) -> HTMLResponse:
    operations = "".join(
        f"<dt>{html.escape(f'{method.upper()} {path}')}</dt><dd>{html.escape(operation['summary'])}</dd>"
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    )
    return HTMLResponse(_PLAIN.format(title=TITLE, operations=operations))
