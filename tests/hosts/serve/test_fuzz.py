"""Whatever is asked, the answer is no 500: a small dose. `fuzzing.py` gives larger ones."""

from __future__ import annotations

import pytest

from role_engine import ReplayBackend
from tests.app.conftest import MakeApp

fuzzing = pytest.importorskip("tests.hosts.serve.fuzzing", reason="schemathesis is not installed", exc_type=ImportError)


def test_no_request_is_a_500(make: MakeApp) -> None:
    backend = ReplayBackend(lambda request: [" мир", "."] if request.prefix else ["Да", " hello", "."])
    outcome = fuzzing.fuzz(make(backend, engine={"context": 2000}), cases=500, seed=14)
    statuses = {status for _, status in outcome.seen}
    assert {200, 400} <= statuses
