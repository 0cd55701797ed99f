from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker import normalizers
from checker.model import Document, Problem, SecretMark, Skipped, SourceFile, Unrendered
from checker.normalizers import kubernetes
from checker.resources import SCHEMAS
from checker.syntax.depth import MAX_DEPTH
from checker.syntax.json import JSONLocator
from checker.text import FIRST, Region, Text
from checker.tree import TreeEntry


class FakeTree:
    """Answers as a tree that holds given files."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self._files = {path: SourceFile(path, content.encode()) for path, content in files.items()}

    @property
    def entries(self) -> Mapping[str, TreeEntry]:
        return {path: TreeEntry(path, len(source.content), executable=False) for path, source in self._files.items()}

    def read(self, path: str) -> SourceFile | None:
        return self._files.get(path)

    def tracks(self, path: str) -> bool:
        return path in self._files

    def ignores(self, path: str) -> bool:
        return path not in self._files


def normalized(content: str | bytes, path: str = "a.yaml", files: Mapping[str, str] | None = None) -> list[Any]:
    encoded = content.encode() if isinstance(content, str) else content
    return list(kubernetes.normalize(SourceFile(path, encoded), FakeTree(files or {})))


def documents(content: str | bytes, path: str = "a.yaml") -> list[Document]:
    found = normalized(content, path)
    assert [item for item in found if not isinstance(item, Document)] == []
    return found


def recognized(content: str, path: str = "a.yaml") -> bool:
    return kubernetes.recognizes(SourceFile(path, content.encode()))


POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: shop
spec:
  containers:
  - name: app
    image: nginx
"""
POD_DATA = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "web", "namespace": "shop"},
    "spec": {"containers": [{"name": "app", "image": "nginx"}]},
}


def test_a_manifest_is_its_own_data() -> None:
    (document,) = documents(POD)
    assert (document.kind, document.id, document.identity) == ("kubernetes", "a.yaml", "v1/Pod/shop/web")
    assert document.data == POD_DATA
    assert document.secrets == ()
    assert document.locator.locate(("spec", "containers", 0, "image")) == Region(9, 12, 9, 17)


@pytest.mark.parametrize(
    ("metadata", "identity"),
    [
        ("metadata: {generateName: job-}", "v1/Pod//job-"),
        ("metadata: {name: a}", "v1/Pod//a"),
        ("metadata: {name: 5, namespace: 6}", "v1/Pod/6/5"),
        ("metadata: [x]", "v1/Pod//"),
        ("", "v1/Pod//"),
    ],
)
def test_an_identity_holds_what_is_there(metadata: str, identity: str) -> None:
    assert documents(f"apiVersion: v1\nkind: Pod\n{metadata}\n")[0].identity == identity


def test_every_part_of_a_file_is_its_own_document() -> None:
    text = "# licence\n---\napiVersion: v1\nkind: A\n--- # next\n---\napiVersion: v1\nkind: B\n"
    text += "...\n---\n{apiVersion: v1, kind: C}\n"
    assert [(one.id, one.data["kind"], one.locator.locate(()).start_line) for one in documents(text)] == [
        ("a.yaml", "A", 4),
        ("a.yaml#1", "B", 8),
        ("a.yaml#2", "C", 11),
    ]


def test_a_broken_part_does_not_hide_its_neighbours() -> None:
    found = normalized("apiVersion: v1\nkind: A\n---\napiVersion: v1\nkind: B\n b: 1\n---\napiVersion: v1\nkind: C\n")
    assert [item.data["kind"] if isinstance(item, Document) else item for item in found] == [
        "A",
        Problem("a.yaml", "is not YAML: mapping values are not allowed in this context", Region(6, 3, 6, 3)),
        "C",
    ]


