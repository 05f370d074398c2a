"""How each API words a reply: whole, or as a stream of events."""

from role_engine.hosts.serve.forms.base import Form
from role_engine.hosts.serve.forms.chat import ChatForm
from role_engine.hosts.serve.forms.completions import CompletionForm
from role_engine.hosts.serve.forms.messages import MessagesForm

__all__ = ["ChatForm", "CompletionForm", "Form", "MessagesForm"]
