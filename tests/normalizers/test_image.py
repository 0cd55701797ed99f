"""Tests that every description of an image becomes a document of one shape whose paths point at the file's tokens."""

from __future__ import annotations

import json
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.model import Document, Path, Problem, SecretMark, Skipped, SourceFile
from checker.normalizers import image
from checker.resources import SCHEMAS
from checker.text import Region
from tests.trees import NoTree

SCHEMA = jsonschema_rs.Draft7Validator(json.loads((SCHEMAS / "documents" / "image.json").read_text("utf-8")))
TOKEN = "ghp_" + "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7cF0xR3kLm"
DIGEST = "sha256:" + "0" * 64
CONFIG: dict[str, Any] = {
    "architecture": "amd64",
    "os": "linux",
    "config": {"User": "app", "Env": ["PATH=/bin"], "Volumes": None, "ArgsEscaped": True},
    "rootfs": {"type": "layers", "diff_ids": [DIGEST]},
    "history": [{"created_by": "COPY / /"}],
}
LAYER = {"mediaType": "application/vnd.oci.image.layer.v1.tar", "digest": DIGEST, "size": 1}
DESCRIPTOR = {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": DIGEST, "size": 2}
MANIFEST: dict[str, Any] = {"schemaVersion": 2, "config": DESCRIPTOR, "layers": [LAYER], "annotations": {"a": "b"}}
INDEX: dict[str, Any] = {"schemaVersion": 2, "manifests": [LAYER]}
INSPECT: dict[str, Any] = {
    "Id": DIGEST,
    "RepoTags": ["registry:5000/shop:1.2"],
    "RepoDigests": [],
    "Config": {"User": "", "Labels": {"source": "here"}},
    "Os": "linux",
    "RootFS": {"Type": "layers"},
}


def normalize(content: str) -> list[Document | Problem | Skipped]:
    return list(image.normalize(SourceFile("image.json", content.encode()), NoTree()))


def document(value: Any) -> Document:
    made = normalize(value if isinstance(value, str) else json.dumps(value))[0]
    assert isinstance(made, Document)
    SCHEMA.validate(made.data)
    return made


def with_config(**settings: Any) -> dict[str, Any]:
    return {**CONFIG, "config": settings}


@pytest.mark.parametrize(
    "content",
    [
        json.dumps(CONFIG),
        json.dumps(MANIFEST),
        json.dumps(INDEX),
        json.dumps([INSPECT], indent=4),
        "\n\t" + json.dumps(CONFIG)[:-40],
        '{"architecture":"amd64","config":{"Env":["A=b',
        json.dumps(MANIFEST)[:-3],
    ],
)
def test_an_image_is_recognized_even_where_it_does_not_parse(content: str) -> None:
    assert image.recognizes(SourceFile("x.json", content.encode()))


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{}",
        "[1]",
        "architecture",
        '{"schemaVersion": 2, "layers": []}',
        '{"apiVersion": "v1", "kind": "ConfigMap", "data": {"rootfs": "diff_ids"}}',
        '{"bomFormat": "CycloneDX", "x": {"rootfs": {"diff_ids": []}}}',
        '{"$schema": "https://json-schema.org/draft-07/schema#", "architecture": {}, "config": {"Env": []}}',
        '{"architecture": "hexagonal", "config": {}}',
        json.dumps([{"Config": "a.json", "RepoTags": ["a:1"], "Layers": ["b"]}]),
        json.dumps([{"Id": "0123", "State": {}, "HostConfig": {}, "Config": {"User": ""}}]),
    ],
)
def test_other_json_is_left_alone(content: str) -> None:
    assert not image.recognizes(SourceFile("x.json", content.encode()))


