"""Tests that Helm makes of the chart what the manifests say."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from checker import __version__, bundles
from checker.config import Settings
from checker.webhook import charts, manifests
from checker.webhook.installation import Installation
from tests.installations import INSTALLATIONS, PINNED
from tests.scans import scanned

each_installation = pytest.mark.parametrize("one", INSTALLATIONS.values(), ids=INSTALLATIONS)
OF_HELM = {"app.kubernetes.io/managed-by": "Helm", "helm.sh/chart": f"checker-{__version__}"}


@pytest.fixture(scope="module")
def chart(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("chart")
    charts.write(folder, bundles.builtin().catalog)
    return folder


@pytest.fixture
def helm(
    program: Callable[[str], Path], chart: Path, tmp_path: Path
) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run a command of Helm on the chart with some values; nothing of this machine's own settings counts."""
    environment = {f"HELM_{name}_HOME": str(tmp_path) for name in ("CACHE", "CONFIG", "DATA")}
    path = program("helm")

    def run(command: str, values: dict[str, Any], *arguments: str) -> subprocess.CompletedProcess[str]:
        (tmp_path / "values.json").write_text(json.dumps(values), encoding="utf-8")
        line: list[str | Path] = [
            path,
            *command.split(),
            *arguments,
            str(chart),
            "--values",
            str(tmp_path / "values.json"),
        ]
        return subprocess.run(line, env=environment, capture_output=True, text=True, check=False)

    return run


def values(one: Installation) -> dict[str, Any]:
    """Return what a person writes for an installation: only what differs from the defaults of the chart."""
    given = {
        "image": one.image,
        "replicas": one.replicas,
        "profiles": list(one.profiles),
        "profileLabel": one.profile_label,
        "failurePolicy": one.failure_policy,
        "timeoutSeconds": one.timeout_seconds,
        "caBundle": one.ca_bundle,
        "tlsSecret": one.tls_secret,
        "configuration": one.configuration,
        "opaUrls": list(one.opa_urls),
        "metricsNamespace": one.metrics_namespace,
        "serviceMonitor": one.service_monitor,
    }
    defaults = yaml.safe_load((charts.CHART / "values.yaml").read_text("utf-8"))
    assert given.keys() == defaults.keys()
    return {key: value for key, value in given.items() if value != defaults[key]}


def key(data: dict[str, Any]) -> tuple[str, str]:
    return data["kind"], data["metadata"]["name"]


@each_installation
def test_the_chart_installs_what_is_printed_but_for_the_namespace(one: Installation, helm: Any) -> None:
    rendered = helm("template", values(one), one.name, f"--namespace={one.namespace}")
    assert rendered.returncode == 0, rendered.stderr
    expected = {key(one.object): one.object for one in manifests.manifests(one) if one.object["kind"] != "Namespace"}
    for data in expected.values():
        data["metadata"]["labels"] |= OF_HELM
    assert {key(data): data for data in yaml.safe_load_all(rendered.stdout)} == expected


@each_installation
@pytest.mark.parametrize("profile", sorted(bundles.builtin().catalog.profiles))
def test_what_the_chart_installs_breaks_no_rule_of_ours(
    one: Installation, profile: str, helm: Any, tmp_path: Path
) -> None:
    folder = tmp_path / "rendered"
    folder.mkdir()
    rendered = helm("template", values(one), one.name, f"--namespace={one.namespace}").stdout
    (folder / "webhook.yaml").write_text(rendered, encoding="utf-8")
    report = scanned(folder, Settings(profiles=(profile,)))
    assert (report.findings, report.problems) == ((), ())
    assert [file.documents for file in report.scanned] == [len(manifests.manifests(one)) - 1]


@each_installation
def test_helm_has_nothing_to_complain_of(one: Installation, helm: Any) -> None:
    linted = helm("lint --strict", values(one), f"--namespace={one.namespace}")
    assert linted.returncode == 0, linted.stdout + linted.stderr


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        ({}, "/image"),
        ({"image": PINNED, "replicas": 0}, "/replicas"),
        ({"image": PINNED, "failurePolicy": "ignore"}, "/failurePolicy"),
        ({"image": PINNED, "timeoutSeconds": 31}, "/timeoutSeconds"),
        ({"image": PINNED, "tlsSecret": "own"}, "/caBundle"),
        ({"image": PINNED, "caBundle": "Q0E="}, "/tlsSecret"),
        ({"image": PINNED, "opaUrls": ["http://opa.example"]}, "/opaUrls/0"),
        ({"image": PINNED, "opaUrls": ["https://user:word@opa.example"]}, "/opaUrls/0"),
        ({"image": PINNED, "metricsNamespace": ""}, "/metricsNamespace"),
        ({"image": PINNED, "replicaCount": 3}, "replicaCount"),
    ],
)
def test_wrong_values_are_refused_by_name(wrong: dict[str, Any], complaint: str, helm: Any) -> None:
    rendered = helm("template", wrong, "checker")
    assert (rendered.returncode, rendered.stdout) == (1, "")
    assert complaint in rendered.stderr


def test_the_chart_is_of_the_version_that_it_installs(chart: Path) -> None:
    about = yaml.safe_load((chart / "Chart.yaml").read_text("utf-8"))
    assert (about["version"], about["appVersion"]) == (__version__, __version__)