def test_parts_that_are_no_objects_are_skipped_with_their_reason() -> None:
    text = "apiVersion: v1\nkind: A\n---\nvalues: 1\n---\n- a\n---\n{}\n---\n# nothing\n"
    text += "---\napiVersion: v1\nkind: Config\n"
    assert normalized(text)[1:] == [
        Skipped("a.yaml", "part 2 has no apiVersion and kind"),
        Skipped("a.yaml", "part 3 is no mapping"),
        Skipped("a.yaml", "part 6 is a kubeconfig"),
    ]
    assert normalized("apiVersion: v1\nkind:\n  nested: x\n") == [
        Skipped("a.yaml", "part 1 has no apiVersion and kind")
    ]
    assert normalized("# kind: and apiVersion: only told of\n") == [Skipped("a.yaml", "holds no Kubernetes object")]


def test_keys_without_a_value_are_absent_as_for_the_api_server() -> None:
    expected = {"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"name": "a"}, None]}}
    text = "apiVersion: v1\nkind: Pod\nmetadata:\nspec:\n  containers: [{name: a, resources: null}, null]\n"
    assert documents(text)[0].data == expected
    given_as_json = json.dumps(expected | {"metadata": None})
    assert documents(given_as_json, "a.json")[0].data == expected


def test_scalars_are_those_of_kubernetes() -> None:
    text = "apiVersion: v1\nkind: X\nspec: {a: yes, b: 0777, c: 12:30, d: 2001-01-01, 1: x, on: y}\n"
    assert documents(text)[0].data["spec"] == {
        "a": True,
        "b": 511,
        "c": "12:30",
        "d": "2001-01-01",
        "1": "x",
        "true": True,
    }


LIST = """\
apiVersion: v1
kind: List
items:
- apiVersion: v1
  kind: A
  metadata: {name: one}
- apiVersion: v1
  kind: PodList
  metadata: {resourceVersion: ""}
  items:
  - metadata: {name: two}
  - kind: Other
- 5
- kind: B
- apiVersion: v1
  kind: List
  items: []
"""


def test_items_of_lists_are_documents_of_their_own() -> None:
    found = normalized(LIST)
    assert [
        (one.id, one.data, one.locator.locate(()).start_line) if isinstance(one, Document) else one for one in found
    ] == [
        ("a.yaml", {"apiVersion": "v1", "kind": "A", "metadata": {"name": "one"}}, 5),
        ("a.yaml#1", {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "two"}}, 11),
        ("a.yaml#2", {"apiVersion": "v1", "kind": "Other"}, 12),
        Skipped("a.yaml", "part 1 item 2 is no mapping"),
        Skipped("a.yaml", "part 1 item 3 has no apiVersion and kind"),
    ]


def test_items_of_lists_in_json_are_located_in_their_item() -> None:
    text = '{"apiVersion": "v1", "kind": "List",\n "items": [{"apiVersion": "v1",\n "kind": "Pod", "spec": {"a": 1}}]}'
    (document,) = documents(text, "a.json")
    assert document.locator.locate(()) == Region(3, 2, 3, 8)
    assert document.locator.locate(("spec", "a")) == Region(3, 31, 3, 32)


def test_text_of_a_list_is_searched_for_secrets_once_for_all_its_items(monkeypatch: pytest.MonkeyPatch) -> None:
    searched: list[str] = []

    def may_hold_secret(text: str) -> bool:
        searched.append(text)
        return True

    monkeypatch.setattr(kubernetes, "may_hold_secret", may_hold_secret)
    items = [{"apiVersion": "v1", "kind": "ConfigMap", "data": {"password": f"Tr0ub4dor&{n}"}} for n in range(3)]
    text = json.dumps({"apiVersion": "v1", "kind": "List", "items": items})
    assert [[mark.value for mark in one.secrets] for one in documents(text)] == [[f"Tr0ub4dor&{n}"] for n in range(3)]
    assert searched == [text]


def test_a_kind_that_only_sounds_like_a_list_is_an_object() -> None:
    text = "apiVersion: example.com/v1\nkind: {}\nmetadata: {{name: x}}\nitems: [{{a: 1}}]\n"
    assert [one.data["kind"] for one in documents(text.format("AllowList"))] == ["AllowList"]
    assert [one.data["kind"] for one in documents("apiVersion: v1\nkind: DenyList\nspec: 1\n")] == ["DenyList"]


