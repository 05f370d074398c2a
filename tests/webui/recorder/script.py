"""A webui extension that writes down what happens below and above the guard. It changes nothing.

One JSON object a line, in the file that `ROLE_ENGINE_TEST_RECORDING` names:

- `start`  an engine is asked to generate: the prompt it was given, as it reaches it, and its limits
- `step`   one decode step of that run
- `end`    the run is over, with the text that it produced (llama.cpp only)
- `open`, `reply`   the host's own `generate_reply` begins and ends: the text handed on, whether it ever shrank

It only uses hooks that may be shared (tokenizer, logits_processor) and wraps functions of the host below and above
the hook for replies, so that it neither takes that hook nor sees different prompts than the engine.
"""

import itertools
import json
import os
import threading
import time

from modules import text_generation
from modules.logging_colors import logger

params = {"display_name": "recorder", "is_tab": False}
_numbers = itertools.count(1)
_lock = threading.Lock()
_thread = threading.local()
_path = os.environ.get("ROLE_ENGINE_TEST_RECORDING")


def _write(event, **fields):
    if not _path:
        return
    line = json.dumps({"event": event, "time": time.time(), **fields}, ensure_ascii=False) + "\n"
    with _lock, open(_path, "a", encoding="utf-8", errors="surrogatepass") as file:
        file.write(line)


def tokenizer_modifier(state, prompt, input_ids, input_embeds):
    """Transformers: the ids that generation starts from, after the host has cut them to the context."""
    run = _thread.run = next(_numbers)
    ids = input_ids[0].tolist()
    _write(
        "start",
        run=run,
        prompt=text_generation.decode(ids, skip_special_tokens=False),
        tokens=len(ids),
        max_new_tokens=state.get("max_new_tokens"),
        seed=state.get("seed"),
    )
    return prompt, input_ids, input_embeds


class _Steps:
    """Writes a line for each decode step, and leaves the scores alone."""

    def __init__(self, run):
        self.run = run

    def __call__(self, input_ids, scores):
        _write("step", run=self.run)
        return scores


def logits_processor_modifier(processor_list, input_ids):
    """Transformers: watch the steps. The host calls it right after `tokenizer_modifier`, in the same thread."""
    processor_list.append(_Steps(_thread.run))


def _watch_llama_server():
    from modules.llama_cpp_server import LlamaServer

    if getattr(LlamaServer, "_recorded", False):
        return
    LlamaServer._recorded = True
    inner = LlamaServer.generate_with_streaming

    def generate_with_streaming(self, prompt, state):
        run = next(_numbers)
        _write(
            "start",
            run=run,
            prompt=str(prompt),
            tokens=len(self.encode(prompt, add_bos_token=state["add_bos_token"])),
            max_new_tokens=state.get("max_new_tokens"),
            seed=state.get("seed"),
        )
        text = ""
        try:
            for text in inner(self, prompt, state):
                _write("step", run=run)
                yield text
        finally:
            _write("end", run=run, text=text)

    LlamaServer.generate_with_streaming = generate_with_streaming


def _watch_replies():
    if getattr(text_generation, "_recorded", False):
        return
    text_generation._recorded = True
    inner = text_generation._generate_reply

    def _generate_reply(question, state, *args, **kwargs):
        run = next(_numbers)
        _write("open", run=run, question=str(question), limit=state.get("max_new_tokens"))
        last, grew, yields = "", True, 0
        try:
            for text in inner(question, state, *args, **kwargs):
                grew = grew and text.startswith(last)
                last, yields = text, yields + 1
                yield text
        finally:
            _write("reply", run=run, text=last, grew=grew, yields=yields)

    text_generation._generate_reply = _generate_reply


def setup():
    try:
        _watch_llama_server()
    except ImportError:
        logger.info("recorder: no llama.cpp loader here")
    _watch_replies()
