"""Look for a text of which the guard or the check does not hold what it promises.

    python tools/fuzz_guard.py [--cases 1000000] [--seed 1] [--seconds S] [--workers 1] [--out FILE]

Each case is a text put together from zones, markers, words and odd characters, under some policy, cut into pieces. Of
each must hold: a split changes nothing; what is released is clean, at every moment; what is stripped is clean. A fault
is written down as short as it can be made, one JSON object a line, and the exit code is 1. The seed says which cases.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from multiprocessing import get_context
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "extensions"), str(ROOT)]

from tests.guard.fuzzing import Case, fault_of, minimised, random_case  # noqa: E402


def _described(fault: str, case: Case) -> dict[str, object]:
    return {
        "text": case.text,
        "fault": fault,
        "policy": repr(case.policy),
        "context": case.context,
        "sizes": case.sizes,
    }


def search(seed: int, cases: int, seconds: float) -> tuple[int, list[dict[str, object]]]:
    """How many cases were tried, and the faults found."""
    dice, ends = random.Random(seed), time.monotonic() + seconds
    faults: list[dict[str, object]] = []
    seen: set[str] = set()
    for tried in range(cases):
        if time.monotonic() > ends:
            return tried, faults
        case = random_case(dice)
        try:
            fault = fault_of(case)
        except Exception as error:
            faults.append(_described(f"raises {error!r}", case))
            continue
        if fault:
            short = minimised(case)
            if (key := f"{short.text!r}{short.policy.mode}") not in seen:
                seen.add(key)
                faults.append(_described(fault_of(short), short))
                print(json.dumps(faults[-1]), flush=True)
    return cases, faults


def main() -> int:
    parser = argparse.ArgumentParser(description="Fuzz the guard and the check.")
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=float("inf"), help="stop then, however many cases were tried")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--out", type=Path, help="where the faults are written, one JSON object a line")
    asked = parser.parse_args()
    each = -(-asked.cases // asked.workers)
    jobs = [(asked.seed + worker, each, asked.seconds) for worker in range(asked.workers)]
    if asked.workers == 1:
        results = [search(*jobs[0])]
    else:
        with get_context("spawn").Pool(asked.workers) as pool:
            results = pool.starmap(search, jobs)
    faults = [fault for _, found in results for fault in found]
    if asked.out:
        asked.out.write_text("".join(json.dumps(fault) + "\n" for fault in faults), encoding="utf-8")
    print(f"{sum(tried for tried, _ in results)} cases, {len(faults)} faults", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
