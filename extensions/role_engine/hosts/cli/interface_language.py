"""The language in which the command line speaks to people at a terminal."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from role_engine.i18n.catalogue import Language


def interface_language(environ: Mapping[str, str] = os.environ) -> Language:
    """Russian where the locale is, by the variables that POSIX looks at, in its order; else English."""
    locale = next((environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environ.get(name)), "")
    return "ru" if locale.lower().startswith("ru") else "en"
