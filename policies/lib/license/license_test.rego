package policies.lib.license_test

import data.policies.lib.license

_names(licenses) := license.names({"licenses": licenses})

test_names_by_id if {
	_names([{"license": {"id": "MIT", "name": "other"}}]) == {["licenses", 0, "license", "id"]: "MIT"}
}

test_names_by_name if _names([{"license": {"name": "Acme EULA"}}]) == {["licenses", 0, "license", "name"]: "Acme EULA"}

test_names_by_expression if {
	_names([{"expression": "MIT OR ISC"}]) == {["licenses", 0, "expression"]: "MIT OR ISC"}
}

test_names_of_each_entry if {
	_names([{"license": {"id": "A"}}, {"license": {"id": "B"}}]) == {
		["licenses", 0, "license", "id"]: "A",
		["licenses", 1, "license", "id"]: "B",
	}
}

test_names_of_nothing if {
	_names([]) == {}
	license.names({}) == {}
}

test_names_of_what_was_concluded if {
	declared := {"license": {"id": "A", "acknowledgement": "declared"}}
	open := {"expression": "B"}
	every concluded in [
		{"expression": "C", "acknowledgement": "concluded"},
		{"license": {"id": "C", "acknowledgement": "concluded"}},
	] {
		{name | some name in _names([declared, open, concluded])} == {"C"}
		{name | some name in _names([concluded, declared, concluded, open])} == {"C"}
	}
}

test_names_of_what_was_only_declared if {
	entries := [{"license": {"id": "A", "acknowledgement": "declared"}}, {"expression": "B"}]
	{name | some name in _names(entries)} == {"A", "B"}
}
