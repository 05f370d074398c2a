"""`tools/compare_bench.py`: two runs of a benchmark side by side."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tools import compare_bench

RUN = {
    "benchmark": "guard",
    "cost": {"bare": 1.0, "guarded": 3.0, "guarded_to_bare": 3.0, "peer": None},
    "modes": [{"mode": "strict", "found": 7}, {"mode": "balanced", "found": 0}],
    "versions": {"python": "3.11"},
    "quick": True,
}


@pytest.fixture
def compare(tmp_path: Path) -> Any:
    """`compare(before, after, *options)` → the exit code."""

    def compared(before: Any, after: Any, *options: str) -> int:
        files = [tmp_path / "before.json", tmp_path / "after.json"]
        for file, run in zip(files, (before, after), strict=True):
            file.write_text(run if isinstance(run, str) else json.dumps(run), encoding="utf-8")
        return compare_bench.main([*map(str, files), *options])

    return compared


def changed(**cost: float | None) -> dict[str, Any]:
    return {**RUN, "cost": {**RUN["cost"], **cost}}  # type: ignore[dict-item]


def test_the_same_run_twice(compare: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert compare(RUN, RUN) == 0
    out = capsys.readouterr().out
    assert "0 of 5 beyond a tolerance of 15%" in out
    assert "modes[strict].found" in out and "modes[balanced].found" in out
    assert "python" not in out and "quick" not in out and "peer" not in out


@pytest.mark.parametrize(("guarded", "code"), [(3.4, 0), (3.5, 1), (2.7, 0), (2.5, 1)])
def test_the_tolerance_holds_up_and_down(compare: Any, guarded: float, code: int) -> None:
    assert compare(RUN, changed(guarded=guarded)) == code


def test_what_is_beyond_it_is_marked(compare: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert compare(RUN, changed(guarded=6.0), "--tolerance", "0.5") == 1
    marked = [line.split() for line in capsys.readouterr().out.splitlines() if line.startswith("!")]
    assert marked == [["!", "cost.guarded", "3", "6", "2"]]


def test_only_what_matches_counts(compare: Any) -> None:
    assert compare(RUN, changed(guarded=30.0), "--only", "*_to_*", "--only", "modes*") == 0
    assert compare(RUN, changed(guarded_to_bare=30.0), "--only", "*_to_*") == 1


def test_what_one_run_lacks_is_a_difference(compare: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert compare(RUN, changed(peer=2.0)) == 1
    assert compare(changed(peer=2.0), RUN) == 1
    assert "—" in capsys.readouterr().out


def test_out_of_nothing_comes_an_infinite_ratio(compare: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert compare({"found": 0}, {"found": 3}) == 1
    assert "inf" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("run", "says"),
    [("{", "before.json"), ("[1]", "bench --json"), ("{}", "nothing to compare")],
)
def test_other_files_are_wrong_use(compare: Any, capsys: pytest.CaptureFixture[str], run: str, says: str) -> None:
    with pytest.raises(SystemExit) as ended:
        compare(run, {})
    assert ended.value.code == 2
    assert says in capsys.readouterr().err


def test_a_negative_tolerance_is_wrong_use(compare: Any) -> None:
    with pytest.raises(SystemExit) as ended:
        compare(RUN, RUN, "--tolerance", "-1")
    assert ended.value.code == 2
