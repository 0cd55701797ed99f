"""Tests that a finding stands at the same line and column however lines end and whatever mark the file begins with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.scans import scanned

if TYPE_CHECKING:
    from pathlib import Path

FILES = {
    "a.yaml": """\
# é
apiVersion: v1
kind: Pod
metadata:
  name: p
spec:
  containers:
    - name: c
      image: i
""",
    "a.json": """\
{
  "apiVersion": "v1",
  "kind": "Pod",
  "spec": {"containers": [
    {"name": "c", "image": "i"}
  ]}
}
""",
    "Dockerfile": """\
# é
FROM alpine:3.20
RUN true && \\
    apk add gcc
USER root
""",
    ".env": "# é\nA=1\nB=2\nA=3\n",
    "image.json": """\
{
  "architecture": "amd64",
  "os": "linux",
  "config": {
    "User": "root"
  },
  "rootfs": {"type": "layers", "diff_ids": []}
}
""",
    "a.cdx.json": """\
{
  "bomFormat": "CycloneDX",
  "specVersion": "1.5",
  "components": [
    {"type": "library", "name": "é"}
  ]
}
""",
    "a.cdx.xml": """\
<?xml version="1.0"?>
<bom xmlns="http://cyclonedx.org/schema/bom/1.5" version="1">
  <components>
    <component type="library">
      <name>é</name>
    </component>
  </components>
</bom>
""",
}
LF_ONLY = {"Dockerfile"}
"""BuildKit ends lines at LF alone, and so does the shell: a lone CR is a character of the line."""


def places(folder: Path, name: str, content: bytes) -> list[tuple[str, str, tuple[int, ...]]]:
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(content)
    report = scanned(folder)
    assert report.problems == ()
    return [(finding.rule, finding.message, tuple(finding.region)) for finding in report.findings]


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "marked"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"], ids=["LF", "CRLF", "CR"])
def test_places_stay(tmp_path: Path, name: str, mark: bytes, end: bytes) -> None:
    if end == b"\r" and name in LF_ONLY:
        pytest.skip("the language ends lines at LF alone")
    content = FILES[name].encode()
    expected = places(tmp_path / "plain", name, content)
    assert expected
    assert places(tmp_path / "other", name, mark + content.replace(b"\n", end)) == expected
