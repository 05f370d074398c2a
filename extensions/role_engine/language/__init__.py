"""The language check: what text is clean under a policy, decided while it streams."""

from role_engine.language.check import check
from role_engine.language.policy import MODES, LanguagePolicy, Mode
from role_engine.language.scanner import Scanner
from role_engine.language.state import Event, Final
from role_engine.language.verdict import Kind, Verdict, Violation

__all__ = ["MODES", "Event", "Final", "Kind", "LanguagePolicy", "Mode", "Scanner", "Verdict", "Violation", "check"]
