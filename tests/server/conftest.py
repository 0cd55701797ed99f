"""Provides an authority, and a server that many tests can ask."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import trustme

from checker.admission import Admission
from tests.admission.reviews import admission
from tests.server.served import Client, serving


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="session")
def decider() -> Iterator[Admission]:
    decider = admission()
    decider.warm()
    yield decider
    decider.close()


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory, authority: trustme.CA, decider: Admission) -> Iterator[Client]:
    with serving(tmp_path_factory.mktemp("served"), authority, decider) as served:
        yield served.client
