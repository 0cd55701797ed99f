"""Writes the Rego through which Python asks the rules of one kind."""

from __future__ import annotations

import json
from itertools import groupby
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from checker.catalog import Kind
    from checker.model import Rule

IDENTITY: Final = ("apiVersion", "kind")
"""The members of a document that alone decide which objects it is, so that documents alike in them are so too."""

PACKAGE: Final = "entrypoints"
"""Stands below the root, beside the kinds, and is therefore no kind's name."""

ROOT: Final = "policies"
"""Where the packages of all policies begin, unless they are renamed."""

_HEAD: Final = """\
package {root}.{package}["{kind}"]

answer := result if {{
	request := input
	parameters := with_defaults
	result := evaluation with input as request.document
		with data.selected as request.rules
		with data.facts_wanted as request.facts
		with data.parameters as parameters
		with data.secrets as request.secrets
}}

evaluation := {{"revision": "{revision}", "rules": evaluated, "facts": facts, "objects": objects}}

defaults := {defaults}

with_defaults := defaults if input.parameters == {{}}

with_defaults := {{rule: merged |
	some rule, tunables in defaults
	merged := {{name: value |
		some name, default_value in tunables
		value := object.get(input.parameters, [rule, name], default_value)
	}}
}} if {{
	input.parameters != {{}}
}}

default facts := []

default objects := []

evaluated := {{rule: results | some group in groups; some rule, results in group}}
"""

_GROUP: Final = """
default applies_{index} := false

applies_{index} if {condition}

groups contains group_{index} if applies_{index}

groups contains skipped_{index} if not applies_{index}

ids_{index} := {ids}

skipped_{index} := {{rule: [] | some rule in ids_{index}; data.selected[rule]}}
"""

_RULE: Final = """
group_{index}["{id}"] := data.{root}["{kind}"]["{name}"].deny if data.selected["{id}"]
"""

_OBJECTS: Final = """
identity := {{name: input[name] | some name in {identity}}}

objects := found if {{
	found := data.{root}.lib["{kind}"].objects with input as identity
}}
"""

_FACTS: Final = """
facts := data.{root}["{kind}"].facts.facts if data.facts_wanted
"""

TEMPLATE: Final = _HEAD + _GROUP + _RULE + _OBJECTS + _FACTS
"""Everything of the generated code that no rule's METADATA decides: a part of the policies' revision."""


def path(kind: str, root: str = ROOT) -> str:
    """Return the path of a kind's entry point as `opa build --entrypoint` and OPA's data API take it."""
    return f"{root}/{PACKAGE}/{kind}/answer"


def write(kind: Kind, rules: Iterable[Rule], revision: str, root: str = ROOT) -> str:
    """Return the module that answers a request for a kind's rules: `{revision, rules: {id: results}, facts, objects}`.

    The request is `{document, rules: {id: true}, parameters: {id: {name: value}}, secrets, facts: bool}`. A rule runs
    with `input`, `data.parameters` (defaults filled in) and `data.secrets`, once around all rules, so that helpers are
    computed once. Rules are grouped by the objects they apply to: a group whose objects the document is none of
    answers without being evaluated, and `objects` tells which it is. A rule that is not of this kind is absent from
    the answer.
    """
    ordered = sorted(rules, key=lambda rule: (rule.objects, rule.id))
    defaults = {
        rule.id: {name: one.default for name, one in rule.parameters.items()} for rule in ordered if rule.parameters
    }
    parts = [_HEAD.format(root=root, package=PACKAGE, kind=kind.name, revision=revision, defaults=_rego(defaults))]
    for index, (objects, group) in enumerate(groupby(ordered, key=lambda rule: rule.objects)):
        parts.extend(_group(kind, index, objects, list(group), root))
    if kind.has_objects:
        parts.append(_OBJECTS.format(root=root, kind=kind.name, identity=_rego(IDENTITY)))
    if not ordered:
        parts.append("\ngroups := []\n")
    if kind.has_facts:
        parts.append(_FACTS.format(root=root, kind=kind.name))
    return "".join(parts)


def _group(kind: Kind, index: int, objects: tuple[str, ...], rules: list[Rule], root: str) -> Iterator[str]:
    condition = "true"
    if objects:
        condition = f"{{\n\tsome name in {_rego(objects)}\n\tname in objects\n}}"
    yield _GROUP.format(index=index, condition=condition, ids=_rego([rule.id for rule in rules]))
    for rule in rules:
        yield _RULE.format(root=root, index=index, kind=kind.name, id=rule.id, name=rule.name)


def _rego(value: object) -> str:
    """Return a JSON value as a Rego term, which JSON is as long as it says nothing of sets."""
    return json.dumps(value, sort_keys=True)
