"""The check of a whole text: the scanner, fed with everything."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Event

from role_engine.language.alphabets import PLAIN_TEXT
from role_engine.language.letters.sign_loops import COMMAS
from role_engine.language.markup.indented import may_open_indented
from role_engine.language.policy import LanguagePolicy
from role_engine.language.scanner import Scanner
from role_engine.language.sentences.identifiers import judges_sentences
from role_engine.language.sentences.units import any_foreign
from role_engine.language.shortcut import verdict_on_usual
from role_engine.language.state import Event as Found
from role_engine.language.verdict import Verdict, Violation

CLEAN = Verdict()
_PIECE = 2**14  # characters that are looked at before `cancel` is


class CheckCancelled(Exception):
    """Nobody waits for the verdict any more."""


def check(text: str, policy: LanguagePolicy, context: Sequence[str] = (), *, cancel: Event | None = None) -> Verdict:
    """Everything in `text` that `policy` refuses.

    Args:
        text: a reply, or any text; any code point may be in it.
        context: the user's messages, oldest first.
        cancel: set by another thread, it ends the check of a long text.

    Raises:
        CheckCancelled: `cancel` was set.
    """
    if policy.mode == "off":
        return CLEAN
    if policy.mode == "balanced" and may_open_indented(text):
        pass
    elif PLAIN_TEXT.fullmatch(text) and COMMAS not in text:
        if not judges_sentences() or not any_foreign(text):
            return CLEAN
    elif (verdict := verdict_on_usual(text, policy, context)) is not None:
        return verdict
    scanner = Scanner(policy, context)
    events: list[Found] = []
    for at in range(0, len(text), _PIECE):  # the verdict does not depend on how the text is cut
        if cancel is not None and cancel.is_set():
            raise CheckCancelled
        events += scanner.feed(text[at : at + _PIECE])
    events += scanner.finish()
    violations = tuple(event for event in events if isinstance(event, Violation))
    return Verdict(violations, tuple(scanner.late), scanner.relaxed)
