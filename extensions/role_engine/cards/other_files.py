"""Files that people try to import and that are no cards: named for what they are, with what to do about them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from role_engine.errors import InputError

_SAMPLERS = frozenset(
    ("temperature", "temp", "top_p", "top_k", "min_p", "typical_p", "rep_pen", "repetition_penalty", "tfs", "top_a")
)


def refuse_other_file(raw: object, path: Path) -> None:
    """
    Raises:
        InputError: the document is something that is known and no card; says what, and what to do.
    """
    for kind, marks, what, hint in _KNOWN:
        if (isinstance(raw, list) and kind == "regex script" and raw and _is_regex(raw[0])) or (
            isinstance(raw, dict) and marks(raw)
        ):
            raise InputError(f"This is {what}, not a card.", path=path, hint=hint, kind=f"is {kind}")


def _any(*keys: str) -> Callable[[Mapping[str, Any]], bool]:
    return lambda raw: any(key in raw for key in keys)


def _all(*keys: str) -> Callable[[Mapping[str, Any]], bool]:
    return lambda raw: all(key in raw for key in keys)


def _is_regex(raw: object) -> bool:
    return isinstance(raw, dict) and "findRegex" in raw


def _is_collection(raw: Mapping[str, Any]) -> bool:
    """Several presets in one file, as SillyTavern's «Master Export» writes them."""
    parts = [raw.get(key) for key in ("instruct", "context", "sysprompt", "preset", "reasoning")]
    return sum(isinstance(part, dict) for part in parts) > 1


def _is_system_prompt(raw: Mapping[str, Any]) -> bool:
    return {"name", "content"} <= raw.keys() <= {"name", "content", "post_history"}


def _is_sampling(raw: Mapping[str, Any]) -> bool:
    return len(_SAMPLERS & raw.keys()) > 1 or (bool(_SAMPLERS & raw.keys()) and "name" not in raw)


def _is_kobold(raw: Mapping[str, Any]) -> bool:
    return "sampler_order" in raw and _is_sampling(raw) and not {"samplers", "sampler_priority"} & raw.keys()


_PROMPT = "Copy its text into `system`, and what comes last into `reminder` of a role."
_NUMBERS = "Put its numbers into `sampling` of a role."
_FRAME = "Models bring their own chat template; where one has none, `template` of a role names it."
_CARD = "Export the character itself as a card."

_KNOWN: tuple[tuple[str, Callable[[Mapping[str, Any]], bool], str, str], ...] = (
    (
        "chat completion preset",
        _any("prompt_order", "chat_completion_source", "openai_max_context"),
        "a SillyTavern preset for chat completion",
        _PROMPT,
    ),
    ("preset collection", _is_collection, "a collection of SillyTavern's presets", _PROMPT),
    ("instruct preset", _any("input_sequence", "output_sequence"), "a SillyTavern instruct preset", _FRAME),
    ("context preset", _any("story_string"), "a SillyTavern context preset", _FRAME),
    ("instruction template", _any("instruction_template"), "an instruction template of text-generation-webui", _FRAME),
    ("reasoning preset", _all("prefix", "suffix", "separator"), "a SillyTavern reasoning preset", _FRAME),
    ("regex script", _any("findRegex"), "a SillyTavern regex script", "Regex scripts are never run here."),
    ("theme", _any("main_text_color", "blur_tint_color"), "a SillyTavern theme", "It says how a page looks."),
    (
        "persona backup",
        _all("personas", "persona_descriptions"),
        "a backup of SillyTavern's personas",
        "Write who the user is into `system` of a role.",
    ),
    ("quick replies", _any("qrList", "quickReplySlots"), "a set of SillyTavern's quick replies", _CARD),
    ("settings", _any("power_user", "savedsettings"), "a program's settings or saved story", _CARD),
    ("chat", _any("chat_metadata", "internal"), "a chat, not its character", _CARD),
    ("group", _all("members", "chat_id"), "a group of SillyTavern", "Export its characters one by one."),
    ("novelai preset", _any("presetVersion", "phrase_rep_pen"), "a NovelAI preset", _NUMBERS),
    ("kobold settings", _is_kobold, "a KoboldAI preset", _NUMBERS),
    ("sampler preset", _is_sampling, "a preset for text completion: sampling parameters", _NUMBERS),
    ("system prompt preset", _is_system_prompt, "a SillyTavern system prompt preset", _PROMPT),
    (
        "role file",
        _any("system", "system_file", "extends"),
        "a role of role_engine already",
        "Put the file into roles/ of the home folder, with those that it names.",
    ),
)
"""Kind, how to know it, what it is called, what to do. The first that fits counts."""