def test_json_that_is_only_yaml_in_flow_style_is_read_as_yaml() -> None:
    assert documents("{apiVersion: v1, kind: Pod,} # flow\n")[0].data == {"apiVersion": "v1", "kind": "Pod"}
    assert normalized('{"apiVersion": "v1", "kind": "Pod", "kind": "Job"}', "a.json") == [
        Problem("a.json", "has a key twice in one object", Region(1, 37, 1, 43))
    ]
    assert normalized('{"apiVersion": "v1", "kind": [}', "a.yaml") == [
        Problem("a.yaml", "is not YAML: did not find expected node content", Region(1, 31, 1, 31))
    ]


def test_bytes_that_are_no_text_are_a_problem() -> None:
    assert normalized(b"apiVersion: v1\nkind: \xff\n") == [
        Problem("a.yaml", "byte 0xff is not UTF-8", Region(2, 7, 2, 7))
    ]
    assert documents(b"\xef\xbb\xbf" + POD.encode())[0].locator.locate(("apiVersion",)) == Region(1, 13, 1, 15)


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        (POD, "a.yaml", True),
        (POD.replace("\n", "\r\n"), "a.yml", True),
        (POD.replace("\n", "\r"), "a.yaml", True),
        ("'apiVersion': v1\n\"kind\": Pod\n", "a.yaml", True),
        ("a: 1\n---\nkind: [\napiVersion: v1\n", "a.yaml", True),
        ("# comment\n---\n{apiVersion: v1, kind: Pod}\n", "a.yaml", True),
        ("--- {apiVersion: v1, kind: Pod}\n", "a.yaml", True),
        ('{"spec": {"kind": "x"}, "kind": "Pod", "apiVersion": "v1"', "a.json", True),
        ('\n {"apiVersion": "v1", "kind": "Pod"}', "a.yaml", True),
        ("apiVersion: v2\nname: chart\n", "Chart.yaml", False),
        ("a:\n  apiVersion: v1\n  kind: Pod\n", "values.yaml", False),
        ('{"spec": {"apiVersion": "v1", "kind": "Pod"}}', "a.json", False),
        ('["apiVersion", "kind"]', "a.json", False),
        ("kinds: apiVersions\n", "a.yaml", False),
        ("", "a.yaml", False),
    ],
)
def test_manifests_are_recognized_by_their_top_level_keys(text: str, path: str, expected: bool) -> None:  # noqa: FBT001 - a column of a table
    assert recognized(text, path) is expected


@pytest.mark.parametrize("name", ["kustomization.yaml", "kustomization.yml", "Kustomization"])
def test_kustomizations_are_recognized_by_name(name: str) -> None:
    assert normalizers.claimed_by_name(name) is kubernetes


def test_templates_of_a_chart_are_not_rendered_and_its_crds_are_read() -> None:
    files = {"charts/web/Chart.yaml": "apiVersion: v2\nname: web\n"}
    reason = "is a template of the Helm chart charts/web"
    for path in ("charts/web/templates/pod.yaml", "charts/web/templates/tests/pod.yaml"):
        assert normalized(POD, path, files) == [Unrendered(path, reason)]
    assert [type(one) for one in normalized(POD, "charts/web/crds/pod.yaml", files)] == [Document]
    assert [type(one) for one in normalized(POD, "templates/pod.yaml", files)] == [Document]
    assert normalized(POD, "templates/pod.yaml", {"Chart.yaml": ""}) == [
        Unrendered("templates/pod.yaml", "is a template of the Helm chart .")
    ]


def test_templates_outside_charts_are_told_once_and_their_plain_parts_are_read() -> None:
    text = f"{POD}---\n{{{{- if x }}}}\napiVersion: v1\nkind: A\n---\napiVersion: v1\nkind: {{{{ x }}}}\n---\na: [\n"
    found = normalized(text)
    assert [type(one) for one in found] == [Document, Unrendered, Problem]
    assert found[1] == Unrendered(
        "a.yaml", "is a template, of which only its own engine makes manifests", Region(11, 3, 11, 3)
    )
    assert found[2] == Problem("a.yaml", "is not YAML: did not find expected node content", Region(19, 1, 19, 1))


