package policies.sbom["minimum-elements-missing_test"]

import data.policies.lib.finding
import data.policies.sbom["minimum-elements-missing"] as rule

_whole := {
	"metadata": {
		"timestamp": "2026-01-01T00:00:00Z",
		"authors": [{"name": "A"}],
		"component": {"type": "application", "name": "app"},
	},
	"components": [{"type": "library", "name": "lib", "supplier": {"name": "S"}}],
	"dependencies": [{"ref": "lib"}],
}

_found(message) := {finding.at(["metadata"], message)}

_without(path) := json.remove(_whole, [path])

_libraries(names) := object.union(_whole, {"components": [{"type": "library", "name": name} | some name in names]})

test_deny_everything_missing if {
	message := "no timestamp, no author, no described component, no dependencies, no supplier of a"
	rule.deny == _found(message) with input as {"components": [{"type": "library", "name": "a"}]}
}

test_deny_an_empty_bom if {
	rule.deny == _found("no timestamp, no author, no described component") with input as {"components": []}
}

test_deny_each if {
	every path, message in {
		"metadata/timestamp": "no timestamp",
		"metadata/authors": "no author",
		"metadata/component": "no described component",
		"dependencies": "no dependencies",
		"components/0/supplier": "no supplier of lib",
	} {
		rule.deny == _found(message) with input as _without(path)
	}
}

test_deny_several_suppliers if {
	rule.deny == _found("no supplier of a and b") with input as _libraries(["a", "b"])
	rule.deny == _found("no supplier of 3 components") with input as _libraries(["a", "b", "c"])
}

test_deny_empty_lists if {
	rule.deny == _found("no author, no dependencies") with input as object.union(
		_whole,
		{"metadata": {"authors": []}, "dependencies": []},
	)
}

test_allow_a_whole_bom if rule.deny == set() with input as _whole

test_allow_each_author if {
	every key, value in {
		"tools": {"components": [{"type": "application", "name": "t"}]},
		"manufacture": {"name": "m"},
		"manufacturer": {"name": "m"},
		"supplier": {"name": "s"},
	} {
		rule.deny == set() with input as object.union(_without("metadata/authors"), {"metadata": {key: value}})
	}
}

test_allow_each_supplier if {
	every key, value in {
		"manufacturer": {"name": "m"},
		"authors": [{"name": "a"}],
		"author": "a",
		"publisher": "p",
	} {
		component := {"type": "library", "name": "lib", key: value}
		rule.deny == set() with input as object.union(_whole, {"components": [component]})
	}
}

test_allow_no_dependencies_of_nothing if {
	rule.deny == set() with input as object.union(_without("dependencies"), {"components": []})
}

test_allow_a_generated_bom if rule.deny == set() with input as {"generated": true, "components": []}
