"""What holds for every test."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.needs import explain_failed_import, explain_skip, find_marks

# How long an example takes says more about the machine than about the code.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

WEBUI = Path(__file__).parent / "webui"
TORCH_AT_ITS_TOP = re.compile(
    r"""^(?:\w+ = pytest\.importorskip\("|pytest\.importorskip\("|import |from )torch\b""", re.MULTILINE
)


class LightModule(pytest.Module):
    """A test module: skipped, with what to install, where it imports an optional package that is not there."""

    def collect(self) -> Iterable[pytest.Item | pytest.Collector]:
        try:
            return super().collect()
        except self.CollectError as error:
            if reason := explain_failed_import(error):
                pytest.skip(reason, allow_module_level=True)
            raise
        except pytest.skip.Exception:
            if reason := explain_skip(pytest.ExceptionInfo.from_current()):
                pytest.skip(reason, allow_module_level=True)
            raise


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Where `-m` leaves out torch, modules that import it at their top are not imported: that takes seconds."""
    wanted = config.option.markexpr
    if " or " in wanted or "not torch" not in wanted.split(" and ") or collection_path.suffix != ".py":
        return None
    return True if TORCH_AT_ITS_TOP.search(collection_path.read_text("utf-8")) else None


def pytest_pycollect_makemodule(module_path: Path, parent: pytest.Collector) -> pytest.Module:
    return LightModule.from_parent(parent, path=module_path)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks for what each test needs, by its folder and by its imports (`tests/needs.py`)."""
    for item in items:
        if WEBUI in item.path.parents:
            item.add_marker("webui")
        for mark in find_marks(item):
            item.add_marker(mark)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Say what to install, where a test or its fixture failed for want of an optional package or was skipped for it."""
    report = yield
    if call.excinfo is not None and (reason := explain_skip(call.excinfo) or explain_failed_import(call.excinfo.value)):
        report.outcome = "skipped"
        report.longrepr = (str(item.path), item.location[1] or 0, f"Skipped: {reason}")
    return report


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Nothing of a test is kept in the user's own cache, nor read from it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ROLE_ENGINE_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield
