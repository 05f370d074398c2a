"""A text-generation-webui of one's own: started for the tests, thrown away after them.

The checkout that `ROLE_ENGINE_WEBUI` names is only read. Each host gets a user-data folder of its own (models are
linked, small files copied), and where the extension has to stand in `extensions/`, a shadow of the checkout made of
links.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import httpx
import pytest
import yaml

from .recording import Recording

REPOSITORY = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
Loader = Literal["Transformers", "llama.cpp"]
Place = Literal["user_data", "extensions"]
LOADERS: tuple[Loader, ...] = ("Transformers", "llama.cpp")
LaunchHost = Callable[..., "Host"]

_COPIED = ("characters", "grammars", "instruction-templates", "presets", "tools", "training", "users")
_EMPTY = ("extensions", "image_models", "loras", "mmproj", "models", "role_engine")


class HostDied(RuntimeError):
    """The webui ended, or did not answer in time; the message holds the end of its log."""


class NotConfigured(RuntimeError):
    """Something that the host needs is not on this machine; the message says what and how to name it."""


def checkout() -> Path:
    """The webui's folder, from `ROLE_ENGINE_WEBUI`."""
    named = os.environ.get("ROLE_ENGINE_WEBUI")
    if not named:
        raise NotConfigured(
            "set ROLE_ENGINE_WEBUI to a text-generation-webui checkout to run the tests on the real host"
        )
    path = Path(named).resolve()
    if not (path / "server.py").is_file():
        raise NotConfigured(f"ROLE_ENGINE_WEBUI={named}: no server.py in it")
    return path


def interpreter(webui: Path) -> str:
    """The webui's Python: `ROLE_ENGINE_WEBUI_PYTHON`, else where the installer looks for it."""
    named = os.environ.get("ROLE_ENGINE_WEBUI_PYTHON") or os.environ.get("ROLE_ENGINE_PYTHON")
    if named:
        return named
    for folder in ("installer_files/env", "portable_env", "venv", ".venv"):
        for name in ("bin/python", "bin/python3", "python.exe", "Scripts/python.exe"):
            if (webui / folder / name).exists():
                return str(webui / folder / name)
    if os.environ.get("VIRTUAL_ENV"):
        return str(Path(os.environ["VIRTUAL_ENV"], "bin", "python"))
    raise NotConfigured(f"no Python environment found in {webui}: set ROLE_ENGINE_WEBUI_PYTHON")


def needs_looking_up() -> None:
    """Skip the test where the webui cannot look things up."""
    found = subprocess.run([interpreter(checkout()), "-c", "import bm25s, Stemmer"], capture_output=True, check=False)
    if found.returncode:
        pytest.skip("the webui's environment has no bm25s and PyStemmer: pip install bm25s PyStemmer there")


def model_file(webui: Path, loader: Loader, model: str) -> str:
    """The name under `user_data/models` that `loader` takes for `model`."""
    name = f"{model}.gguf" if loader == "llama.cpp" else model
    if not (webui / "user_data" / "models" / name).exists():
        raise NotConfigured(
            f"{webui}/user_data/models/{name} is missing: see tests/webui/README.md for the tiny models"
        )
    return name


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass
class Host:
    """A running webui.

    Attributes:
        url: of its API, without `/v1`; page: of its page, None under `--nowebui`.
        user_data: its own user-data folder; log: what it printed; recording: what its models were given.
    """

    loader: Loader
    model: str
    process: subprocess.Popen[bytes]
    folder: Path
    user_data: Path
    log: Path
    url: str
    page: str | None
    recording: Recording
    api_key: str | None = None
    admin_key: str | None = None
    guarded: bool = True
    _client: httpx.Client | None = field(default=None, repr=False)

    @property
    def client(self) -> httpx.Client:
        """A client of the API, with the key. Generation is slow on a busy machine: long time limits."""
        if self._client is None:
            headers = {"Authorization": f"Bearer {self.api_key}", "x-api-key": self.api_key} if self.api_key else {}
            self._client = httpx.Client(base_url=self.url, headers=headers, timeout=300, trust_env=False)
        return self._client

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    @property
    def pages_served(self) -> int:
        """How often the page was built and served: once at the start, and after each restart of the interface.

        From the log: Gradio ends the whole process when its own first request of the page takes more than three
        seconds, so nobody else should ask for it until then.
        """
        return self.log.read_text("utf-8", "replace").count("To create a public link")

    def log_tail(self, lines: int = 40) -> str:
        return "\n".join(self.log.read_text("utf-8", "replace").splitlines()[-lines:])

    def write_role(self, name: str, text: str) -> None:
        """Put a role into this host's own library, while it runs."""
        _write_role(self.user_data, name, text)

    def stop(self) -> None:
        """End the webui and what it started; nothing else."""
        if self._client is not None:
            self._client.close()
        for sign, patience in ((signal.SIGTERM, 8), (signal.SIGKILL, 5)):
            try:
                os.killpg(self.process.pid, sign)
            except ProcessLookupError:
                break
            try:
                self.process.wait(patience)
            except subprocess.TimeoutExpired:
                continue
        with contextlib.suppress(ProcessLookupError):  # a llama-server that outlived its parent
            os.killpg(self.process.pid, signal.SIGKILL)


