"""Tests `checker webhook manifests` and `checker webhook chart` as people use them."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest
import yaml

from checker import cli, webhook_arguments
from checker.webhook import charts, manifests
from tests.installations import INSTALLATIONS, PINNED

PEM = "-----BEGIN CERTIFICATE-----\nTUlJ\n-----END CERTIFICATE-----\n"
KEY = "-----BEGIN PRIVATE KEY-----\nTUlJ\n-----END PRIVATE KEY-----\n"


def run(capsys: pytest.CaptureFixture[str], *line: str) -> tuple[int | str | None, str, str]:
    """Run a command; return exit code, output and errors."""
    with pytest.raises(SystemExit) as exit_:
        cli.main(["webhook", *line])
    written = capsys.readouterr()
    return exit_.value.code, written.out, written.err


def registered(printed: str) -> Any:
    return list(yaml.safe_load_all(printed))[-1]["webhooks"]


def test_an_image_and_an_issuer_are_all_that_must_be_said(capsys: pytest.CaptureFixture[str]) -> None:
    printed = run(capsys, "manifests", "--image", PINNED, "--cert-manager")
    assert printed == (0, manifests.render(INSTALLATIONS["plain"]), "")


def test_every_choice_of_the_command_line_is_printed(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text(PEM)
    (tmp_path / "checker.yaml").write_text("admission:\n  budget: 20\n")
    one = INSTALLATIONS["everything"]._replace(
        name="checker", ca_bundle=base64.b64encode(PEM.encode()).decode(), timeout_seconds=26
    )
    options = [
        *("--image", PINNED, "--namespace", "door-system", "--replicas", "1", "--profile", "strict"),
        *("--profile-label", "security.example/profile", "--failure-policy", "Fail", "--tls-secret", "own-certificate"),
        *("--ca-bundle", str(tmp_path / "ca.pem"), "--config", str(tmp_path / "checker.yaml")),
        *("--opa-url", "https://opa.example:8181", "--metrics-namespace", "observability", "--service-monitor"),
    ]
    assert run(capsys, "manifests", *options) == (0, manifests.render(one), "")


def test_an_image_without_a_digest_is_warned_of(capsys: pytest.CaptureFixture[str]) -> None:
    code, printed, errors = run(capsys, "manifests", "--image", "registry.example/checker:1", "--cert-manager")
    assert (code, errors) == (
        0,
        "checker: --image registry.example/checker:1: names no digest, so what runs may change\n",
    )
    assert list(yaml.safe_load_all(printed))


@pytest.mark.parametrize(("budget", "seconds"), [("0.5", 3), ("1", 3), ("2", 4), ("8", 11), ("24", 30), ("25", 30)])
def test_the_api_server_waits_longer_than_the_webhook_takes(
    budget: str, seconds: int, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "checker.yaml").write_text(f"admission: {{budget: {budget}}}\n")
    line = ["manifests", "--image", PINNED, "--cert-manager", "--config", str(tmp_path / "checker.yaml")]
    assert [one["timeoutSeconds"] for one in registered(run(capsys, *line)[1])] == [seconds]


def test_a_configuration_nearby_is_not_taken_unasked(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".checker.yaml").write_text("admission: {budget: 8}\n")
    monkeypatch.chdir(tmp_path)
    printed = run(capsys, "manifests", "--image", PINNED, "--cert-manager")[1]
    assert "ConfigMap" not in {data["kind"] for data in yaml.safe_load_all(printed)}
    assert [one["timeoutSeconds"] for one in registered(printed)] == [3]


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("", "say who issues the certificate: --cert-manager, or --ca-bundle FILE with --tls-secret NAME"),
        ("--cert-manager --ca-bundle ca.pem --tls-secret own", "say who issues the certificate: --cert-manager, or "),
        ("--ca-bundle ca.pem", "--ca-bundle and --tls-secret belong together"),
        ("--tls-secret own", "--ca-bundle and --tls-secret belong together"),
        ("--ca-bundle gone.pem --tls-secret own", "gone.pem: cannot be read: No such file or directory"),
        ("--ca-bundle both.pem --tls-secret own", "--ca-bundle both.pem: holds not certificates in PEM alone"),
        ("--ca-bundle empty.pem --tls-secret own", "--ca-bundle empty.pem: holds not certificates in PEM alone"),
        ("--ca-bundle binary.pem --tls-secret own", "binary.pem: is no text"),
        ("--cert-manager --config wrong.yaml", "wrong.yaml:1: `admision` is not known here: did you mean `admission`?"),
        ("--cert-manager --profile strickt", "there is no profile `strickt`"),
    ],
)
def test_what_the_server_could_not_start_with_is_told_before_anything_is_printed(
    line: str, complaint: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    files = {"ca.pem": PEM, "both.pem": PEM + KEY, "empty.pem": "", "wrong.yaml": "admision: {}\n"}
    for name, content in files.items():
        (tmp_path / name).write_text(content)
    (tmp_path / "binary.pem").write_bytes(b"\xff\xfe\x00")
    code, printed, errors = run(capsys, "manifests", "--image", PINNED, *line.split())
    assert (code, printed) == (2, "")
    assert errors.startswith(f"checker: {complaint}")
    assert "TUlJ" not in errors


@pytest.mark.parametrize(
    ("option", "complaint"),
    [
        (["--image", "https://x"], "argument --image: 'https://x' is no image"),
        (["--image", ""], "argument --image: '' is no image"),
        (["--namespace", "Checker"], "argument --namespace: 'Checker' is no name of a namespace"),
        (["--namespace", "a.b"], "argument --namespace: 'a.b' is no name of a namespace"),
        (["--tls-secret", "a/b"], "argument --tls-secret: 'a/b' is no name of an object"),
        (["--profile-label", "a b"], "argument --profile-label: 'a b' is no label"),
        (["--metrics-namespace", "-"], "argument --metrics-namespace: '-' is no name of a namespace"),
        (["--opa-url", "opa.example:8181"], "argument --opa-url: is no address such as https://opa.example:8181"),
        (["--opa-url", "http://opa.example"], "argument --opa-url: is no address such as https://opa.example:8181"),
        (["--opa-url", "https://a:b@opa.example"], "argument --opa-url: is no address such as"),
        (["--opa-url", "https://[::1"], "argument --opa-url: is no address such as"),
        (["--replicas", "0"], "argument --replicas: '0' is no number from 1"),
        (["--failure-policy", "ignore"], "argument --failure-policy: invalid choice: 'ignore'"),
    ],
)
def test_wrong_words_are_told(option: list[str], complaint: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, printed, errors = run(capsys, "manifests", "--image", PINNED, "--cert-manager", *option)
    assert (code, printed) == (2, "")
    assert complaint in errors
    assert "a:b" not in errors


@pytest.mark.parametrize("key", ["team", "security.example/profile", "a/B_c.d-e"])
def test_labels_are_what_kubernetes_takes_for_them(key: str) -> None:
    assert webhook_arguments.label_key(key) == key


def test_the_chart_is_written_where_it_is_wanted(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = tmp_path / "a" / "chart"
    line = f"helm install checker {folder} --namespace checker-system --create-namespace --set image=IMAGE"
    said = f"Wrote the chart into {folder}: `{line}`.\n"
    assert run(capsys, "chart", str(folder)) == (0, said, "")
    written = {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}
    assert written == {
        *(path.relative_to(charts.CHART) for path in charts.CHART.rglob("*") if path.is_file()),
        *(Path("policies", f"{name}.json") for name in ("conditions", "profiles", "rules")),
    }


def test_a_chart_that_cannot_be_written_is_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    code, printed, errors = run(capsys, "chart", str(tmp_path / "file"))
    assert (code, printed) == (2, "")
    assert errors.startswith(f"checker: {tmp_path / 'file'}: cannot be written: ")
