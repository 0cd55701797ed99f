"""Tests that the page about the webhook tells all that the server tells, and that the alerts fit it."""

from __future__ import annotations

import ast
import io
import json
import logging
import re
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import trustme
from prometheus_client.parser import text_string_to_metric_families

from checker import bundles, config
from checker.admission import Admission, Decision
from checker.engines.wasm import WasmEngine
from checker.server import logs
from checker.server.certificates import Certificates, Pair
from checker.server.metrics import Metrics
from checker.server.policies import Policies
from checker.server.readiness import Readiness
from tests import webhook

ROOT = Path(__file__).parent.parent
SECTION = (ROOT / "docs" / "webhook.md").read_text("utf-8").split("\n## Watch\n")[1].split("\n## ")[0]
DENIED = Decision(
    status=200,
    body=b"",
    uid="705ab4f5-6393-11e8-b7cc-42010a800002",
    outcome="deny",
    allowed=False,
    findings=(("kubernetes/privileged", "deny"),),
    profile="default",
    operation="CREATE",
    version="v1",
    kind="Pod",
    namespace="orders",
    name="web",
)


def exposition() -> str:
    """Return what is exposed once everything has happened."""
    metrics = Metrics()
    metrics.decided(DENIED, 0.001)
    metrics.refused(404)
    metrics.certificate(1.0)
    metrics.bundle("aa")
    return metrics.exposition().decode()


def rows(heading: str) -> list[list[str]]:
    """Return the cells of the table of the page whose first column has a heading."""
    lines = SECTION.split(f"\n| {heading} |")[1].split("\n\n")[0].split("\n<!--")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def block(language: str) -> str:
    return SECTION.split(f"\n```{language}\n")[1].split("```\n")[0]


def metrics_rows() -> Iterator[list[str]]:
    for family in text_string_to_metric_families(exposition()):
        if family.name.endswith("_created"):
            continue
        name = f"{family.name}_total" if family.type == "counter" else family.name
        labels = dict.fromkeys(label for sample in family.samples for label in sample.labels if label != "le")
        yield [f"`{name}`", family.type, ", ".join(f"`{label}`" for label in labels), family.documentation]


def test_table_tells_every_metric() -> None:
    assert sorted(rows("metric")) == sorted(metrics_rows())


def test_alerts_ask_for_metrics_that_there_are() -> None:
    alerts = re.findall(r"\bchecker_\w+", (ROOT / "docs" / "alerts.yaml").read_text("utf-8"))
    exposed = {line.partition(" ")[0].partition("{")[0] for line in exposition().splitlines()}
    assert set(alerts) - exposed == set()


def test_alerts_are_sound_and_fire_when_they_should(program: Callable[[str], Path]) -> None:
    tool = str(program("promtool"))
    for arguments in (
        ["check", "rules", "--lint=all", "--lint-fatal", "docs/alerts.yaml"],
        ["test", "rules", "tests/alerts.yaml"],
    ):
        done = subprocess.run([tool, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def test_prometheus_finds_nothing_wrong_with_the_metrics(program: Callable[[str], Path]) -> None:
    command = [str(program("promtool")), "check", "metrics"]
    done = subprocess.run(command, input=exposition(), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def said() -> Iterator[tuple[str, str]]:
    """Yield message and level of each line that the server can log."""
    for path in sorted((ROOT / "checker" / "server").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not (isinstance(node, ast.Call) and ast.unparse(node.func).startswith("_logger.")):
                continue
            level = ast.unparse(node.func).removeprefix("_logger.")
            texts = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
            yield from ((text, "info, warning" if level == "log" else level) for text in texts)


def test_table_tells_every_log_line() -> None:
    assert sorted((message.strip("`"), level) for message, level, _ in rows("message")) == sorted(set(said()))


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    handlers, level = logging.root.handlers[:], logging.root.level
    stream = io.StringIO()
    logs.configure(stream)
    yield stream
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)


def test_log_line_of_the_page_is_what_a_decision_writes(stream: io.StringIO) -> None:
    logs.decided(DENIED, 0.0012)
    written, shown = json.loads(stream.getvalue()), json.loads(block("json"))
    assert re.sub(r"\d", "0", written.pop("time")) == re.sub(r"\d", "0", shown.pop("time"))
    assert list(written.items()) == list(shown.items())


def test_notes_of_the_page_are_what_a_server_says(tmp_path: Path) -> None:
    folder = tmp_path / "current"
    folder.mkdir()
    bundles.write(bundles.builtin(), folder)

    def load() -> Admission:
        bundle = bundles.read(folder)
        return Admission(bundle, config.Settings(), lambda selection: WasmEngine(bundle, selection))

    policies = Policies(load, [folder / bundles.DIGEST])
    (folder / bundles.DIGEST).write_text("aa\n")
    assert [policies.check(), policies.check()] == [False, False]
    certificates = webhook.Certificates(tmp_path / "certificates", trustme.CA())
    certificates.issue(not_after=datetime(2027, 1, 1, tzinfo=UTC))
    files = Pair(certificates.folder / "tls.crt", certificates.folder / "tls.key")
    readiness = Readiness(Certificates(files), policies)
    readiness.cold = ()
    notes = [*(readiness.problems() or ["ready"]), *readiness.notes()]
    policies.close()
    revision = re.compile(r"revision \w{32}")
    shown = block("console").splitlines()[1:]
    assert [revision.sub("", note.replace(str(tmp_path), "/policies")) for note in notes] == [
        revision.sub("", line) for line in shown
    ]