KUSTOMIZATION = """\
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources: [base.yaml, both.yaml]
patches:
- path: patch.yaml
- patch: |-
    - op: remove
- ../old.yaml
- path: both.yaml
patchesStrategicMerge:
- strategic.yaml
- |-
  apiVersion: v1
patchesJson6902: [{path: six.json, target: {kind: Pod}}]
components: [../part]
replacements: [{path: replacement.yaml}, {source: {}}]
transformers: [transformer.yaml]
configMapGenerator:
- files: [config.yaml, key=named.yaml]
- envs: [a.env]
secretGenerator:
- env: b.env
helmCharts:
- {valuesFile: values.yaml, additionalValuesFiles: [more.yaml]}
- text
"""


def test_what_a_kustomization_names_beside_its_resources_is_not_rendered() -> None:
    files = {"app/prod/kustomization.yaml": KUSTOMIZATION, "app/bad/kustomization.yaml": "a: [", "x.yaml": POD}
    inputs = ("patch", "strategic", "replacement", "transformer", "config", "named", "values", "more")
    reason = "is an input of app/prod/kustomization.yaml, of which only Kustomize makes manifests"
    for path in (*(f"app/prod/{name}.yaml" for name in inputs), "app/old.yaml", "app/prod/six.json"):
        assert normalized(POD, path, files) == [Unrendered(path, reason)]
    for path in ("app/prod/base.yaml", "app/prod/both.yaml", "app/patch.yaml"):
        assert [type(one) for one in normalized(POD, path, files)] == [Document]


def test_a_kustomization_is_not_rendered_itself() -> None:
    reason = "is a kustomization, of which only Kustomize makes manifests"
    path = "app/kustomization.yaml"
    assert normalized(KUSTOMIZATION, path, {path: KUSTOMIZATION}) == [Unrendered(path, reason)]
    assert normalized("resources: [a.yaml]\n", path, {path: "resources: [a.yaml]\n"}) == [Unrendered(path, reason)]
    assert normalized(KUSTOMIZATION, "other.yaml") == [Unrendered("other.yaml", reason)]
    flux = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n"
    assert [type(one) for one in normalized(flux, path, {path: flux})] == [Document]
    assert [type(one) for one in normalized("a: [", path, {path: "a: ["})] == [Problem]


ETCD = "apiVersion: v1\nkind: Pod\nspec: {containers: [{name: etcd, resources: {}}]}\n"
COREDNS = "apiVersion: apps/v1\nkind: Deployment\nspec: {template: {spec: {containers: [{name: coredns}]}}}\n"


def test_a_patch_for_kubeadm_is_not_rendered() -> None:
    reason = "is a patch, of which only kubeadm makes a manifest"
    partial = "apiVersion: v1\nkind: Pod\nmetadata: {labels: {a: b}}\n"
    for text, path in (
        (ETCD, "patches/etcd.yaml"),
        (ETCD, "kube-scheduler0+strategic.yaml"),
        (COREDNS, "corednsdeployment+merge.json"),
        (partial, "kube-apiserver.yaml"),
    ):
        assert normalized(text, path) == [Unrendered(path, reason)]


def test_a_manifest_with_the_name_of_a_patch_is_read() -> None:
    for text, path in (
        (ETCD.replace("resources: {}", "image: etcd"), "etcd.yaml"),
        (COREDNS.replace("name: coredns", "image: coredns"), "corednsdeployment.yaml"),
        ("apiVersion: v1\nkind: Service\n", "etcd.yaml"),
        (ETCD, "my-etcd.yaml"),
        (ETCD, "etcd/pod.yaml"),
    ):
        assert [type(one) for one in normalized(text, path)] == [Document]


