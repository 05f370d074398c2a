"""`custom_generate_reply`: the reply that the webui asked for, through the guard."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from threading import Event
from typing import Any

from role_engine.backends.base import GenerationRequest
from role_engine.guard import ReplyReport, guarded_stream
from role_engine.guard.stop_strings import StopStrings
from role_engine.hosts.webui.loaders import HostCall, backend_for
from role_engine.hosts.webui.turn import Turn
from role_engine.modes.filtered_stream import FilteredStream, FinalText
from role_engine.modes.marker_filter import FilterRules, MarkerFilter
from role_engine.modes.markers import forbidden


def guard_request(call: HostCall, prompt: str, turn: Turn) -> GenerationRequest:
    """What the host asks of its engine, in our words."""
    state = call.state
    return GenerationRequest(
        prompt=prompt,
        max_tokens=int(state["truncation_length" if state.get("auto_max_new_tokens") else "max_new_tokens"]),
        seed=int(state.get("seed", -1)),
        stop=(*stop_strings(call.stopping_strings, state.get("custom_stopping_strings")), *turn.stop),
        names=speaker_names(state) if call.is_chat else (),
        policy=turn.in_force.policy,
        context=turn.context,
        prompt_suffix=turn.prompt_suffix,
    )


def stream_guarded_reply(
    shared: Any,
    call: HostCall,
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
    backend = backend_for(shared, call)
    request = guard_request(call, prompt, turn)
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
            count_as_the_host(report, prompt, text, request.max_tokens)
        backend.close()


def stream_unguarded_reply(
    call: HostCall,
    prompt: str,
    report: ReplyReport | None = None,
    sieve: MarkerFilter | None = None,
    stop: Sequence[str] = (),
) -> Iterator[str]:
    """The reply as it comes; with a `report`, its tokens are counted in the end, as the host counts them.

    Args:
        sieve: takes out what no reader may see.
        stop: strings that end the reply and that the host does not know of.
    """
    reply = shown = ""
    ends = StopStrings(stop)

    def count_seen(piece: str) -> str:
        return piece if sieve is None else sieve.feed(piece)

    replies = call.inner(prompt, call.original_question, call.state, call.stopping_strings, is_chat=call.is_chat)
    try:
        for grown in replies:
            if sieve is None and not stop:
                shown = grown
            else:
                shown += count_seen(ends.feed(grown[len(reply) :]))
            reply = grown
            yield shown
            if ends.found:
                break
        rest = count_seen(ends.finish()) + (sieve.finish() if sieve is not None else "")
        if rest:
            yield (shown := shown + rest)
    finally:
        if hasattr(replies, "close"):
            replies.close()
        if report is not None:
            count_as_the_host(report, prompt, shown)


def make_unguarded_filter(turn: Turn, state: dict[str, Any], tokens: tuple[str, ...]) -> MarkerFilter:
    """For the reply to a chat; a marker that the model's own template knows is the model's affair."""
    template = str(state.get("instruction_template_str") or "")
    kept = tuple(token for token in tokens if token in template)
    return MarkerFilter(FilterRules(forbidden(tokens, kept=kept), native=True), turn.prompt_suffix)


def count_as_the_host(report: ReplyReport, prompt: str, reply: str, limit: int | None = None) -> None:
    """Token counts of an engine that names none, by encoding the texts."""
    report.tokens_prompt, report.tokens_delivered = host_tokens(prompt), host_tokens(reply)
    if limit is not None and report.finish == "stop" and report.tokens_delivered >= limit:
        report.finish = "length"


def host_tokens(text: str) -> int:
    from modules.text_generation import encode

    return len(encode(text)[0])


def stop_strings(*given: Any) -> tuple[str, ...]:
    """The host's stop strings; from the page they come as one string, «"\\n", "You:"»."""
    found: list[str] = []
    for strings in given:
        if isinstance(strings, str) and strings.strip():
            strings = ast.literal_eval(f"[{strings}]")
        if isinstance(strings, list):
            found += [s for s in strings if isinstance(s, str) and s]
    return tuple(found)


def speaker_names(state: dict[str, Any]) -> tuple[str, ...]:
    """Names that the host takes off the head of a reply, with the colon behind them."""
    if state.get("mode") not in ("chat", "chat-instruct"):
        return ()
    return tuple(name for name in (state.get("name2"), state.get("name1")) if name)


def inner_generator(shared: Any, ours: Callable[..., Any]) -> tuple[Callable[..., Iterator[str]] | None, bool]:
    """Who generates where we do not: another extension's hook, or the host's own generator for the loaded model.

    Returns:
        The generator, None with no model loaded (the host skips that check once an extension has the hook), and
        whether it is the host's own.
    """
    from modules import extensions, text_generation
    from modules.utils import check_model_loaded

    for extension, _ in extensions.iterator():
        hook = getattr(extension, "custom_generate_reply", None)
        if hook is not None and hook is not ours:
            return hook, False
    loaded, _ = check_model_loaded()
    if not loaded:
        return None, True
    if shared.model.__class__.__name__ in ("LlamaServer", "Exllamav3Model", "TensorRTLLMModel"):
        return text_generation.generate_reply_custom, True
    return text_generation.generate_reply_HF, True
