"""A reasoning block is checked under `in_thinking: same` and left alone under `free`; the text after it always is."""

from __future__ import annotations

import pytest

from role_engine.bench.replies.oracle import name_foreign

from . import client
from .client import ask, chat_body
from .host import Host

# The generation prompt opens the block, as the templates of reasoning models do; the model itself never closes it.
OPENS_A_BLOCK = (
    "{%- for message in messages -%}{{ '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' }}"
    "{%- endfor -%}{%- if add_generation_prompt -%}{{ '<|im_start|>assistant\\n<think>\\n' }}{%- endif -%}"
)

ROLE = """\
name: Думающая {how}
system: Ты думаешь вслух.
language: {{mode: strict, in_thinking: {how}}}
"""


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize("how", ["same", "free"])
def test_reasoning(tiny: Host, how: str, stream: bool) -> None:
    tiny.write_role(f"test-thinks-{how}", ROLE.format(how=how))
    texts = []
    for seed in range(1, 9):
        reply = ask(
            tiny.client,
            client.CHAT,
            chat_body(
                "Подумай.",
                seed=seed,
                max_tokens=60,
                stream=stream,
                instruction_template_str=OPENS_A_BLOCK,
                role_engine={"role": f"test-thinks-{how}"},
            ),
        )
        assert "<think>" not in reply.text, "the tag that the host adds itself came out as text"
        assert name_foreign(reply.text) == []
        texts.append(reply.reasoning)
    assert any(texts), "the host gave no reasoning_content: the test proves nothing"
    leaking = [text for text in texts if name_foreign(text)]
    if how == "same":
        assert not leaking, leaking[:2]
    else:
        assert leaking, "in_thinking: free, and yet nothing of the block leaked: was it guarded?"
