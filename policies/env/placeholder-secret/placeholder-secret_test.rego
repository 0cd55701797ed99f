package policies.env["placeholder-secret_test"]

import data.policies.env["placeholder-secret"] as rule
import data.policies.lib.finding

_marks := [{"path": ["entries", 1, "value"], "type": "placeholder"}]

_file := {"example": false, "local": false, "entries": [
	{"key": "PORT", "value": "80"},
	{"key": "TOKEN", "value": "changeme"},
]}

_finding := finding.at(["entries", 1, "value"], "TOKEN holds a placeholder or a well-known default")

test_deny_a_placeholder if {
	rule.deny == {_finding} with input as _file with data.secrets as _marks
}

test_deny_a_placeholder_for_production_and_staging if {
	every environment in ["production", "staging", "preview"] {
		rule.deny == {_finding} with input as object.union(_file, {"environment": environment}) with data.secrets as _marks
	}
}

test_allow_templates_local_files_development_and_tests if {
	every change in [{"example": true}, {"local": true}, {"environment": "development"}, {"environment": "test"}] {
		rule.deny == set() with input as object.union(_file, change) with data.secrets as _marks
	}
}

test_allow_what_holds_a_secret_beside_the_placeholder if {
	marks := array.concat(_marks, [{"path": ["entries", 1, "value"], "type": "token"}])
	rule.deny == set() with input as _file with data.secrets as marks
}