def test_the_inputs_of_kustomizations_follow_the_tree() -> None:
    files = {"kustomization.yaml": "patches: [{path: a.yaml}]\n"}
    tree = FakeTree({})
    source = SourceFile("a.yaml", POD.encode())
    assert [type(one) for one in kubernetes.normalize(source, tree)] == [Document]
    tree._files.update(FakeTree(files)._files)  # noqa: SLF001 - a walk that saw more
    assert [type(one) for one in kubernetes.normalize(source, tree)] == [Unrendered]


NAMED = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  annotations: {prometheus.io/scrape: "true"}
spec:
  rules: [{host: a.example}, {verbs: [get, ""]}]
  containers:
  - name: web
    ports: [{name: http, containerPort: 80}, {containerPort: 81}]
    env: [{name: A, value: b}]
    volumeMounts: [{name: data, mountPath: /data}]
    args: [--a]
    securityContext: {capabilities: {add: [NET_ADMIN]}}
  - image: x
"""


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ((), ""),
        (("metadata", "annotations", "prometheus.io/scrape"), 'metadata.annotations["prometheus.io/scrape"]'),
        (("spec", "containers", 0, "image"), "spec.containers[name=web].image"),
        (("spec", "containers", 0, "ports", 0), "spec.containers[name=web].ports[name=http]"),
        (("spec", "containers", 0, "ports", 1), "spec.containers[name=web].ports[containerPort=81]"),
        (("spec", "containers", 0, "env", 0, "value"), "spec.containers[name=web].env[name=A].value"),
        (("spec", "containers", 0, "volumeMounts", 0), "spec.containers[name=web].volumeMounts[mountPath=/data]"),
        (("spec", "containers", 0, "args", 0), "spec.containers[name=web].args[0]"),
        (
            ("spec", "containers", 0, "securityContext", "capabilities", "add", 0),
            "spec.containers[name=web].securityContext.capabilities.add[=NET_ADMIN]",
        ),
        (("spec", "containers", 1, "name"), "spec.containers[1].name"),
        (("spec", "rules", 0), "spec.rules[host=a.example]"),
        (("spec", "rules", 1, "verbs", 0), "spec.rules[1].verbs[=get]"),
        (("spec", "rules", 1, "verbs", 1), "spec.rules[1].verbs[1]"),
        (("spec", "missing", 3, "x"), "spec.missing[3].x"),
        (("spec", "containers", 7, "x"), "spec.containers[7].x"),
    ],
)
def test_list_items_are_named_instead_of_numbered(path: tuple[str | int, ...], name: str) -> None:
    assert documents(NAMED)[0].locator.name(path) == name


PASSWORD = "Xk29vbQ7!pLm"


def encoded(value: str) -> str:
    return base64.b64encode(value.encode()).decode()


def marks(content: str) -> set[tuple[tuple[str | int, ...], str, str]]:
    return {(mark.path, mark.type, mark.value) for one in documents(content) for mark in one.secrets}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            f"kind: Pod\nspec: {{initContainers: [{{env: [{{name: DB_PASSWORD, value: '{PASSWORD}'}}]}}]}}",
            {(("spec", "initContainers", 0, "env", 0, "value"), "literal")},
        ),
        (f"kind: ConfigMap\ndata: {{API_KEY: '{PASSWORD}', name: x}}", {(("data", "API_KEY"), "literal")}),
        (
            f"kind: ConfigMap\ndata:\n  app.properties: |\n    user=x\n    db.password={PASSWORD}\n",
            {(("data", "app.properties"), "literal")},
        ),
        (
            f'kind: ConfigMap\ndata:\n  a.json: |\n    {{\n      "password": "{PASSWORD}",\n      "n": 1\n    }}\n',
            {(("data", "a.json"), "literal")},
        ),
        (
            "kind: ConfigMap\ndata:\n  a: |\n    password: $db-password\n    token: {a: b}\n    secret: env.TOKEN\n",
            set(),
        ),
        (f"kind: Secret\nstringData: {{token: '{PASSWORD}'}}", {(("stringData", "token"), "literal")}),
        (
            f"kind: Pod\nspec: {{containers: [{{args: [--db-password={PASSWORD}, run]}}]}}",
            {(("spec", "containers", 0, "args", 0), "literal")},
        ),
        (
            f"kind: Pod\nspec: {{containers: [{{command: [x, --password, '{PASSWORD}', 5, --password, --x]}}]}}",
            {(("spec", "containers", 0, "command", 2), "literal")},
        ),
        (
            f"kind: X\nspec: {{dsn: 'postgres://app:{PASSWORD}@db/x', list: ['a: b']}}\n",
            {(("spec", "dsn"), "url-password")},
        ),
        (
            f"kind: X\nspec: {{password: '{PASSWORD}', secretName: '{PASSWORD}', tokens: 5}}",
            {(("spec", "password"), "literal")},
        ),
        (f"kind: X\nspec:\n  script: |\n    export PASSWORD='{PASSWORD}'\n", {(("spec", "script"), "literal")}),
        ("kind: Pod\nspec: {containers: [{env: [{name: DB_PASSWORD, value: '$(X)'}]}]}", set()),
    ],
)
def test_secrets_are_marked_where_they_stand(text: str, expected: set[tuple[tuple[str | int, ...], str]]) -> None:
    assert marks(f"apiVersion: v1\n{text}") == {(path, kind, PASSWORD) for path, kind in expected}


def test_values_of_a_secret_are_marked_as_they_are_and_in_base64() -> None:
    text = (
        f"apiVersion: v1\nkind: Secret\ndata: {{db: {encoded(PASSWORD)}, file: /w==, a: {encoded('changeme')}, n: 1}}\n"
    )
    assert marks(text) == {
        (("data", "db"), "literal", PASSWORD),
        (("data", "db"), "literal", encoded(PASSWORD)),
        (("data", "a"), "placeholder", "changeme"),
    }


def test_words_in_a_secret_are_marked_under_telling_names_only() -> None:
    text = "apiVersion: v1\nkind: Secret\nstringData: {project: storefront, user: storefront, password: storefront}\n"
    assert marks(text) == {(("stringData", "password"), "literal", "storefront")}


def test_binary_data_of_a_config_map_is_looked_into() -> None:
    held = encoded(f"postgres://app:{PASSWORD}@db/x")
    text = f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: token}}\nbinaryData: {{x: {held}}}\n"
    assert marks(text) == {
        (("binaryData", "x"), "url-password", PASSWORD),
        (("binaryData", "x"), "url-password", held),
    }


def test_the_copy_that_kubectl_keeps_is_looked_into() -> None:
    key = "kubectl.kubernetes.io/last-applied-configuration"
    copy = json.dumps({"kind": "Secret", "stringData": {"password": PASSWORD}})
    text = json.dumps({"apiVersion": "v1", "kind": "Secret", "metadata": {"annotations": {key: copy}}})
    assert marks(text) == {(("metadata", "annotations", key), "literal", PASSWORD)}
    broken = {"apiVersion": "v1", "kind": "Secret", "metadata": {"annotations": {key: "{" + "[" * 100_000}}}
    assert marks(json.dumps(broken)) == set()


def test_a_document_can_be_made_of_an_object_without_a_file() -> None:
    source = SourceFile("admission", b"")
    document = kubernetes.document_from(POD_DATA, source, JSONLocator(Text(json.dumps(POD_DATA))))
    assert (document.identity, document.locator.locate(("spec", "containers", 0)).start_line) == ("v1/Pod/shop/web", 1)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=15,
)
objects = st.fixed_dictionaries(
    {"apiVersion": st.just("v1"), "kind": st.sampled_from(["Pod", "Secret", "ConfigMap", "List", "PodList", "Config"])},
    optional=dict.fromkeys(("metadata", "spec", "data", "stringData", "binaryData", "items"), json_values),
)


@given(objects)
def test_any_object_is_read_and_located(value: Any) -> None:
    for item in normalized(json.dumps(value, ensure_ascii=False), "a.json"):
        if isinstance(item, Document):
            for mark in item.secrets:
                assert item.locator.locate(mark.path).start_line == 1
            assert item.locator.locate(("spec", "x", 0)).start_line == 1
            assert item.locator.name(("spec", "x", 0)).startswith("spec")


@given(
    st.text(st.sampled_from("apiVersion:kindPod \n-{}[]&*!|>'\"#%@`,?~<.\t\r\0é"), max_size=60) | st.text(max_size=40)
)
def test_any_text_is_read_without_an_error(value: str) -> None:
    for text in (value, f"apiVersion: v1\nkind: Pod\n{value}", f"apiVersion: v1\nkind: List\nitems:\n- {value}"):
        source = SourceFile("a.yaml", text.encode("utf-8", "replace"))
        kubernetes.recognizes(source)
        assert list(kubernetes.normalize(source, FakeTree({}))) != []


def test_documents_have_the_shape_that_rules_are_checked_against() -> None:
    schema = json.loads((SCHEMAS / "documents" / "kubernetes.json").read_text("utf-8"))
    jsonschema.Draft7Validator.check_schema(schema)
    for document in documents(POD):
        jsonschema.validate(document.data, schema)


@pytest.mark.parametrize(
    "template", ["apiVersion: v1\nkind: X\nspec: {}\n", '{{"apiVersion": "v1", "kind": "X", "spec": {}}}']
)
def test_the_deepest_manifest_is_read_located_and_searched(template: str) -> None:
    depth = MAX_DEPTH - 1
    inner = '{"a":' * (depth // 2) + "[" * (depth - depth // 2) + f'"postgres://app:{PASSWORD}@db/x"'
    closed = "]" * (depth - depth // 2) + "}" * (depth // 2)
    (document,) = documents(template.format(inner + closed))
    (mark,) = document.secrets
    assert (mark.type, mark.value, len(mark.path)) == ("url-password", PASSWORD, MAX_DEPTH)
    assert document.locator.locate(mark.path).start_line == len(template.splitlines())
    assert document.locator.name(mark.path).startswith("spec.a.a.a")


def test_alias_bombs_and_deep_nesting_are_problems() -> None:
    bomb = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{name}: &{name} [{','.join(['*' + before] * 10)}]\n" for before, name in pairwise("abcdefghi")
    )
    (problem,) = normalized(f"apiVersion: v1\nkind: X\n{bomb}")
    assert (problem.path, problem.reason) == ("a.yaml", "repeats more than 4,000,000 characters by aliases")
    (problem,) = normalized("apiVersion: v1\nkind: X\nspec: " + "[" * 200_000)
    assert (problem.path, problem.reason) == ("a.yaml", f"is nested deeper than {MAX_DEPTH} levels")
    (problem,) = normalized("apiVersion: v1\nkind: X\nspec: \0")
    assert problem == Problem("a.yaml", "is not YAML: character U+0000 is not allowed", Region(3, 7, 3, 8))


def test_an_object_that_comes_from_no_file_is_the_document_that_a_file_would_give() -> None:
    text = json.dumps(
        {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"generateName": "settings-", "namespace": "shop", "labels": None},
            "data": {"DB_PASSWORD": PASSWORD, "b": None},
        }
    )
    (filed,) = documents(text)
    judged = kubernetes.document_of(json.loads(text), text)
    assert (judged.data, judged.identity, judged.secrets) == (filed.data, filed.identity, filed.secrets)
    assert judged.identity == "v1/ConfigMap/shop/settings-"
    assert judged.secrets == (SecretMark(("data", "DB_PASSWORD"), "literal", PASSWORD),)
    assert judged.data["metadata"] == {"generateName": "settings-", "namespace": "shop"}
    assert (judged.locator.locate(("data", "b")), judged.source.path, judged.id) == (FIRST, "", "")


def test_names_in_an_object_that_comes_from_no_file_are_those_of_a_file() -> None:
    judged = kubernetes.document_of(POD_DATA, "")
    assert judged.locator.name(("spec", "containers", 0, "image")) == "spec.containers[name=app].image"
