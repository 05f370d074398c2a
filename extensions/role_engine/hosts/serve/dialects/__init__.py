"""How each API words a reply: whole, or as a stream of events."""

from role_engine.hosts.serve.dialects.base import Form
from role_engine.hosts.serve.dialects.chat import ChatForm
from role_engine.hosts.serve.dialects.completions import CompletionForm
from role_engine.hosts.serve.dialects.messages import MessagesForm

__all__ = ["ChatForm", "CompletionForm", "Form", "MessagesForm"]
