package policies.project["env-key-missing_test"]

import data.policies.lib.finding
import data.policies.project["env-key-missing"] as rule

_file(name, environment, example, keys) := {
	"id": name,
	"kind": "env",
	"source": name,
	"facts": array.concat(
		[{
			"type": "env-file", "path": [], "name": name, "stem": "", "environment": environment,
			"example": example, "local": false,
		}],
		[{"type": "key", "path": ["entries", index], "key": key} | some index, key in keys],
	),
}

_production(keys) := _file(".env.production", "production", false, keys)

_staging(keys) := _file(".env.staging", "staging", false, keys)

_development(keys) := _file(".env.development", "development", false, keys)

_shared(keys) := _file(".env", "", false, keys)

_example(keys) := _file(".env.example", "", true, keys)

_all(files) := {"documents": files}

_finding(id, index, message) := finding.in_document(id, ["entries", index], message)

test_deny_a_key_of_production_only if {
	rule.deny == {_finding(".env.production", 1, "B is missing in .env.development")} with input as _all([
		_production(["A", "B"]),
		_development(["A"]),
	])
}

test_deny_a_key_of_development_only if {
	rule.deny == {_finding(".env.development", 0, "B is missing in .env.production")} with input as _all([
		_production(["A"]),
		_development(["B", "A"]),
	])
}

test_deny_a_key_once_and_name_all_that_lack_it if {
	rule.deny == {_finding(".env.production", 0, "A is missing in .env.development, .env.example")} with input as _all([
		_production(["A"]),
		_staging(["A"]),
		_development([]),
		_example([]),
	])
}

test_deny_at_the_first_of_two_entries if {
	rule.deny == {_finding(".env.production", 1, "A is missing in .env.example")} with input as _all([
		_production(["B", "A", "A"]),
		_example(["B"]),
	])
}

test_deny_a_shared_key_that_the_template_lacks if {
	rule.deny == {_finding(".env", 0, "A is missing in .env.example")} with input as _all([
		_shared(["A"]),
		_production([]),
		_example([]),
	])
}

test_allow_a_shared_key if {
	rule.deny == set() with input as _all([_shared(["A"]), _production(["A"]), _development([])])
}

test_allow_a_key_that_one_of_two_templates_has if {
	other := _file(".env.production.example", "production", true, ["A"])
	rule.deny == set() with input as _all([_production(["A"]), _example([]), other])
}

test_allow_a_key_that_only_the_template_has if {
	rule.deny == set() with input as _all([_production([]), _example(["A"])])
}

test_allow_a_single_file if rule.deny == set() with input as _all([_production(["A"])])

test_allow_no_env_files if {
	rule.deny == set() with input as {"documents": [{"id": "", "kind": "tree", "source": "", "facts": []}]}
}

test_deny_although_another_shared_key_and_the_template_are_there if {
	rule.deny == {_finding(".env.production", 0, "B is missing in .env.development")} with input as _all([
		_shared(["A"]),
		_production(["B"]),
		_development([]),
		_example(["A", "B"]),
	])
}
