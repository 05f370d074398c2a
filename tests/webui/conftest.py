"""Hosts that are started once and shared by the tests, and ended with the session."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from .browsing import chromium
from .host import LOADERS, Host, HostDied, LaunchHost, NotConfigured, launch
from .roles_for_tests import ROLES

HERE = Path(__file__).parent
SECONDS_PER_TEST = 3600  # the replies of a whole batch are made in the fixture of the first test that asks for them


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without a webui every test here is skipped, with the reason; with one, each may take its time."""
    ours = [item for item in items if HERE in Path(item.path).parents]
    missing = None if os.environ.get("ROLE_ENGINE_WEBUI") else "set ROLE_ENGINE_WEBUI to run on a real webui"
    for item in ours:
        item.add_marker(pytest.mark.timeout(SECONDS_PER_TEST))
        if missing:
            item.add_marker(pytest.mark.skip(reason=missing))


@pytest.fixture(scope="session")
def hosts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LaunchHost]:
    """`hosts(loader, model, …)` gives the host with these settings, started on the first call.

    A host that could not be started is not tried again: the other tests that need it fail at once.
    """
    started: dict[str, Host | BaseException] = {}

    def get(loader: str, model: str, **settings: Any) -> Host:
        key = repr((loader, model, sorted(settings.items())))
        known = started.get(key)
        if known is None or (isinstance(known, Host) and not known.alive):
            try:
                folder = tmp_path_factory.mktemp("host") / "home"
                known = launch(loader, model, folder, roles=ROLES, **settings)  # type: ignore[arg-type]
            except (HostDied, NotConfigured) as error:
                known = error
            started[key] = known
        if isinstance(known, NotConfigured):
            pytest.skip(str(known))
        if not isinstance(known, Host):
            pytest.fail(f"the host did not start: {known}", pytrace=False)
        return known

    yield get
    for host in started.values():
        if isinstance(host, Host):
            with contextlib.suppress(OSError):
                host.stop()


@pytest.fixture(params=LOADERS)
def loader(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def tiny(hosts: LaunchHost, loader: str) -> Host:
    """A model that leaks in about half of its replies."""
    return hosts(loader, "tiny-qwen3")


@pytest.fixture
def wild(hosts: LaunchHost, loader: str) -> Host:
    """A model that leaks with every second token."""
    return hosts(loader, "tiny-qwen3-wild")


@pytest.fixture(autouse=True)
def log_of_the_host(request: pytest.FixtureRequest) -> Iterator[None]:
    """Where the log of the host of a failed test is."""
    yield
    for value in getattr(request.node, "funcargs", {}).values():
        if isinstance(value, Host):
            print(f"log of the host: {value.log}")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as found:
        yield found
