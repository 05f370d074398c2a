"""How each API words a reply: whole, or as a stream of events."""

from role_engine.hosts.serve.dialects.base import Dialect
from role_engine.hosts.serve.dialects.chat import ChatDialect
from role_engine.hosts.serve.dialects.completions import CompletionDialect
from role_engine.hosts.serve.dialects.messages import MessagesDialect

__all__ = ["ChatDialect", "CompletionDialect", "Dialect", "MessagesDialect"]
