"""Tests by random edits that a finding keeps its fingerprint while its defect stays."""

from __future__ import annotations

from collections import Counter
from functools import cache, partial
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from checker.config import Settings
from checker.engines.wasm import WasmEngine
from checker.files import FileChecker
from checker.findings import ordered
from checker.model import SourceFile
from checker.selection import select
from tests.scans import bundle
from tests.trees import NoTree

if TYPE_CHECKING:
    from collections.abc import Sequence

Marks = Counter[tuple[str, str]]


@cache
def _opened() -> tuple[Any, WasmEngine]:
    selection = select(bundle().catalog, Settings(profiles=("strict",)))
    return selection, partial(WasmEngine, bundle())(selection)


def marks(name: str, content: str) -> Marks:
    """Return rule and fingerprint of what every rule finds in a file."""
    selection, engine = _opened()
    checker = FileChecker(selection, NoTree(), engine)
    checker.check(SourceFile(name, content.encode(), name))
    assert checker.checked.problems == []
    return Counter((one.rule, one.fingerprint) for one in ordered(checker.checked.findings))


NAMES = ("web", "proxy", "metrics", "cache")


def container(name: str, choice: int) -> dict[str, Any]:
    return {
        "name": name,
        "image": ("a", "b:latest", "c:1", "d@sha256:" + "0" * 64)[choice % 4],
        "securityContext": {"privileged": choice % 3 == 0, "runAsUser": choice % 2},
        "ports": [{"containerPort": 80 + choice, "name": f"p{choice}"}],
        "env": [{"name": "API_TOKEN", "value": "9f8e7d6c5b4a39281706"}] if choice % 5 == 0 else [],
    }


def deployment(containers: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "shop"},
        "spec": {"template": {"spec": {"hostNetwork": True, "containers": list(containers)}}},
    }


containers = st.lists(st.tuples(st.sampled_from(NAMES), st.integers(0, 20)), min_size=1, unique_by=lambda one: one[0])


@pytest.fixture(scope="module", autouse=True)
def _closed() -> Any:
    yield
    _opened()[1].close()
    _opened.cache_clear()


@given(
    chosen=containers,
    comment=st.integers(0, 5),
    indent=st.integers(2, 8),
    flow=st.booleans(),
    ends=st.sampled_from(["\n", "\r\n"]),
)
def test_moved_and_reformatted_manifests_keep_them(
    chosen: list[tuple[str, int]], comment: int, indent: int, ends: str, *, flow: bool
) -> None:
    data = deployment([container(*one) for one in chosen])
    plain = yaml.safe_dump(data)
    edited = "# a line\n" * comment + yaml.safe_dump(data, indent=indent, default_flow_style=flow, sort_keys=False)
    assert marks("a.yaml", edited.replace("\n", ends)) == marks("a.yaml", plain)


@given(chosen=containers, data=st.data())
def test_reordered_and_inserted_containers_leave_the_others_theirs(chosen: list[tuple[str, int]], data: Any) -> None:
    made = [container(*one) for one in chosen]
    before = marks("a.yaml", yaml.safe_dump(deployment(made)))
    shuffled = data.draw(st.permutations(made))
    assert marks("a.yaml", yaml.safe_dump(deployment(shuffled))) == before
    place = data.draw(st.integers(0, len(made)))
    more = [*made[:place], container("new", data.draw(st.integers(0, 20))), *made[place:]]
    assert before <= marks("a.yaml", yaml.safe_dump(deployment(more)))


@given(first=st.sampled_from(["a", "b"]), second=st.sampled_from(["c", "registry.example.com:5000/d/e"]))
def test_another_value_of_the_same_defect_has_the_same(first: str, second: str) -> None:
    one, other = (yaml.safe_dump(deployment([container("web", 2) | {"image": image}])) for image in (first, second))
    assert marks("a.yaml", one) == marks("a.yaml", other)


INSTRUCTIONS = (
    "RUN apt-get update && apt-get install -y curl",
    "RUN go install example.com/tool@latest",
    "ENV API_TOKEN=9f8e7d6c5b4a39281706",
    "ARG DB_PASSWORD=s3cr3t-0a1b2c3d4e5f",
    "COPY id_rsa /root/.ssh/id_rsa",
    "ADD https://example.com/tool.tar.gz /opt/",
)
HARMLESS = ("LABEL a=b", "EXPOSE 8080", "STOPSIGNAL SIGTERM", "RUN true", "RUN echo a && echo b")


def dockerfile(instructions: Sequence[str]) -> str:
    return "\n".join(["FROM debian:12 AS base", *instructions, 'CMD ["a"]', ""])


@given(
    chosen=st.lists(st.sampled_from(INSTRUCTIONS), min_size=1, unique=True),
    inserted=st.lists(st.tuples(st.integers(0, 6), st.sampled_from(HARMLESS)), max_size=4),
    spacing=st.sampled_from(["", "\n", "# a line\n"]),
)
def test_moved_and_inserted_instructions_leave_the_others_theirs(
    chosen: list[str], inserted: list[tuple[int, str]], spacing: str
) -> None:
    before = marks("Dockerfile", dockerfile(chosen))
    edited = list(chosen)
    for place, one in inserted:
        edited.insert(place, one)
    assert before <= marks("Dockerfile", dockerfile([spacing + one for one in edited]))


KEYS = st.sampled_from(["API_TOKEN", "DB_PASSWORD", "DATABASE_URL", "DEBUG", "HOST"])


@given(keys=st.lists(KEYS, min_size=1, unique=True), data=st.data())
def test_reordered_keys_of_an_env_file_keep_them(keys: list[str], data: Any) -> None:
    values = {"DATABASE_URL": "postgres://a:b3f9c1@localhost/x", "DEBUG": "true", "HOST": "localhost"}
    lines = [f"{key}={values.get(key, '9f8e7d6c5b4a39281706')}" for key in keys]
    before = marks("production.env", "\n".join(lines))
    assert marks("production.env", "\n".join(data.draw(st.permutations(lines)))) == before


def test_edited_files_have_findings() -> None:
    assert len(marks("a.yaml", yaml.safe_dump(deployment([container("web", 0)])))) > 10
    assert len(marks("Dockerfile", dockerfile(INSTRUCTIONS))) > 5
