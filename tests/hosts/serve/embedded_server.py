"""`role-engine serve` on the embedded model, as a program of its own, and clients of several kinds, each in a role."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openai
import pytest

from role_engine.embedded import MODEL
from tools.embedded_model.openings import first_words
from tools.embedded_model.questions import list_held_out

CHECKOUT = Path(__file__).resolve().parents[3]
STARTS_WITHIN = 250.0  # seconds: torch is imported, and the page built
ANSWERS_WITHIN = 250.0


@contextmanager
def embedded_server(
    *arguments: str, roles: Mapping[str, str] | None = None, home: bool = False, model: Path = MODEL
) -> Iterator[Any]:
    """Serve on a free port until the end of the block, with `roles` (id → YAML) besides those that come along.

    Gives the base URL; with `home`, that and the home folder.
    """
    if model.is_dir():
        pytest.importorskip("torch", reason="the embedded model runs on torch")
        pytest.importorskip("transformers", reason="the embedded model runs on transformers")
    command = [sys.executable, "-m", "role_engine", "serve", "--model", str(model), "--port", "0", *arguments]
    paths = [str(CHECKOUT / "extensions"), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(paths), "PYTHONUTF8": "1", "OMP_NUM_THREADS": "1"}
    for name in ("ROLE_ENGINE_API_KEY", "ROLE_ENGINE_ADMIN_KEY", "ROLE_ENGINE_HOME"):
        environment.pop(name, None)
    with tempfile.TemporaryDirectory() as at:
        folder = Path(at, "roles")
        folder.mkdir()
        for name, text in (roles or {}).items():
            (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
        with _started(command, environment, at) as base:
            yield (base, Path(at)) if home else base


@contextmanager
def _started(command: list[str], environment: dict[str, str], home: str) -> Iterator[str]:
    process = subprocess.Popen(command, cwd=home, env=environment, stderr=subprocess.PIPE, text=True, encoding="utf-8")
    assert process.stderr is not None
    log, found, ready = [], [], threading.Event()

    def read(stream: Any) -> None:
        for line in stream:
            log.append(line)
            if address := re.search(r"Serving on (http://\S+)", line):
                found.append(address[1])
                ready.set()
        ready.set()  # it has ended

    reader = threading.Thread(target=read, args=(process.stderr,))
    reader.start()
    try:
        assert ready.wait(STARTS_WITHIN) and found, "".join(log)
        yield found[0]
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        reader.join()
        process.stderr.close()


@dataclass
class Answer:
    """What a client got: the text, the report, and for streams the pieces."""

    text: str
    report: dict[str, Any]
    pieces: list[str] = field(default_factory=list)

    def begins_as(self, role: str) -> bool:
        """Whether its opening is one of the role's; the inner voice may begin with the topic itself, and dots."""
        word = self.text.split()[0]
        return word.strip(",:…") in first_words(role) or ("" in first_words(role) and word.endswith("…"))


Client = Callable[[str, str, str], Answer]
"""`client(base URL, role, question)`."""

SETTINGS: dict[str, Any] = {"temperature": 0.3, "seed": 5, "max_tokens": 160}


def _messages(question: str) -> list[dict[str, str]]:
    return [{"role": "user", "content": question}]


def _openai(**how: Any) -> Client:
    """The `openai` package; in `how`, ROLE stands for the role's name."""

    def ask(base: str, role: str, question: str) -> Answer:
        request = json.loads(json.dumps({"model": "any", **how}).replace("ROLE", role))
        with openai.OpenAI(base_url=f"{base}/v1", api_key="-", max_retries=0, timeout=ANSWERS_WITHIN) as client:
            reply = client.chat.completions.create(messages=_messages(question), **request, **SETTINGS)
            if not how.get("stream"):
                return Answer(reply.choices[0].message.content, reply.model_extra["role_engine"])
            answer = Answer("", {})
            for chunk in reply:
                answer.pieces.append(chunk.choices[0].delta.content or "" if chunk.choices else "")
                answer.report = (chunk.model_extra or {}).get("role_engine") or answer.report
        answer.text = "".join(answer.pieces)
        return answer

    return ask


def _curl(*options: str, path: str = "chat/completions", **body: Any) -> Client:
    def ask(base: str, role: str, question: str) -> Answer:
        sent = json.dumps({"model": "any", "messages": _messages(question), **SETTINGS, **body}).replace("ROLE", role)
        said = _output_of_curl(f"{base}/v1/{path}", [option.replace("ROLE", role) for option in options], sent)
        if body.get("stream"):
            answer = Answer("", {})
            for event in re.findall(r"^data: (\{.*\})$", said, re.MULTILINE):
                chunk = json.loads(event)
                answer.pieces += [choice["delta"].get("content") or "" for choice in chunk["choices"]]
                answer.report = chunk.get("role_engine") or answer.report
            answer.text = "".join(answer.pieces)
            return answer
        reply = json.loads(said)
        if path == "messages":
            return Answer("".join(part["text"] for part in reply["content"]), reply["role_engine"])
        return Answer(reply["choices"][0]["message"]["content"], reply["role_engine"])

    return ask


def _output_of_curl(address: str, options: list[str], body: str) -> str:
    command = ["curl", "-sS", "-N", "--max-time", str(ANSWERS_WITHIN), "-H", "Content-Type: application/json"]
    done = subprocess.run(
        [*command, *options, "--data-binary", "@-", address], input=body.encode(), capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


CLIENTS: dict[str, Client] = {
    "philosopher": _openai(model="role:ROLE", stream=True),
    "logician": _openai(model="role:ROLE"),
    "operator": _openai(extra_body={"role_engine": {"role": "ROLE"}}, stream=True),
    "strategist": _openai(extra_headers={"X-Role-Engine": "ROLE"}),
    "poet": _curl(model="role:ROLE:strict", stream=True),
    "mentor": _curl("-H", "X-Role-Engine: ROLE"),
    "editor": _curl(role_engine={"role": "ROLE", "report": "full"}, stream=True),
    "inner-voice": _curl(model="role:ROLE", path="messages"),
}
"""Eight clients, by the role that each of them asks for: every way to name one, streamed and whole."""


def ask_all_at_once(base: str, rounds: int = 1) -> list[tuple[str, Answer]]:
    """Every client asks `rounds` questions, all eight at the same time: (role, answer)."""

    def one(role: str, client: Client, number: int) -> list[tuple[str, Answer]]:
        questions = list_held_out()[20 + number : 20 + number + rounds]
        return [(role, client(base, role, question)) for question in questions]

    with ThreadPoolExecutor(len(CLIENTS)) as pool:
        running = [pool.submit(one, role, client, 3 * n) for n, (role, client) in enumerate(CLIENTS.items())]
        return [pair for future in running for pair in future.result()]
