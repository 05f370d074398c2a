"""Random texts through check and guard: cut anywhere, released in part, stripped.

`python tools/fuzz_guard.py` looks at a million of them, and at more kinds of text by night.
"""

from __future__ import annotations

import os
import random
import time

import pytest
from hypothesis import given, settings

from tests.guard.fuzzing import BALANCED, CASES, Case, fault_of, minimised, random_case

EXAMPLES = int(os.environ.get("ROLE_ENGINE_EXAMPLES", "150"))
# However slow the machine is, the random cases end after this.
SECONDS = 15.0

# What was found, as short as it could be made.
FOUND = [
    "о However Aт и",
    "Py Aв",
    "слов <c|>as<e|> http",
    "<think> \ufffd",
    "[TOOL_CALLS] <think>",
    "C\nо\nн",
    "```n\n<think>",
    "[s]\n----\n<think>",
    "[s]\n----\n----\nanalysis",
    "<pre>><think>",
    "<tool_call>о\ufffd",
    "<|\\<seed:think>>",
    "<|и<d|>)>",
    "IV<t|>a" + "x" * 62,
    "α<｜a｜>kYo",
    "М<think>і",
    "](e<｜a｜>",
    "    \\\n" + " " * 64 + "<seed:think>",
    "A<\u3000MOCKBA[TOOL_CALLS] MOCKBA",
    "\\(<te as Py`\x00",
    "\\[-\n\n»<d|>",
    "c! о\n| \ud800",
    "\r\n" + " " * 62 + ") k",
    "<code>" + "a " * 33 + " B[\nkр",
    "km" + " " * 64 + "\n\U00081b72",
    "\n\n" + "ы" * 64 + "” nu",
    "`a a  " + "a " * 28 + "-\n=立Кї",
    "\u2139",
    "👩\u200dℹ",
    "x= yв [TOOL_CALLS]gв",
    "[^1]\n\t\u0301",
    "I an(cot pn) C",
    "I \u0645io",
    "e-ma??!!!!!! M-ом",
    "t????!!!!!!</",
]


@pytest.mark.parametrize("text", FOUND)
@pytest.mark.parametrize("hold", ["word", "sentence"])
@pytest.mark.parametrize("mode", ["balanced", "strict"])
def test_what_was_found_stays_mended(text: str, hold: str, mode: str) -> None:
    policy = BALANCED.model_copy(update={"mode": mode, "hold": hold, "emoji": mode == "balanced"})
    for context in ((), ("Переведи на английский: мир",)):
        for sizes in ((1,), (2, 3), (40,)):
            assert fault_of(Case(text, policy, context, sizes)) == ""


@pytest.mark.slow
@settings(max_examples=EXAMPLES, deadline=None)
@given(CASES)
def test_what_holds_of_every_text(case: Case) -> None:
    assert fault_of(case) == ""


@pytest.mark.slow
def test_random_cases() -> None:
    dice, ends = random.Random(), time.monotonic() + SECONDS
    for _ in range(10 * EXAMPLES):
        if time.monotonic() > ends:
            break
        case = random_case(dice)
        if fault_of(case):
            short = minimised(case)
            pytest.fail(f"{fault_of(short)}\n{short!r}")