@pytest.mark.parametrize(
    ("value", "data", "identity"),
    [
        (
            CONFIG,
            {
                "format": "config",
                "architecture": "amd64",
                "os": "linux",
                "config": {"User": "app", "Env": ["PATH=/bin"]},
                "history": [{"created_by": "COPY / /"}],
            },
            "",
        ),
        ({"architecture": "amd64", "config": None}, {"format": "config", "architecture": "amd64", "config": {}}, ""),
        (
            MANIFEST,
            {"format": "oci-manifest", "descriptor": DESCRIPTOR, "layers": [LAYER], "annotations": {"a": "b"}},
            "",
        ),
        (
            {**MANIFEST, "mediaType": "application/vnd.docker.distribution.manifest.v2+json"},
            {
                "format": "docker-manifest",
                "media_type": "application/vnd.docker.distribution.manifest.v2+json",
                "descriptor": DESCRIPTOR,
                "layers": [LAYER],
                "annotations": {"a": "b"},
            },
            "",
        ),
        (INDEX, {"format": "oci-index", "manifests": [LAYER]}, ""),
        (
            {**INDEX, "mediaType": "application/vnd.docker.distribution.manifest.list.v2+json"},
            {
                "format": "docker-manifest-list",
                "media_type": "application/vnd.docker.distribution.manifest.list.v2+json",
                "manifests": [LAYER],
            },
            "",
        ),
        (
            [INSPECT],
            {
                "format": "inspect",
                "tags": ["registry:5000/shop:1.2"],
                "digests": [],
                "config": {"User": "", "Labels": {"source": "here"}},
                "os": "linux",
            },
            "registry:5000/shop:1.2",
        ),
        (
            [{"RootFS": {}, "RepoTags": None, "RepoDigests": [f"shop@{DIGEST}"]}],
            {"format": "inspect", "digests": [f"shop@{DIGEST}"], "config": {}},
            "shop",
        ),
    ],
)
def test_each_format_has_the_one_shape(value: Any, data: Any, identity: str) -> None:
    made = document(value)
    assert (made.kind, made.id, made.data, made.identity) == ("image", "image.json", data, identity)


def test_each_element_is_a_document_and_a_container_is_none() -> None:
    container = {"Id": "0123", "HostConfig": {}, "Config": {}}
    first, second, third, fourth = normalize(json.dumps([container, INSPECT, INSPECT, 1]))
    assert first == Skipped("image.json", "describes a container, not an image")
    assert [made.id for made in (second, third) if isinstance(made, Document)] == ["image.json#1", "image.json#2"]
    assert isinstance(fourth, Problem)
    assert fourth.reason == "is no description of an image"


@pytest.mark.parametrize(
    ("content", "reason", "region"),
    [
        ('{"architecture": ', "is not JSON: expecting value", Region(1, 18, 1, 18)),
        ("1", "is no description of an image", Region(1, 1, 1, 2)),
        ('{"a": 1}', "describes no image: it has none of `layers`, `manifests`, `rootfs` and `RootFS`", None),
        ('{"rootfs": {}, "config": {"User": 7}}', "`User` is not of type string", Region(1, 35, 1, 36)),
        ('{"rootfs": {}, "config": []}', "`config` is not of type object", Region(1, 16, 1, 24)),
        ('{"layers": [{"size": 1}]}', "an item of `layers` lacks `mediaType`", Region(1, 13, 1, 14)),
        ('{"layers": [], "config": 7}', "`descriptor` is not of type object", Region(1, 26, 1, 27)),
    ],
)
def test_what_is_no_image_is_told_with_its_place(content: str, reason: str, region: Region | None) -> None:
    assert normalize(content) == [Problem("image.json", reason, region or Region(1, 2, 1, 5))]


def test_a_file_that_is_no_utf_8_is_a_problem() -> None:
    made = list(image.normalize(SourceFile("image.json", b'{"rootfs": "\xff"}'), NoTree()))
    assert made == [Problem("image.json", "byte 0xff is not UTF-8", Region(1, 13, 1, 13))]


@pytest.mark.parametrize(
    ("path", "region"),
    [
        (("config", "User"), Region(3, 22, 3, 24)),
        (("config", "Labels", "source"), Region(3, 47, 3, 53)),
        (("config", "Env"), Region(3, 3, 3, 11)),
        (("tags", 0), Region(2, 28, 2, 36)),
        (("format",), Region(2, 3, 2, 7)),
        ((), Region(2, 3, 2, 7)),
    ],
)
def test_paths_point_at_the_keys_of_the_file(path: Path, region: Region) -> None:
    content = (
        "[\r\n"
        ' {"Id": "\U0001d11e", "RepoTags": ["shop:1"],\r\n'
        '  "Config": {"User": "", "Labels": {"source": "here"}}, "RootFS": {}}]'
    )
    assert document(content).locator.locate(path) == region


