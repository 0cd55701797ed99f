"""Provides what only some machines have: corpora and programs, skipped by name elsewhere, required in CI."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import venv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from tests.cluster import Cluster

ROOT = Path(__file__).parent.parent
CORPORA = ROOT.parent / "shared" / "corpora"

# How long a machine takes to draw an example says nothing about what is tested.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


def _missing(what: str) -> None:
    """Skip the test, or fail it in CI, where everything must be there."""
    if os.environ.get("CI"):
        pytest.fail(f"CI needs {what}")
    pytest.skip(f"needs {what}")


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Unpack a corpus of ../shared once a session and return its folder."""
    unpacked: dict[str, Path] = {}

    def unpack(name: str) -> Path:
        if name not in unpacked:
            archive = CORPORA / f"{name}.tar.xz"
            if not archive.is_file():
                _missing(f"the corpus ../shared/corpora/{name}.tar.xz")
            folder = tmp_path_factory.mktemp("corpora")
            with tarfile.open(archive) as tar:
                tar.extractall(folder, filter="data")
            unpacked[name] = folder / name
        return unpacked[name]

    return unpack


@pytest.fixture(scope="session")
def program() -> Callable[[str], Path]:
    """Return the path of a program, from `CHECKER_<NAME>` or the PATH."""

    def find(name: str) -> Path:
        found = os.environ.get(f"CHECKER_{name.upper().replace('-', '_')}") or shutil.which(name)
        if found is None:
            _missing(f"the program {name} (`make tools` builds or installs it)")
        return Path(str(found))

    return find


@pytest.fixture(scope="module")
def opa_server(program: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run an OPA server without policies and return its address."""
    from tests.services import answers, eventually, free_ports, running

    (port,) = free_ports(1)
    url, log = f"http://127.0.0.1:{port}", tmp_path_factory.mktemp("opa") / "log"
    command = [str(program("opa")), "run", "--server", "--addr", f"127.0.0.1:{port}", "--log-level", "error"]
    with running(command, log) as process:
        eventually(answers(f"{url}/health", process, log), "opa")
        yield url


@pytest.fixture(scope="session")
def cluster(program: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Run a Kubernetes API server for the whole session."""
    from tests.cluster import start_cluster

    with start_cluster(tmp_path_factory.mktemp("cluster"), program) as started:
        yield started


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the distribution by its name, from a wheel of this checkout in `links` beside; returns its `bin`."""
    folder = tmp_path_factory.mktemp("installed")
    links = folder / "links"
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(links), str(ROOT)]
    subprocess.run(build, check=True)
    venv.create(folder / "venv", with_pip=True)
    programs = folder / "venv" / "bin"
    install = [str(programs / "pip"), "install", "--quiet", "--disable-pip-version-check", "container-policy-checker"]
    subprocess.run(install, check=True, env=os.environ | {"PIP_FIND_LINKS": str(links)})
    return programs
