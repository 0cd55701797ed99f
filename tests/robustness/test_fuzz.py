"""Tests that no content of any kind of file ends a scan, hides a neighbour or puts a place outside of the file."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checker.errors import InputError
from checker.model import SourceFile
from tests.scans import POD, beside_good

VALID: Final = {
    "Dockerfile": "# syntax=docker/dockerfile:1\nARG V=1\nFROM alpine:$V AS b\nENV A=${V:-x} B='c d'\n"
    'RUN apk add --no-cache git && echo "$A" | sh <<EOF\nx\nEOF\nFROM b\nCOPY --from=b /a /b\nCMD ["a", "b"]\n',
    "a.yaml": POD + "---\n" + POD.replace("{name: p}", "&m {name: 'é', <<: {a: b}}") + "x: *m\ny: |\n  text\n",
    "a.json": '{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "\\u00e9"}, "spec": {"containers": [{"name":'
    ' "c", "image": "i", "env": [{"name": "A", "value": "1e5"}]}], "priority": 1e5}}',
    ".env.production": "export A=1\nB=\"x\ny\"\nC='${A}'\nD=${A:-b} # c\n'E F'=g\nDEBUG=true\n",
    "image.json": '{"architecture": "amd64", "os": "linux", "config": {"User": "0", "Env": ["PASSWORD=abcdefgh"], "Cmd"'
    ': ["a"]}, "rootfs": {"type": "layers", "diff_ids": []}, "history": [{"created_by": "RUN a"}]}',
    "a.cdx.json": '{"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, "components": [{"type": "library",'
    ' "name": "é", "licenses": [{"license": {"id": "MIT"}}]}]}',
    "a.cdx.xml": '<?xml version="1.0"?>\n<bom xmlns="http://cyclonedx.org/schema/bom/1.5" version="1"><components>\n'
    '<component type="library"><name>é</name><!-- c --><description><![CDATA[d]]></description></component>\n'
    "</components></bom>\n",
}
PIECES: Final = (
    *"\0\t\r\n\"'`{}[]()<>&*!|>%@#$\\=:,-?~ ",
    *(
        "\u2028",
        "\ufeff",
        "\U0001f600",
        "\x85",
        "\x1b",
        "<<EOF\n",
        "${",
        "${A:-",
        "$(",
        "---\n",
        "<<: *m\n",
        "!!binary ",
    ),
    *(
        "<![CDATA[",
        "<!DOCTYPE a>",
        "&#0;",
        "\\ud800",
        "1e999",
        "NaN",
        "FROM ",
        "ONBUILD ",
        "RUN ",
        "- ",
        "? ",
        "export ",
    ),
)
FEW: Final = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def check(name: str, content: bytes) -> None:
    """Scan a file and hold every place to its lines."""
    with tempfile.TemporaryDirectory() as folder:
        report = beside_good(Path(folder), name, content)
    told = [
        *((finding.path, finding.region) for finding in report.findings),
        *((problem.path, problem.region) for problem in report.problems),
        *((file.path, file.region) for file in report.unrendered),
    ]
    try:
        text = SourceFile(name, content).text
        ends = [len(text.line(number).encode("utf-16-le")) // 2 + 1 for number in range(1, text.line_count + 1)]
    except InputError:
        ends = [len(line) + 1 for line in content.decode("utf-8", "replace").splitlines()]
    for path, region in told:
        if path == name and region is not None:
            assert 1 <= region.start_line <= region.end_line <= len(ends)
            assert 1 <= region.start_column <= ends[region.start_line - 1]
            assert 1 <= region.end_column <= ends[region.end_line - 1]
            assert (region.start_line, region.start_column) <= (region.end_line, region.end_column)
    assert {path for path, _ in told} <= {name, "z.yaml", ""}


@pytest.mark.parametrize("name", VALID)
@FEW
@given(content=st.binary(max_size=200))
def test_raw_bytes_cost_their_own_file_at_most(name: str, content: bytes) -> None:
    check(name, content)


@pytest.mark.parametrize("name", VALID)
@settings(FEW, max_examples=40)
@given(data=st.data())
def test_changed_text_costs_its_own_file_at_most(name: str, data: st.DataObject) -> None:
    text = VALID[name]
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(len(text), start + 8)))
        text = text[:start] + data.draw(st.sampled_from(("", *PIECES))) + text[end:]
    check(name, text.encode("utf-8", "surrogatepass"))


@pytest.mark.parametrize("name", VALID)
@settings(FEW, max_examples=20)
@given(data=st.data())
def test_cut_and_flipped_bytes_cost_their_own_file_at_most(name: str, data: st.DataObject) -> None:
    content = bytearray(VALID[name].encode())
    content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    check(name, bytes(content[: data.draw(st.integers(0, len(content)))]))
