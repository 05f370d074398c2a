"""The loaded "model" is a function from (prompt, state) to the pieces of a reply."""

from modules import shared

calls = []


def encode(text, **kwargs):
    return [text.split()]


def set_manual_seed(seed):
    return seed


def _generate(question, original_question, state, stopping_strings=None, is_chat=False):
    calls.append({"prompt": question, "state": state, "is_chat": is_chat})
    reply = ""
    if not is_chat:
        yield reply
    for piece in shared.model(question, state):
        reply += piece
        yield reply


generate_reply_HF = _generate
generate_reply_custom = _generate
