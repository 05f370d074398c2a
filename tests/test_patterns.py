"""No regular expression of the package is slower than linear, whatever it is given."""

from __future__ import annotations

import os
import re

import pytest
import regex

from tests.patterns import LONG, UNITS, Found, every_pattern, slow_run

# Signs that open something, before a run: `ROLE_ENGINE_EXAMPLES=1000000` and more tries those too.
OPENERS = ('"', "(", ";", ":", ".", "$", "<", "а", "a", "«", "[", "#", "1", "`")
IS_NIGHT = int(os.environ.get("ROLE_ENGINE_EXAMPLES", "0")) >= 1_000_000


@pytest.mark.timeout(600)
def test_every_pattern_reads_long_runs_in_linear_time() -> None:
    patterns = every_pattern()
    assert len(patterns) > 300
    slow = {found.name: run for found in patterns if (run := slow_run(found))}
    assert slow == {}


@pytest.mark.skipif(not IS_NIGHT, reason="set ROLE_ENGINE_EXAMPLES to 1000000 or more: it takes ten minutes")
@pytest.mark.timeout(7200)
def test_every_pattern_reads_runs_behind_a_sign_in_linear_time() -> None:
    units = [opener + unit * LONG for opener in OPENERS for unit in UNITS if len(unit) == 1]
    slow = {found.name: run[:60] for found in every_pattern() if (run := slow_run(found, units))}
    assert slow == {}


@pytest.mark.parametrize(
    ("pattern", "method"),
    [
        (re.compile(r"[ \t]*x"), "search"),
        (re.compile(r"a+$"), "search"),
        (re.compile(r"\w*\w*!"), "match"),
        (regex.compile(r"(?:a+)+b"), "match"),
    ],
)
def test_a_slow_one_is_found(pattern: re.Pattern[str], method: str) -> None:
    assert slow_run(Found("slow", pattern, frozenset({method})))
