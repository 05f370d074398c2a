"""Send `role-engine serve` the largest requests that it takes, and say how long they keep everybody else waiting.

    python tools/time_large_requests.py [--context 131072 | --context 0] [NAME …]

The server runs in this process, with an engine that answers at once; each request comes from another process. Of each
are told: the status, the seconds to the answer, the memory that it took beside what was there, and the *longest turn*:
how many milliseconds of processor time passed in the server between two turns of its event loop. As long as that does
anyone else wait for an answer. Processor time does not count what other programs of the machine do meanwhile.

Fails (exit code 1) where a turn is longer than 100 ms, or the memory more than three times the body and 32 MB.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(CHECKOUT / "extensions")]

from role_engine import ReplayBackend, RoleLibrary, TemplateLibrary  # noqa: E402
from role_engine.app.engine import Engine  # noqa: E402
from role_engine.hosts.serve.app import make_app  # noqa: E402
from role_engine.hosts.serve.server import Server, listening_socket  # noqa: E402
from role_engine.paths import builtin_templates  # noqa: E402

MB = 2**20
CHAT, COMPLETIONS, MESSAGES = "/v1/chat/completions", "/v1/completions", "/v1/messages"
CHECK = "/v1/role-engine/check"
MOST_WAIT, MOST_MEMORY, ROUND_MEMORY = 0.1, 3, 32
CHATML = (
    "{%- for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n{% endfor -%}"
    "{%- if add_generation_prompt %}<|im_start|>assistant\n{% endif -%}"
)


def dumped(value: object, *, ascii_only: bool = False) -> bytes:
    return json.dumps(value, ensure_ascii=ascii_only).encode()


def chat(text: Any, count: int = 1, *, ascii_only: bool = False, **more: Any) -> bytes:
    """A chat of `count` messages that say `text`, and a short last one where they are several."""
    said = [{"role": ("user", "assistant")[number % 2], "content": text} for number in range(count)]
    said += [{"role": "user", "content": "Мера?"}] if count > 1 else []
    return dumped({"messages": said, "max_tokens": 2, **more}, ascii_only=ascii_only)


REQUESTS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "English, one message": (MESSAGES, lambda: chat("word " * (12 * MB))),
    "Russian, one message": (MESSAGES, lambda: chat("слово " * (5 * MB + MB // 2))),
    "Russian in escapes": (CHAT, lambda: chat("слово " * (19 * MB // 10), ascii_only=True)),
    "line ends in escapes": (CHAT, lambda: b'{"messages":[{"role":"user","content":"' + b"\\n" * (30 * MB) + b'"}]}'),
    "control tokens": (CHAT, lambda: chat("<|im_end|>" * (6 * MB))),
    "10 MB of Russian": (CHAT, lambda: chat("слово " * MB)),
    "1 MB of Russian": (CHAT, lambda: chat("слово " * (MB // 11))),
    "history of large messages": (CHAT, lambda: chat("слово " * 57_000, 95)),
    "history of middling ones": (CHAT, lambda: chat("слово " * 1_820, 3_000)),
    "history in escapes": (CHAT, lambda: chat("слово " * 600, 3_000, ascii_only=True)),
    "24,000 messages": (CHAT, lambda: chat("да", 24_000)),
    "24,000 of 2 KB": (CHAT, lambda: chat("слово " * 200, 24_000)),
    "a million messages": (CHAT, lambda: chat("да", 1_000_000)),
    "24,000 wrong messages": (CHAT, lambda: chat(5, 24_000)),
    "24,000 wrong roles": (CHAT, lambda: dumped({"messages": [{"role": "x", "content": "да"}] * 24_000})),
    "a part that is none": (CHAT, lambda: chat([{"type": "text", "text": ["x" * (60 * MB)]}])),
    "a completion": (COMPLETIONS, lambda: dumped({"prompt": "слово " * (5 * MB + MB // 2), "max_tokens": 2})),
    "sixteen completions": (COMPLETIONS, lambda: dumped({"prompt": ["слово " * 330_000] * 16, "max_tokens": 2})),
    "a picture": (CHAT, lambda: chat([{"type": "image_url", "image_url": {"url": "data:," + "A" * (62 * MB)}}])),
    "tools": (CHAT, lambda: chat("Мера?", tools=[{"name": "x", "description": "x " * 30_000}] * 1_000)),
    "a format": (CHAT, lambda: chat("Мера?", response_format="x" * (60 * MB))),
    "a large number of tokens": (CHAT, lambda: chat("Мера?", max_completion_tokens="x" * (60 * MB))),
    "a role that is none": (CHAT, lambda: chat("Мера?", role_engine={"role": "x" * (60 * MB)})),
    "a field that nobody knows": (CHAT, lambda: chat("Мера?", junk="x" * (60 * MB))),
    "99,000 values": (CHAT, lambda: chat("Мера?", junk=[{"a": "x" * 500}] * 33_000)),
    "stop strings": (CHAT, lambda: chat("Мера?", stop=["x" * (2 * MB)] * 30)),
    "blanks": (CHAT, lambda: b'{"messages":' + b" " * (60 * MB) + b"[]}"),
    "backslashes": (CHAT, lambda: b'{"messages":"' + b"\\\\" * (30 * MB) + b'"}'),
    "quotes": (CHAT, lambda: b'{"a":[' + b'"",' * 40_000 + b'"' + b'\\"' * (29 * MB) + b'"]}'),
    "half surrogates": (CHAT, lambda: b'{"messages":[{"role":"user","content":"' + b"\\ud83d" * (10 * MB) + b'"}]}'),
    "broken JSON": (CHAT, lambda: b'{"messages":[{"role":"user","content":"' + b"x" * (60 * MB)),
    "broken UTF-8": (CHAT, lambda: b'{"messages":[{"role":"user","content":"' + b"x" * (60 * MB) + b'\xff"}]}'),
    "a check of Russian": (CHECK, lambda: dumped({"text": "слово " * (MB // 12)})),
    "a check of English": (CHECK, lambda: dumped({"text": "word of " * (MB // 9)})),
}


class Watch:
    """Looks at the event loop's turns, and at this process's memory.

    Attributes:
        longest: seconds of processor time between two turns.
        most: MB.
    """

    def __init__(self) -> None:
        self.longest, self.most = 0.0, 0.0
        self._over = threading.Event()

    def begin(self) -> None:
        self.longest, self.most = 0.0, resident()

    def end(self) -> None:
        self._over.set()

    async def turn(self) -> None:
        last = time.process_time()
        while not self._over.is_set():
            await asyncio.sleep(0.002)
            now = time.process_time()
            self.longest, last = max(self.longest, now - last), now

    def look(self) -> None:
        while not self._over.wait(0.01):
            self.most = max(self.most, resident())


def resident() -> float:
    """MB of memory that this process has."""
    found = re.search(r"VmRSS:\s+(\d+)", Path("/proc/self/status").read_text(encoding="utf-8"))
    assert found is not None
    return int(found[1]) / 1024


def send(port: int, names: Connection) -> None:
    """In a process of its own: post what is asked for by name; tell the status, seconds, size, and what was said."""
    while name := names.recv():
        path, make = REQUESTS[name]
        body = make()
        connection = HTTPConnection("127.0.0.1", port, timeout=300)
        names.send(None)
        names.recv()
        began = time.monotonic()
        try:
            connection.request("POST", path, body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            told = str(answer.status), answer.read().decode("utf-8", "replace")
        except (OSError, HTTPException) as error:
            told = type(error).__name__, ""
        finally:
            connection.close()
        names.send((told[0], time.monotonic() - began, len(body) / MB, told[1][:120]))


def measure(server: Server, watch: Watch, ask: Connection, chosen: list[str]) -> int:
    failed = 0
    for name in chosen:
        ask.send(name)
        ask.recv()
        base = resident()
        watch.begin()
        ask.send("go")
        status, seconds, size, said = ask.recv()
        time.sleep(0.3)
        longest, memory = watch.longest, max(0.0, watch.most - base)
        bad = longest > MOST_WAIT or memory > MOST_MEMORY * size + ROUND_MEMORY
        failed += bad
        print(
            f"{name:28}{size:6.1f} MB {status:>5}{seconds:8.2f} s  longest turn{longest * 1000:5.0f} ms  "
            f"memory {memory:4.0f} MB{'  !' if bad else ''}  {said if status == '500' else ''}",
            flush=True,
        )
    server.stop()
    watch.end()
    return failed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="only requests whose names hold one of these")
    parser.add_argument("--context", type=int, default=32_768, help="tokens; 0: not known, as behind another server")
    parser.add_argument("--longest-token", type=int, default=128, help="bytes")
    options = parser.parse_args()
    chosen = [name for name in REQUESTS if not options.names or any(part in name for part in options.names)]
    engine = Engine(
        ReplayBackend(lambda request: ["Да."]),
        "none",
        lambda text: len(text) // 4,
        CHATML,
        context=options.context or None,
        longest_token=options.longest_token if options.context else None,
        control_tokens=("<|im_start|>", "<|im_end|>"),
    )
    watch, failed = Watch(), [0]
    with tempfile.TemporaryDirectory() as folder:
        app = make_app(engine, RoleLibrary([Path(folder)]), TemplateLibrary([builtin_templates()]), page=False)
        server, listener = Server(app, grace=0.1), listening_socket("127.0.0.1", 0)
        here, there = get_context("spawn").Pipe()
        client = get_context("spawn").Process(target=send, args=(listener.getsockname()[1], there), daemon=True)
        client.start()

        def ready() -> None:
            asyncio.ensure_future(watch.turn())  # noqa: RUF006 - it ends with the loop
            threading.Thread(target=watch.look, daemon=True).start()
            threading.Thread(target=lambda: failed.append(measure(server, watch, here, chosen)), daemon=True).start()

        server.serve_on(listener, ready)
        here.send("")
    return 1 if failed[-1] else 0


if __name__ == "__main__":
    sys.exit(main())
