"""The check's benchmark: everybody answers, the missing are named, the numbers add up. Speed is not tested."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from role_engine.bench import check, detectors
from role_engine.bench.check_table import table
from role_engine.bench.labelled_runs import judge_labelled
from role_engine.bench.sample_sentences import SAMPLE
from role_engine.errors import InputError

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def result() -> check.CheckBenchmark:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(check, "PEERS", {"langdetect": detectors.langdetect, "absent": None})
        patch.setattr(check, "PACKAGES", {**detectors.PACKAGES, "absent": "no-such-package"})
        patch.setattr(check, "AGAINST", "langdetect")
        asked = check._in_process
        patch.setattr(check, "_in_process", lambda name, *rest: None if name == "absent" else asked(name, *rest))
        return check.measure()


def test_everybody_answers_and_the_missing_are_named(result: check.CheckBenchmark) -> None:
    assert {row.name for row in result.rows} == {*detectors.OURS, "langdetect"}
    assert result.missing == {"absent": "no-such-package"}
    for row in result.rows:
        assert row.rate > 0 and row.start > 0 and (row.memory is None or row.memory > 0)
        assert row.passed.keys() <= SAMPLE.keys() and "ru" in row.passed
        assert all(0 <= share <= 1 for share in row.passed.values())


def test_the_sample_is_russian_to_the_check(result: check.CheckBenchmark) -> None:
    passed = {row.name: row.passed for row in result.rows}
    assert passed["balanced: rules"]["ru"] == passed["whole check"]["ru"] == 1
    assert passed["balanced: rules"]["uk"] == 0 < passed["balanced: rules"]["bg"]
    assert passed["whole check"]["bg"] == 0


def test_speed_is_a_ratio(result: check.CheckBenchmark) -> None:
    assert result.ratio("langdetect", "langdetect") == 1
    assert result.ratio("absent", "langdetect") is None


def test_as_json_and_as_table(result: check.CheckBenchmark) -> None:
    found = json.loads(json.dumps(result.as_dict()))
    assert found["benchmark"] == "check" and found["sentences"]["ru"] == len(SAMPLE["ru"])
    assert {"sentences_per_second", "start_s", "memory_mb", "taken_for_russian"} <= found["rows"][0].keys()
    shown = table(result)
    assert "balanced: rules" in shown and "no-such-package" in shown


def test_a_folder_of_sentences(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no ru\.txt"):
        check.read_sentences(tmp_path)
    (tmp_path / "uk.txt").write_text("Так.\n\nНі.\n", encoding="utf-8")
    (tmp_path / "ru.txt").write_text("Да.\n", encoding="utf-8")
    assert check.read_sentences(tmp_path) == {"ru": ["Да."], "uk": ["Так.", "Ні."]}
    (tmp_path / "sentences").mkdir()
    (tmp_path / "sentences/ru.txt").write_text("Нет.\n", encoding="utf-8")
    assert check.read_sentences(tmp_path) == {"ru": ["Нет."]}


def test_labelled_runs_are_judged_in_their_replies(tmp_path: Path) -> None:
    assert judge_labelled(tmp_path) is None
    reply = {"model": "m", "source": "s", "id": 1, "prompt": "Что?", "completion": "Да.\nРешает CRM и healthy fats."}
    run = {"model": "m", "source": "s", "id": 1, "line": 1}
    runs = [
        {**run, "start": 7, "end": 10, "label": "ok"},
        {**run, "start": 13, "end": 25, "label": "defect"},
        {**run, "start": 13, "end": 20, "label": "ok"},  # a label that the check does not share
        {**run, "start": 0, "end": 6, "label": "amb"},
    ]
    folder = tmp_path / "lcb-ru-dev"
    folder.mkdir()
    (folder / "outputs.jsonl").write_text(json.dumps(reply), encoding="utf-8")
    (folder / "labels.jsonl").write_text("".join(json.dumps(run) + "\n" for run in runs), encoding="utf-8")
    found = judge_labelled(tmp_path)
    assert found is not None
    assert (found.runs, found.defects_found, found.ok_left_alone) == (3, 1.0, 0.5)