@pytest.mark.parametrize(
    ("path", "name"),
    [
        (("config", "Env", 1), "config.Env[TOKEN]"),
        (("history", 0, "created_by"), "history[COPY].created_by"),
        (("history", 1, "created_by"), "history[RUN].created_by"),
        (("history", 2), "history[ENV]"),
        (("history", 3), "history[RUN]"),
        (("config", "User"), "config.User"),
        (("layers", 0, "digest"), "layers[].digest"),
        ((), ""),
    ],
)
def test_names_of_paths_hold_no_index(path: Path, name: str) -> None:
    steps = ["COPY / /", "/bin/sh -c make", "/bin/sh -c #(nop)  ENV A=b", "|1 A=b /bin/sh -c make"]
    value = {**with_config(Env=["A=b", "TOKEN=c"]), "history": [{"created_by": step} for step in steps]}
    assert document(value).locator.name(path) == name


@pytest.mark.parametrize(
    ("value", "marks"),
    [
        (with_config(Env=["A=b", f"A={TOKEN}"]), [SecretMark(("config", "Env", 1), "token", TOKEN)]),
        (with_config(Env=["NO_VALUE"]), []),
        (with_config(Labels={"a": TOKEN}), [SecretMark(("config", "Labels", "a"), "token", TOKEN)]),
        ({**MANIFEST, "annotations": {"a": TOKEN}}, [SecretMark(("annotations", "a"), "token", TOKEN)]),
        (with_config(Cmd=["run", TOKEN]), [SecretMark(("config", "Cmd", 1), "token", TOKEN)]),
        (with_config(Entrypoint=[TOKEN]), [SecretMark(("config", "Entrypoint", 0), "token", TOKEN)]),
        (
            with_config(Healthcheck={"Test": ["CMD", TOKEN]}),
            [SecretMark(("config", "Healthcheck", "Test", 1), "token", TOKEN)],
        ),
    ],
)
def test_secrets_are_marked_where_they_stand(value: Any, marks: list[SecretMark]) -> None:
    assert list(document(value).secrets) == marks


@pytest.mark.parametrize(
    ("step", "marked"),
    [
        ("RUN |2 NPM_TOKEN=q7Rz9vK2mX VERSION=1 /bin/sh -c npm ci", [("literal", "q7Rz9vK2mX")]),
        ("|1 NPM_TOKEN=q7Rz9vK2mX /bin/sh -c echo API_TOKEN=q7Rz9vK2mY", [("literal", "q7Rz9vK2mX")]),
        ("/bin/sh -c #(nop)  ENV DB_PASSWORD=q7Rz9vK2mX", [("literal", "q7Rz9vK2mX")]),
        ('ARG DB_PASSWORD="q7Rz9vK2mX"', [("literal", "q7Rz9vK2mX")]),
        (f"ENV API_TOKEN={TOKEN}", [("token", TOKEN)]),
        (f"RUN /bin/sh -c curl -H {TOKEN} # buildkit", [("token", TOKEN)]),
        ("RUN /bin/sh -c make", []),
        ("", []),
    ],
)
def test_build_steps_are_searched_for_what_they_assign(step: str, marked: list[tuple[str, str]]) -> None:
    marks = document({**CONFIG, "history": [{"created_by": step}]}).secrets
    assert [(mark.path, mark.type, mark.value) for mark in marks] == [
        (("history", 0, "created_by"), *one) for one in marked
    ]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(sorted({*CONFIG, *INSPECT})), inner),
    max_leaves=8,
)


@settings(deadline=None)  # the first example compiles the schema
@given(JSON | st.text(max_size=20))
def test_no_content_raises(value: Any) -> None:
    for made in normalize(json.dumps(value)):
        if isinstance(made, Document):
            SCHEMA.validate(made.data)
            made.locator.locate(("config", "User"))


@settings(deadline=None)  # the first example compiles the schema
@given(st.dictionaries(st.sampled_from(["User", "Env", "Labels", "Cmd", "Healthcheck", "Volumes"]), JSON))
def test_no_configuration_raises(settings: dict[str, Any]) -> None:
    for made in normalize(json.dumps({**CONFIG, "config": settings})):
        if isinstance(made, Document):
            SCHEMA.validate(made.data)
