"""Runs one command line: from what happened to an exit code and at most one clear line on stderr."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from typing import Any

import typer

from role_engine.errors import RoleEngineError
from role_engine.hosts.cli.exit_codes import EXIT_BUG, EXIT_INTERRUPTED, EXIT_OK, EXIT_PIPE_CLOSED, EXIT_USAGE
from role_engine.hosts.cli.writing import ReaderGone, escape_for_terminal

# Typer brings its own click, or uses the one that is installed, by its version: this is the right one in both cases.
ClickException: Any = next(kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "ClickException")


def run(arguments: Sequence[str]) -> int:
    """Run one command line; nothing is raised, nothing but the command's own output and errors is written."""
    from role_engine.hosts.cli.app import app  # here, for what it brings along is not wanted where a stream is mended

    try:
        code = app(args=list(arguments), prog_name="role-engine", standalone_mode=False)
        sys.stdout.flush()
    except ClickException as error:
        said = _one_line(error.format_message()).rstrip(".")
        return _refuse(f"{said}. See {_help_of(error)}")
    except RoleEngineError as error:
        return _refuse(_one_line(str(error)))
    except (KeyboardInterrupt, typer.Abort):
        return EXIT_INTERRUPTED
    except (ReaderGone, BrokenPipeError):
        _forget_stdout()
        return EXIT_PIPE_CLOSED
    except Exception:
        traceback.print_exc()
        sys.stderr.write("role-engine: this is a bug in role-engine; please report it with the lines above.\n")
        return EXIT_BUG
    return code if isinstance(code, int) else EXIT_OK


def open_closed_streams() -> None:
    """Let a standard stream that the caller has closed (`>&-`) lead nowhere: what is written to it is not wanted.

    Its number has to be taken as well, or the next file that is opened gets what is meant for the stream.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is not None:
            continue
        nowhere = os.open(os.devnull, os.O_RDWR)
        if nowhere != number:
            os.dup2(nowhere, number)
            os.close(nowhere)
        setattr(sys, name, os.fdopen(number, "w" if number else "r", encoding="utf-8", closefd=False))


def _refuse(line: str) -> int:
    sys.stderr.write(f"role-engine: {escape_for_terminal(line)}\n")
    return EXIT_USAGE


def _one_line(text: str) -> str:
    return " ".join(text.replace("Value error, ", "").split())


def _help_of(error: Exception) -> str:
    context = getattr(error, "ctx", None)
    return f"{context.command_path if context is not None else 'role-engine'} --help"


def _forget_stdout() -> None:
    """Nobody reads any more: keep Python from complaining about it once again when it flushes at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
