"""Prompts: how a role, a history and a question become the text that a model reads.

frame           a role's texts with everything filled in
chat_templates  a model's own chat template, taught to carry a role and a reminder
template_library, render, bill   the project's own templates, and what a prompt costs
history         earlier replies without what the language policy refuses
"""

from role_engine.prompts.chat_templates import adapt_chat_template, system_support
from role_engine.prompts.frame import RoleText, fill, role_text, with_blank_lines
from role_engine.prompts.history import clean_history, clean_reply
from role_engine.prompts.neutral import neutralise
from role_engine.prompts.render import RenderedPrompt, render
from role_engine.prompts.template_library import Template, TemplateLibrary
from role_engine.prompts.token_usage import count_usage

__all__ = [
    "RenderedPrompt",
    "RoleText",
    "Template",
    "TemplateLibrary",
    "adapt_chat_template",
    "clean_history",
    "clean_reply",
    "count_usage",
    "fill",
    "neutralise",
    "render",
    "role_text",
    "system_support",
    "with_blank_lines",
]
