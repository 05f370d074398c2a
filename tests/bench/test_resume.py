"""The benchmark of resumes: what it measures is there and adds up. How fast a machine is, is not tested."""

from __future__ import annotations

import json

import pytest

pytest.importorskip("torch", reason="it measures the transformers engine")
pytest.importorskip("transformers", reason="it measures the transformers engine")

from role_engine.bench import resume


def test_both_ways_are_measured_on_one_reply(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    first = resume._first
    monkeypatch.setattr(resume, "_first", lambda engine, request: asked.append(request) or first(engine, request))
    said: list[str] = []
    result = resume.measure(prompt_tokens=300, runs=2, progress=said.append)
    assert len({request.prefix for request in asked[1:]}) == 1 and len(asked) == 5, "all go on at the same place"
    assert asked[1].prefix and len(said) == 3
    assert abs(result.prompt_tokens - 300) < 10
    found = json.loads(json.dumps(result.as_dict()))
    assert found["benchmark"] == "resume"
    assert found["kept_in_steps"] == pytest.approx(found["kept_ms"] / found["step_ms"])
    assert found["fresh_to_kept"] == pytest.approx(found["fresh_ms"] / found["kept_ms"])
