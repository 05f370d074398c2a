"""Ctrl-C, as real signals: none is lost, and each reaches whoever can do something about it."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event

import pytest

from role_engine.hosts.cli.chat.interrupt import Interrupts
from role_engine.hosts.cli.chat.lines import TypedLines

pytestmark = pytest.mark.skipif(not hasattr(signal, "pthread_kill"), reason="signals to a thread are of Unix")

SECONDS = 20.0


@pytest.fixture
def interrupts() -> Iterator[Interrupts]:
    before = signal.getsignal(signal.SIGINT)
    with Interrupts() as interrupts:
        yield interrupts
    assert signal.getsignal(signal.SIGINT) is before
    assert signal.set_wakeup_fd(-1) == -1


@contextmanager
def line_that_never_comes() -> Iterator[int]:
    """A pipe to read from; a line comes all the same when the test has failed."""
    reader, writer = os.pipe()
    late = threading.Timer(SECONDS, os.write, (writer, b"too late\n"))
    late.start()
    try:
        yield reader
    finally:
        late.cancel()
        late.join()
        os.close(reader)
        os.close(writer)


def press_unseen() -> None:
    """Ctrl-C that the main thread gets no sign of: the system may give a signal to any thread, and Python's main thread
    sees it when it next runs Python. So it is, too, with one that comes just before a wait."""
    other = threading.Thread(target=lambda: signal.pthread_kill(threading.get_ident(), signal.SIGINT))
    other.start()


def test_one_that_comes_just_before_the_wait_is_noticed(interrupts: Interrupts) -> None:
    with line_that_never_comes() as reader, pytest.raises(KeyboardInterrupt), interrupts.reading():
        press_unseen()
        os.read(reader, 9)


def test_one_between_a_reply_and_the_next_line_is_kept_for_the_line(interrupts: Interrupts) -> None:
    os.kill(os.getpid(), signal.SIGINT)
    with line_that_never_comes() as reader, pytest.raises(KeyboardInterrupt), interrupts.reading():
        os.read(reader, 9)


def test_a_line_is_dropped_only_once(interrupts: Interrupts) -> None:
    with line_that_never_comes() as reader:
        with pytest.raises(KeyboardInterrupt), interrupts.reading():
            press_unseen()
            os.read(reader, 9)
        with interrupts.reading():
            pass


def test_the_first_ends_the_reply_and_the_second_does_not_wait_for_that(interrupts: Interrupts) -> None:
    cancel = Event()
    with line_that_never_comes() as reader, pytest.raises(KeyboardInterrupt), interrupts.replying(cancel):
        press_unseen()
        assert cancel.wait(SECONDS)
        press_unseen()
        os.read(reader, 9)
    with interrupts.reading():  # nothing of it is left
        pass


def test_the_second_one_where_nobody_waits_is_no_secret(interrupts: Interrupts) -> None:
    """Something hangs between a reply and the next line."""
    with line_that_never_comes() as reader, pytest.raises(KeyboardInterrupt):
        press_unseen()
        while not interrupts.kept:  # else both could be one
            pass
        press_unseen()
        os.read(reader, 9)


def test_lines_ask_again_after_one_and_end_after_two(
    interrupts: Interrupts, capsys: pytest.CaptureFixture[str]
) -> None:
    with line_that_never_comes() as reader:

        def read(prompt: str) -> str:
            press_unseen()
            return os.read(reader, 99).decode()

        assert TypedLines("вы: ", "Ещё раз", interrupts, read).next() is None
    assert capsys.readouterr().err.split() == ["Ещё", "раз"]


def test_in_another_thread_nothing_is_changed() -> None:
    before, found = signal.getsignal(signal.SIGINT), []

    def other() -> None:
        with Interrupts() as interrupts, interrupts.replying(Event()), interrupts.reading():
            found.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=other)
    thread.start()
    thread.join()
    assert found == [before]
