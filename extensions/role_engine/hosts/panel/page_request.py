"""The browser session that an event of the page, or a reply made for it, belongs to."""

from __future__ import annotations

import sys
from typing import Any

from role_engine.hosts.panel.sessions import BrowserSession, BrowserSessions


def session_of(sessions: BrowserSessions, request: Any) -> BrowserSession:
    """The session of a `gradio.Request`."""
    return sessions.of(request.session_hash, request.headers.get("accept-language"))


def current_session_key() -> str | None:
    """The session whose event is being handled on this thread; None outside of the page (the API has none)."""
    context = sys.modules.get("gradio.context")  # without a page nobody has imported it
    request = context.LocalContext.request.get(None) if context is not None else None
    return getattr(request, "session_hash", None)
