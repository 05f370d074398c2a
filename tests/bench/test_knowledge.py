"""The benchmark of knowledge: everybody answers, the missing are named, the numbers add up. Speed is not tested."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from role_engine.bench import knowledge
from role_engine.bench.knowledge import AGAIN, OURS, measure, table
from role_engine.bench.knowledge_contenders import corpus, questions
from role_engine.hosts.cli import bench
from role_engine.hosts.cli.app import app

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def result() -> knowledge.KnowledgeBenchmark:
    with pytest.MonkeyPatch.context() as patch:
        asked = knowledge._in_process
        patch.setattr(knowledge, "CONTENDERS", dict.fromkeys((OURS, "absent")))
        patch.setattr(knowledge, "PACKAGES", {"absent": "no-such-package"})
        patch.setattr(knowledge, "_in_process", lambda name, task: None if name == "absent" else asked(name, task))
        return measure(texts=50, questions=3)


def test_we_answer_with_the_index_new_and_kept_and_the_missing_are_named(result: knowledge.KnowledgeBenchmark) -> None:
    assert [row.name for row in result.rows] == [OURS, AGAIN]
    assert all(row.ready > 0 and row.question > 0 for row in result.rows)
    assert result.missing == {"absent": "no-such-package"}
    assert all(result.ratio(row) is None for row in result.rows)
    assert "pip install no-such-package" in table(result)


def test_ratios_are_against_the_peer() -> None:
    rows = [
        knowledge.KnowledgeRow(OURS, 1.0, 2.0, None, None),
        knowledge.KnowledgeRow(knowledge.AGAINST, 1.0, 8.0, 1.0, 1.0),
    ]
    found = knowledge.KnowledgeBenchmark(10, 1, rows, {})
    assert [found.ratio(row) for row in rows] == [4.0, 1.0]
    assert found.as_dict()["rows"][0]["questions_to_rank_bm25"] == 4.0


def test_the_corpus_is_the_same_each_time_and_its_questions_come_from_it() -> None:
    texts = corpus(20)
    assert texts == corpus(20) and len(set(texts)) == 20
    held = " ".join(texts).lower().replace(".", "").split()
    assert all(set(asked.lower().rstrip("?").split()) <= set(held) for asked in questions(texts, 5))


def test_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "_knowledge", lambda texts: bench.BenchmarkOutcome({"texts": texts}, ""))
    outcome = CliRunner().invoke(app, ["bench", "knowledge", "--texts", "77", "--json"])
    assert json.loads(outcome.stdout) == {"texts": 77}
