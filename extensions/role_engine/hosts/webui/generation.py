"""`custom_generate_reply`: the reply that the webui asked for, through the guard, and everyone who may end it."""

from __future__ import annotations

import ast
import threading
import time
from collections.abc import Iterator, Sequence
from threading import Event
from typing import Any

from role_engine.backends.base import GenerationRequest
from role_engine.guard import ReplyReport, guarded_stream
from role_engine.guard.stop_strings import StopStrings
from role_engine.hosts.webui.host_api import Generate, HostApi, HostShared
from role_engine.hosts.webui.loaders import HostCall, LoaderBackend, find_loader_of
from role_engine.hosts.webui.turn import Turn
from role_engine.modes.filtered_stream import FilteredStream, FinalText
from role_engine.modes.marker_filter import FilterRules, MarkerFilter
from role_engine.modes.markers import forbidden


class HostCancel(threading.Event):
    """Set when it is set itself, when any of `events` is, or when the webui's global stop flag is.

    The flag and the events are polled: the webui has no way to be told.
    """

    POLL_SECONDS = 0.05

    def __init__(self, shared: HostShared, *events: threading.Event | None) -> None:
        super().__init__()
        self._shared = shared
        self._events = tuple(event for event in events if event is not None)

    def is_set(self) -> bool:
        return super().is_set() or bool(self._shared.stop_everything) or any(event.is_set() for event in self._events)

    def wait(self, timeout: float | None = None) -> bool:
        end = None if timeout is None else time.monotonic() + timeout
        while not self.is_set():
            left = None if end is None else end - time.monotonic()
            if left is not None and left <= 0:
                return False
            super().wait(self.POLL_SECONDS if left is None else min(left, self.POLL_SECONDS))
        return True


def make_guard_request(call: HostCall, prompt: str, turn: Turn) -> GenerationRequest:
    """What the host asks of its engine, in our words."""
    state = call.state
    return GenerationRequest(
        prompt=prompt,
        max_tokens=int(state["truncation_length" if state.get("auto_max_new_tokens") else "max_new_tokens"]),
        seed=int(state.get("seed", -1)),
        stop=(*read_stop_strings(call.stopping_strings, state.get("custom_stopping_strings")), *turn.stop),
        names=list_speaker_names(state) if call.is_chat else (),
        policy=turn.in_force.policy,
        context=turn.context,
        prompt_suffix=turn.prompt_suffix,
    )


def stream_guarded_reply(
    backend: LoaderBackend,
    prompt: str,
    turn: Turn,
    report: ReplyReport,
    cancel: Event,
    tokens: tuple[str, ...],
) -> Iterator[str]:
    """The reply as the host wants it: growing text, each yield an extension of the one before.

    Args:
        tokens: of the thinking modes, which no reader of a chat sees.
    """
    call = backend.call
    request = make_guard_request(call, prompt, turn)
    pieces: FinalText = guarded_stream(backend, request, cancel=cancel, report=report)
    if call.is_chat:
        pieces = FilteredStream(pieces, turn.prompt_suffix, tokens)
    text = ""
    if not call.is_chat:
        yield text
    try:
        for piece in pieces:
            text += piece
            backend.mark_delivered(text)
            yield text
    finally:
        pieces.close()
        report.tokens_prompt = backend.prompt_tokens
        if not backend.names_tokens:
            count_as_host(backend.host, report, prompt, text, request.max_tokens)
        backend.close()


def stream_unguarded_reply(
    host: HostApi,
    call: HostCall,
    prompt: str,
    report: ReplyReport | None = None,
    marker_filter: MarkerFilter | None = None,
    stop: Sequence[str] = (),
) -> Iterator[str]:
    """The reply as it comes; with a `report`, its tokens are counted in the end, as the host counts them.

    Args:
        marker_filter: takes out what no reader may see.
        stop: strings that end the reply and that the host does not know of.
    """
    reply = shown = ""
    ends = StopStrings(stop)

    def count_seen(piece: str) -> str:
        return piece if marker_filter is None else marker_filter.feed(piece)

    replies = call.inner(prompt, call.original_question, call.state, call.stopping_strings, is_chat=call.is_chat)
    try:
        for grown in replies:
            if marker_filter is None and not stop:
                shown = grown
            else:
                shown += count_seen(ends.feed(grown[len(reply) :]))
            reply = grown
            yield shown
            if ends.found:
                break
        rest = count_seen(ends.finish()) + (marker_filter.finish() if marker_filter is not None else "")
        if rest:
            yield (shown := shown + rest)
    finally:
        if hasattr(replies, "close"):
            replies.close()
        if report is not None:
            count_as_host(host, report, prompt, shown)


def make_unguarded_filter(turn: Turn, state: dict[str, Any], tokens: tuple[str, ...]) -> MarkerFilter:
    """For the reply to a chat; a marker that the model's own template knows is the model's affair."""
    template = str(state.get("instruction_template_str") or "")
    kept = tuple(token for token in tokens if token in template)
    return MarkerFilter(FilterRules(forbidden(tokens, kept=kept), native=True), turn.prompt_suffix)


def count_as_host(host: HostApi, report: ReplyReport, prompt: str, reply: str, limit: int | None = None) -> None:
    """Token counts of an engine that names none, by encoding the texts."""
    report.tokens_prompt, report.tokens_delivered = host.count_tokens(prompt), host.count_tokens(reply)
    if limit is not None and report.finish == "stop" and report.tokens_delivered >= limit:
        report.finish = "length"


def read_stop_strings(*given: Any) -> tuple[str, ...]:
    """The host's stop strings; from the page they come as one string, «"\\n", "You:"»."""
    found: list[str] = []
    for strings in given:
        if isinstance(strings, str) and strings.strip():
            strings = ast.literal_eval(f"[{strings}]")
        if isinstance(strings, list):
            found += [s for s in strings if isinstance(s, str) and s]
    return tuple(found)


def list_speaker_names(state: dict[str, Any]) -> tuple[str, ...]:
    """Names that the host takes off the head of a reply, with the colon behind them."""
    if state.get("mode") not in ("chat", "chat-instruct"):
        return ()
    return tuple(name for name in (state.get("name2"), state.get("name1")) if name)


def find_inner_generator(host: HostApi, own_name: str) -> tuple[Generate | None, bool]:
    """Who generates where we do not: another extension's hook, or the host's own generator for the loaded model.

    Returns:
        The generator, None with no model loaded (the host skips that check once an extension has the hook), and
        whether it is the host's own.
    """
    for hook in host.find_hooks("custom_generate_reply", besides=own_name):
        return hook, False
    if not host.is_model_loaded():
        return None, True
    return host.find_generator(find_loader_of(host.shared.model).generator), True
