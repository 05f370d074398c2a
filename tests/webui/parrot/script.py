"""A webui extension that generates replies itself, as a model behind another API would: always the same one."""

params = {"display_name": "parrot", "is_tab": False}
WORDS = ["Попугай", "говорит", "по-русски", "и", "внезапно", "建立", "потом", "снова", "по-русски."]


def custom_generate_reply(question, original_question, state, stopping_strings=None, is_chat=False):
    text = ""
    for word in WORDS:
        text += word + " "
        yield text