def launch(
    loader: Loader,
    model: str,
    folder: Path,
    *,
    extra_args: Sequence[str] = (),
    place: Place = "user_data",
    nowebui: bool = True,
    extensions: Sequence[str] = ("recorder", "role_engine"),
    install: bool = True,
    others: Sequence[str] = (),
    roles: Mapping[str, str] | None = None,
    api_key: str | None = None,
    admin_key: str | None = None,
    settings: Mapping[str, Any] | None = None,
    model_path: Path | None = None,
    patience: float = 120,
) -> Host:
    """Start a webui with the extension and wait until it answers.

    Args:
        folder: an empty folder for everything that the host writes.
        place: where the extension stands: `user_data/extensions/` or the webui's own `extensions/`.
        nowebui: the API alone, without the page.
        extensions: enabled at the start, in this order. install: whether role_engine is put there at all.
        roles: role files to put into its library, by id.
        others: extensions of these tests, besides the recorder, to put beside it.
        settings: the webui's own settings.yaml.
        model_path: the model's file or directory, where it is none of the checkout's.
        patience: seconds until it must answer.

    Raises:
        NotConfigured: the checkout, its Python or the model is not on this machine.
        HostDied: it ended or did not answer.
    """
    webui = checkout()
    python = interpreter(webui)
    name = model_path.name if model_path is not None else model_file(webui, loader, model)
    folder.mkdir(parents=True, exist_ok=True)
    user_data = _user_data(webui, folder / "user_data")
    if model_path is not None:
        (user_data / "models" / name).symlink_to(model_path)
    root = _shadow(webui, folder / "webui") if place == "extensions" else webui
    if install:
        home = root / "extensions" if place == "extensions" else user_data / "extensions"
        _install(home / "role_engine", user_data)
    if settings:
        (user_data / "settings.yaml").write_text(yaml.safe_dump(dict(settings)), "utf-8")
    for role, text in (roles or {}).items():
        _write_role(user_data, role, text)
    for name_of_other in ("recorder", *others):
        _copy(HERE / name_of_other, user_data / "extensions" / name_of_other)

    threads = os.environ.get("ROLE_ENGINE_WEBUI_THREADS", "1")
    api_port, page_port = free_port(), free_port()
    command = [python, "server.py", "--user-data-dir", str(user_data), "--api", "--api-port", str(api_port)]
    command += ["--loader", loader, "--model", name, "--ctx-size", "4096"]
    command += ["--gpu-layers", "0", "--threads", threads] if loader == "llama.cpp" else ["--cpu"]
    command += ["--nowebui"] if nowebui else ["--listen-port", str(page_port)]
    if extensions:
        command += ["--extensions", *extensions]
    if api_key:
        command += ["--api-key", api_key]
    if admin_key:
        command += ["--admin-key", admin_key]
    command += extra_args

    recording = Recording(folder / "recording.jsonl")
    log = folder / "host.log"
    with log.open("wb") as sink:
        process = subprocess.Popen(
            command,
            cwd=root,
            env=_environment(threads, recording.path, loader),
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    host = Host(
        loader,
        model,
        process,
        folder,
        user_data,
        log,
        url=f"http://127.0.0.1:{api_port}",
        page=None if nowebui else f"http://127.0.0.1:{page_port}",
        recording=recording,
        api_key=api_key,
        admin_key=admin_key,
        guarded=install and "role_engine" in extensions,
    )
    try:
        _wait(host, patience)
    except BaseException:
        host.stop()
        raise
    return host


def _wait(host: Host, patience: float) -> None:
    limit = time.monotonic() + patience
    while time.monotonic() < limit:
        if not host.alive:
            raise HostDied(f"the webui ended with {host.process.returncode}:\n{host.log_tail()}")
        try:
            if host.client.get("/v1/internal/health").status_code == 200 and (host.page is None or host.pages_served):
                return
        except httpx.TransportError:
            pass
        time.sleep(0.3)
    raise HostDied(f"no answer in {patience:.0f} s:\n{host.log_tail()}")


def _environment(threads: str, recording: Path, loader: Loader) -> dict[str, str]:
    env = dict(os.environ)
    env.update(
        HF_HUB_OFFLINE="1",
        PYTHONDONTWRITEBYTECODE="1",  # nothing is written into the checkout
        PYTHONUNBUFFERED="1",
        GRADIO_ANALYTICS_ENABLED="False",
        OMP_NUM_THREADS=threads,
        MKL_NUM_THREADS=threads,
        TOKENIZERS_PARALLELISM="false",
        ROLE_ENGINE_TEST_RECORDING=str(recording),
    )
    env.pop("VIRTUAL_ENV", None)
    env.pop("PYTHONPATH", None)
    if loader == "llama.cpp":
        if extra := os.environ.get("ROLE_ENGINE_LLAMA_SERVER_PATH"):
            env["PYTHONPATH"] = extra
        if folder := os.environ.get("ROLE_ENGINE_LLAMA_SERVER_BIN"):
            env["PATH"] = f"{folder}{os.pathsep}{env['PATH']}"
    return env


def _user_data(webui: Path, target: Path) -> Path:
    """A fresh user-data folder: no settings, no flags, no chats; the models of the real one by link."""
    real = webui / "user_data"
    target.mkdir(parents=True)
    for name in _COPIED:
        if (real / name).is_dir():
            shutil.copytree(real / name, target / name)
    for name in _EMPTY:
        (target / name).mkdir()
    for model in (real / "models").iterdir():
        if model.name != "config-user.yaml":
            (target / "models" / model.name).symlink_to(model)
    return target


def _shadow(webui: Path, target: Path) -> Path:
    """The checkout once more, out of links: only `extensions/` is a folder of its own.

    server.py is copied: Python puts the folder of the *resolved* script first on its path.
    """
    target.mkdir()
    for entry in webui.iterdir():
        if entry.name not in {"server.py", "extensions", "user_data", ".git", "__pycache__"}:
            (target / entry.name).symlink_to(entry)
    shutil.copy(webui / "server.py", target / "server.py")
    (target / "extensions").mkdir()
    for entry in (webui / "extensions").iterdir():
        if entry.name != "role_engine":
            (target / "extensions" / entry.name).symlink_to(entry)
    return target


def _write_role(user_data: Path, name: str, text: str) -> None:
    folder = user_data / "role_engine" / "roles"
    folder.mkdir(parents=True, exist_ok=True)
    new = folder / f".{name}.new"
    new.write_text(text, "utf-8")
    new.replace(folder / f"{name}.yaml")


def _install(place: Path, user_data: Path) -> None:
    """Put the extension, the roles and the templates where the installer puts them."""
    _copy(REPOSITORY / "extensions" / "role_engine", place)
    for name in ("roles", "prompt-templates"):
        if (REPOSITORY / name).is_dir():
            _copy(REPOSITORY / name, user_data / "role_engine" / name)


def _copy(source: Path, target: Path) -> None:
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"), dirs_exist_ok=True)


if (
    __name__ == "__main__"
):  # a host to look at: python -m tests.webui.host llama.cpp tiny-qwen3 FOLDER [server.py's flags]
    running = launch(sys.argv[1], sys.argv[2], Path(sys.argv[3]), extra_args=sys.argv[4:], nowebui=False)  # type: ignore[arg-type]
    print(running.url, running.page, running.log, sep="\n", flush=True)
    try:
        running.process.wait()
    except KeyboardInterrupt:
        running.stop()
