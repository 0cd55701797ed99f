"""Tells which files only Helm, Kustomize, kubeadm or another template engine makes manifests of."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

from checker.errors import InputError
from checker.syntax import yaml

if TYPE_CHECKING:
    from checker.model import JSON, SourceFile
    from checker.text import Text
    from checker.tree import Tree

_KUSTOMIZATIONS: Final = frozenset({"kustomization.yaml", "kustomization.yml", "Kustomization"})
_API_GROUP: Final = "kustomize.config.k8s.io/"
_FILE_LISTS: Final = ("patches", "patchesStrategicMerge", "generators", "transformers", "validators", "configurations")
_FILE_OBJECTS: Final = ("patches", "patchesJson6902", "replacements")
_GENERATORS: Final = ("configMapGenerator", "secretGenerator")

_KUBEADM_PATCH: Final = re.compile(
    r"(?:.*/)?(?:corednsdeployment|etcd|kube-apiserver|kube-controller-manager|kube-scheduler)[^/]*\.(?:json|yaml)"
)
"""The names of https://kubernetes.io/docs/reference/setup-tools/kubeadm/control-plane-flags/#patches."""

_inputs: Final[WeakKeyDictionary[Tree, tuple[int, Mapping[str, str]]]] = WeakKeyDictionary()


def rendered_by(path: str, tree: Tree) -> str | None:
    """Return why a file is no manifest before it is rendered, or None where it is read as it stands."""
    parts = path.split("/")
    for index, part in enumerate(parts[:-1]):
        if part == "templates" and (chart := "/".join([*parts[:index], "Chart.yaml"])) in tree.entries:
            return f"is a template of the Helm chart {posixpath.dirname(chart) or '.'}"
    if parts[-1] in _KUSTOMIZATIONS and _is_named_kustomization(path, tree):
        return "is a kustomization, of which only Kustomize makes manifests"
    kustomization = _kustomize_inputs(tree).get(path)
    if kustomization is not None:
        return f"is an input of {kustomization}, of which only Kustomize makes manifests"
    return None


def is_kustomization(data: JSON) -> bool:
    """Tell whether an object is a kustomization or a component of one."""
    return str(data["apiVersion"]).startswith(_API_GROUP)


def is_kubeadm_patch(path: str, data: JSON) -> bool:
    """Tell whether an object is merged into one that kubeadm writes: it has a patch's name and no image of its own."""
    if data["kind"] not in {"Pod", "Deployment"} or not _KUBEADM_PATCH.fullmatch(path):
        return False
    pod = data if data["kind"] == "Pod" else _mapping(_mapping(data.get("spec")).get("template"))
    return not any("image" in container for container in _mappings(_mapping(pod.get("spec")).get("containers")))


def is_template_fault(error: InputError, text: Text) -> bool:
    """Tell whether a text fails to parse at the tag of a template engine: `{{ … }}` or `{% … %}`."""
    line = text.line(error.region.start_line) if error.region else ""
    return "{{" in line or "{%" in line


def _is_named_kustomization(path: str, tree: Tree) -> bool:
    """Tell whether a file with the name of a kustomization is one: it says so, or says nothing of its kind."""
    source = tree.read(path)
    data = _load(source) if source else None
    return isinstance(data, dict) and ("apiVersion" not in data or is_kustomization(data))


def _kustomize_inputs(tree: Tree) -> Mapping[str, str]:
    """Return the files that kustomizations name beside their resources, each with its kustomization."""
    known = _inputs.get(tree)
    if known is not None and known[0] == len(tree.entries):
        return known[1]
    inputs: dict[str, str] = {}
    resources: set[str] = set()
    for path in sorted(tree.entries):
        folder, name = posixpath.split(path)
        source = tree.read(path) if name in _KUSTOMIZATIONS else None
        data = _load(source) if source else None
        if isinstance(data, dict):
            for named in _named_files(data):
                inputs.setdefault(posixpath.normpath(posixpath.join(folder, named)), path)
            for named in _strings(data.get("resources")):
                resources.add(posixpath.normpath(posixpath.join(folder, named)))
    found = {path: kustomization for path, kustomization in inputs.items() if path not in resources}
    _inputs[tree] = len(tree.entries), found
    return found


def _load(source: SourceFile) -> JSON:
    """Return the first document of a kustomization, or None where it cannot be read."""
    try:
        text = source.text
        parsed = next((yaml.parse(text, span) for span in yaml.split(text)), None)
    except InputError:
        return None
    return parsed.data if parsed else None


def _named_files(data: JSON) -> Iterator[str]:
    """Yield the files that a kustomization names as patches, generators, transformers and values."""
    for key in _FILE_LISTS:
        yield from (entry for entry in _strings(data.get(key)) if "\n" not in entry)
    for key in _FILE_OBJECTS:
        for entry in _mappings(data.get(key)):
            yield from _strings([entry.get("path")])
    for key in _GENERATORS:
        for entry in _mappings(data.get(key)):
            yield from (named.rpartition("=")[2] for named in _strings(entry.get("files")))
            yield from _strings(entry.get("envs"))
            yield from _strings([entry.get("env")])
    for entry in _mappings(data.get("helmCharts")):
        yield from _strings([entry.get("valuesFile")])
        yield from _strings(entry.get("additionalValuesFiles"))


def _strings(value: JSON) -> Iterator[str]:
    if isinstance(value, list):
        yield from (entry for entry in value if isinstance(entry, str))


def _mappings(value: JSON) -> Iterator[JSON]:
    if isinstance(value, list):
        yield from (entry for entry in value if isinstance(entry, dict))


def _mapping(value: JSON) -> JSON:
    return value if isinstance(value, dict) else {}
