"""Roles and clean Russian for any local model.

    from role_engine import LanguagePolicy, check
    check("Это рyчка", LanguagePolicy()).violations

Public names are loaded on first use, so that `import role_engine` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from role_engine.version import __version__

_HOME_OF = {
    "Attempt": "role_engine.backends.replay",
    "Backend": "role_engine.backends.base",
    "BackendError": "role_engine.errors",
    "Capabilities": "role_engine.backends.base",
    "Chunk": "role_engine.backends.base",
    "GenerationRequest": "role_engine.backends.base",
    "InputError": "role_engine.errors",
    "LanguagePolicy": "role_engine.language.policy",
    "LlamaCppBackend": "role_engine.backends.llama_cpp",
    "ModelError": "role_engine.errors",
    "ModelReport": "role_engine.models",
    "OpenAIBackend": "role_engine.backends.openai",
    "ReplayBackend": "role_engine.backends.replay",
    "ReplyReport": "role_engine.guard.report",
    "Role": "role_engine.roles",
    "RoleEngineError": "role_engine.errors",
    "RoleError": "role_engine.errors",
    "RoleLibrary": "role_engine.roles",
    "SettingsError": "role_engine.errors",
    "StreamGuard": "role_engine.guard.stream",
    "TemplateError": "role_engine.errors",
    "TemplateLibrary": "role_engine.prompts",
    "TokenBan": "role_engine.backends.base",
    "TransformersBackend": "role_engine.backends.transformers",
    "UnknownRole": "role_engine.errors",
    "Verdict": "role_engine.language.verdict",
    "Violation": "role_engine.language.verdict",
    "check": "role_engine.language",
    "guarded_stream": "role_engine.guard.attempts",
    "inspect_model": "role_engine.models",
}

if TYPE_CHECKING:
    from role_engine.backends.base import Backend, Capabilities, Chunk, GenerationRequest, TokenBan
    from role_engine.backends.llama_cpp import LlamaCppBackend
    from role_engine.backends.openai import OpenAIBackend
    from role_engine.backends.replay import Attempt, ReplayBackend
    from role_engine.backends.transformers import TransformersBackend
    from role_engine.errors import (
        BackendError,
        InputError,
        ModelError,
        RoleEngineError,
        RoleError,
        SettingsError,
        TemplateError,
        UnknownRole,
    )
    from role_engine.guard.attempts import guarded_stream
    from role_engine.guard.report import ReplyReport
    from role_engine.guard.stream import StreamGuard
    from role_engine.language import check
    from role_engine.language.policy import LanguagePolicy
    from role_engine.language.verdict import Verdict, Violation
    from role_engine.models import ModelReport, inspect_model
    from role_engine.prompts import TemplateLibrary
    from role_engine.roles import Role, RoleLibrary

__all__ = [
    "Attempt",
    "Backend",
    "BackendError",
    "Capabilities",
    "Chunk",
    "GenerationRequest",
    "InputError",
    "LanguagePolicy",
    "LlamaCppBackend",
    "ModelError",
    "ModelReport",
    "OpenAIBackend",
    "ReplayBackend",
    "ReplyReport",
    "Role",
    "RoleEngineError",
    "RoleError",
    "RoleLibrary",
    "SettingsError",
    "StreamGuard",
    "TemplateError",
    "TemplateLibrary",
    "TokenBan",
    "TransformersBackend",
    "UnknownRole",
    "Verdict",
    "Violation",
    "__version__",
    "check",
    "guarded_stream",
    "inspect_model",
]


def __getattr__(name: str) -> Any:
    try:
        home = _HOME_OF[name]
    except KeyError:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(set(globals()) | set(__all__))
