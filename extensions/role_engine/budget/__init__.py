"""The context budget: how much of a context a role may take, and what it says where that is less than it has to say.

share       the bounds, context by context
shortening, contents   a text made shorter, a book's table of contents
fitting     what gives way first
telling     a role's texts and knowledge for one question
"""

from role_engine.budget.role_prompt import ContextWindow, RolePrompt, RolePromptBuilder
from role_engine.budget.share import role_share

__all__ = ["ContextWindow", "RolePrompt", "RolePromptBuilder", "role_share"]
