"""Let good and bad clients loose on `role-engine serve` for a while, and say whether it held.

    python tools/soak_serve.py --minutes 30

Eight clients ask for short replies, streamed and whole; others leave in the middle, send bodies that are too large,
broken or without an end, half-written heads, and hold connections that do nothing. One of the eight is timed, among the
eight alone and then beside all the others. The server answers from the embedded model.

Fails (exit code 1) where a reply holds another client's words, where a good request is not answered, where a 500 came,
where memory at the end is more than a tenth above what it was after the first fifth of the time, or where the good
client's p95 is more than twice what it was without the bad ones.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException
from multiprocessing import Process, Queue
from pathlib import Path

CHECKOUT = Path(__file__).parents[1]
CLIENTS = 8
SAMPLE_SECONDS = 2.0
MESSAGES = "/v1/messages"
CHAT = "/v1/chat/completions"
MB = 2**20


class Soak:
    """One server, its clients, and what they saw."""

    def __init__(self, port: int, pid: int) -> None:
        self.port, self.pid = port, pid
        self.stop = threading.Event()
        self.statuses: Counter[str] = Counter()
        self.problems: list[str] = []
        self.seconds: list[float] = []
        self.memory: list[float] = []
        self._lock = threading.Lock()

    def post(self, path: str, body: bytes, **headers: str) -> tuple[int, bytes]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            connection.request("POST", path, body, {"Content-Type": "application/json", **headers})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def count(self, who: str, status: object) -> None:
        with self._lock:
            self.statuses[f"{who}: {status}"] += 1
            if status == 500:
                self.problems.append(f"{who} got a 500")

    def note(self, problem: str) -> None:
        with self._lock:
            self.problems.append(problem)

    def every(self, pause: float, who: str, act: Callable[[random.Random], object]) -> threading.Thread:
        """A thread that acts again and again until the end."""

        def run() -> None:
            dice = random.Random(who)
            while not self.stop.is_set():
                try:
                    self.count(who, act(dice))
                except (OSError, HTTPException) as error:
                    self.count(who, type(error).__name__)
                self.stop.wait(pause * dice.uniform(0.5, 1.5))

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        return thread

    # --- who asks ----------------------------------------------------------------------------------------------------

    def good(self, number: int, timed: bool = False) -> Callable[[random.Random], object]:
        """A client that asks for what follows its own word, and for that word to be repeated."""

        def act(dice: random.Random) -> object:
            word = f"клиент{number}"
            body = {
                "prompt": f"{word}: " + "Что такое мера? " * dice.randint(1, 9),
                "echo": True,
                "role_engine": {"mode": "off"},
                "max_tokens": 12,
                "stream": number % 2 == 1,
            }
            began = time.monotonic()
            status, said = self.post("/v1/completions", json.dumps(body).encode())
            if timed:
                self.seconds.append(time.monotonic() - began)
            if status == 200:
                found = set(re.findall(r"клиент\d+", json.dumps(json_of(said), ensure_ascii=False)))
                if found != {word}:
                    self.note(f"client {number} got {found} in {said[:200]!r}")
            elif status != 429:
                self.note(f"client {number} got {status}: {said[:200]!r}")
            return status

        return act

    def leaver(self, dice: random.Random) -> object:
        """Asks for a long reply, and leaves."""
        body = json.dumps(
            {"messages": [{"role": "user", "content": "Мера? " * dice.randint(1, 400)}], "stream": True}
        ).encode()
        with socket.create_connection(("127.0.0.1", self.port), timeout=60) as one:
            one.sendall(head(CHAT, len(body)) + body)
            time.sleep(dice.uniform(0, 0.5))
        return "left"

    def too_large(self, dice: random.Random) -> object:
        text = dice.choice(["word ", "слово "]) * (dice.randint(1, 40) * MB // 10)
        kind = dice.choice(["one", "history", "announced", "deep"])
        if kind == "announced":
            with socket.create_connection(("127.0.0.1", self.port), timeout=60) as one:
                one.sendall(head(MESSAGES, 300 * MB))
                return f"announced {one.recv(100)[9:12].decode()}"
        if kind == "deep":
            return f"deep {self.post(MESSAGES, b'[' * MB)[0]}"
        messages = [{"role": "user", "content": text}]
        if kind == "history":
            messages.append({"role": "user", "content": "Мера?"})
        body = json.dumps({"messages": messages, "max_tokens": 2}, ensure_ascii=dice.random() < 0.5).encode()
        return f"{kind} {self.post(MESSAGES, body)[0]}"

    def broken(self, dice: random.Random) -> object:
        body = bytearray(json.dumps({"messages": [{"role": "user", "content": "Мера?"}], "max_tokens": 2}).encode())
        for _ in range(dice.randint(1, 5)):
            body[dice.randrange(len(body))] = dice.randrange(256)
        return self.post(dice.choice([CHAT, MESSAGES, "/v1/completions", "/v1/role-engine/check"]), bytes(body))[0]

    def never_ending(self, dice: random.Random) -> object:
        """Half a head or half a body; the server has to let go."""
        sent = dice.choice([b"GET / HT", head(CHAT, 1000) + b"{", head(CHAT, None) + b"1\r\n{\r\n", b"\x16\x03\x01"])
        with socket.create_connection(("127.0.0.1", self.port), timeout=60) as one:
            one.sendall(sent)
            while one.recv(4096):
                pass
        return "let go"

    def look(self) -> None:
        """Note the memory now and then."""
        while not self.stop.wait(SAMPLE_SECONDS):
            self.memory.append(resident(self.pid))


def json_of(said: bytes) -> object:
    """Whole replies and events, escapes resolved."""
    lines = [line.removeprefix(b"data: ") for line in said.splitlines() if line.startswith((b"data: {", b"{"))]
    return [json.loads(line) for line in lines]


def head(path: str, length: int | None) -> bytes:
    size = b"Transfer-Encoding: chunked" if length is None else b"Content-Length: %d" % length
    start = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n".encode()
    return start + size + b"\r\n\r\n"


def resident(pid: int) -> float:
    """MB of memory that the process has."""
    found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text(encoding="utf-8"))
    assert found is not None
    return int(found[1]) / 1024


def p95(values: list[float]) -> float:
    return sorted(values)[int(0.95 * (len(values) - 1))] if values else float("nan")


def median(values: list[float]) -> float:
    return sorted(values)[len(values) // 2] if values else float("nan")


def misbehave(port: int, pid: int, seconds: float, told: Queue[tuple[Counter[str], list[str]]]) -> None:
    """All that good clients do not do, for so long."""
    run = Soak(port, pid)
    for name, pause, act in (
        ("leaver", 2.0, run.leaver),
        ("too large", 4.0, run.too_large),
        ("broken", 0.5, run.broken),
        ("never ending", 0.1, run.never_ending),
        ("never ending too", 0.1, run.never_ending),
    ):
        run.every(pause, name, act)
    time.sleep(seconds)
    run.stop.set()
    time.sleep(15)
    told.put((run.statuses, run.problems))


def soak(port: int, pid: int, seconds: float) -> int:
    alone = Soak(port, pid)
    for number in range(CLIENTS):
        alone.every(0.2, f"good {number}", alone.good(number, timed=number == 0))
    time.sleep(min(60.0, seconds / 5))
    alone.stop.set()
    time.sleep(3)
    run = Soak(port, pid)
    told: Queue[tuple[Counter[str], list[str]]] = Queue()
    bad = Process(
        target=misbehave, args=(port, pid, seconds, told), daemon=True
    )  # its work is not the good ones' delay
    bad.start()
    threading.Thread(target=run.look, daemon=True).start()
    for number in range(CLIENTS):
        run.every(0.2, f"good {number}", run.good(number, timed=number == 0))
    statuses, problems = told.get()
    run.stop.set()
    time.sleep(5)
    run.statuses += statuses
    run.problems += problems
    settled, last = run.memory[len(run.memory) // 5 : 2 * len(run.memory) // 5], run.memory[-len(run.memory) // 5 :]
    growth, slower = median(last) / median(settled), p95(run.seconds) / p95(alone.seconds)
    for status, times in sorted(run.statuses.items()):
        print(f"  {status:28}{times:8}")
    tenths = [run.memory[number * len(run.memory) // 10] for number in range(10)]
    print("memory by tenths of the time, MB:", *(f"{size:.0f}" for size in tenths))
    early, late = median(settled), median(last)
    print(f"memory: median {early:.0f} MB early, {late:.0f} MB late (x{growth:.3f}), most {max(run.memory):.0f} MB")
    print(f"good client: p95 {p95(alone.seconds):.3f} s alone, {p95(run.seconds):.3f} s in the soak (x{slower:.2f})")
    problems = [*alone.problems, *run.problems]
    if growth > 1.1:
        problems.append("the memory grew")
    if slower > 2:
        problems.append("the good client had to wait")
    for problem in problems[:20]:
        print("PROBLEM:", problem)
    print(f"{len(problems)} problems in {seconds:.0f} s")
    return 1 if problems else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10.0)
    options = parser.parse_args()
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT / "extensions"), "PYTHONUTF8": "1", "OMP_NUM_THREADS": "1"}
    with tempfile.TemporaryDirectory() as home, (Path(home) / "log").open("w+", encoding="utf-8") as log:
        command = [sys.executable, "-m", "role_engine", "serve", "--port", "0", "--queue", "64"]
        server = subprocess.Popen(command, cwd=home, env=environment, stderr=log)
        try:
            port = 0
            while not port and server.poll() is None:
                time.sleep(0.2)
                found = re.search(r"Serving on http://[\d.]+:(\d+)", Path(log.name).read_text(encoding="utf-8"))
                port = int(found[1]) if found else 0
            code = soak(port, server.pid, options.minutes * 60)
        finally:
            server.terminate()
            server.wait(30)
        said = [line for line in Path(log.name).read_text(encoding="utf-8").splitlines() if "Traceback" in line]
        print(f"{len(said)} tracebacks in the server's log; exit code {server.returncode}")
        return code or int(bool(said))


if __name__ == "__main__":
    sys.exit(main())
