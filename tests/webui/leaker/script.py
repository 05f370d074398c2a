"""A webui extension that generates replies itself, full of markers that no reader may see, cut in awkward places."""

params = {"display_name": "leaker", "is_tab": False}
TEXT = (
    "Это <|recursion|>ответ <|th" + "ink|>о мо<|conflict|>ре. <|role:poet|>Он </th" + "ink>синий, <think>глубокий "
    "<seed:think>и <|channel|>analysis<|message|>старый. <tool_start>Волны</tool_end> <|channel>thought шумят. "
    "<|channel|>final<|message|>Чайки <thi<|think|>nk>летят. [[Слово: Логик]]\n`thought\n` и берег."
)
PIECE = 3


def custom_generate_reply(question, original_question, state, stopping_strings=None, is_chat=False):
    # A reply that is resumed goes on where it was; what was taken out of it is not said again.
    for end in range(PIECE, len(TEXT) + PIECE, PIECE):
        yield TEXT[:end]
