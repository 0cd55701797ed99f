package policies.sbom["license-not-allowed_test"]

import data.policies.lib.finding
import data.policies.sbom["license-not-allowed"] as rule

_bom(licenses) := {"components": [{"type": "library", "name": "n", "licenses": licenses}]}

_judged(licenses, allowed, denied) := deny if {
	deny := rule.deny with input as _bom(licenses)
		with data.parameters as {"sbom/license-not-allowed": {"allowed": allowed, "denied": denied}}
}

_found(path, name) := {finding.at(array.concat(["components", 0, "licenses", 0], path), $"library n is under {name}")}

test_deny_by_id_name_and_expression if {
	_judged([{"license": {"id": "AGPL-3.0-only"}}], [], ["AGPL-3.0"]) == _found(["license", "id"], "AGPL-3.0-only")
	_judged([{"license": {"name": "Acme EULA"}}], [], ["Acme EULA"]) == _found(["license", "name"], "Acme EULA")
	_judged([{"expression": "MIT AND X"}], ["MIT"], []) == _found(["expression"], "MIT AND X")
}

test_deny_what_is_not_in_a_list_of_allowed_ones if {
	_judged([{"license": {"id": "ISC"}}], ["MIT"], []) == _found(["license", "id"], "ISC")
}

test_deny_one_of_two_entries if {
	_judged([{"license": {"id": "X"}}, {"license": {"id": "MIT"}}], ["MIT"], []) == _found(["license", "id"], "X")
}

test_deny_an_exception_to_a_denied_licence if {
	name := "AGPL-3.0-only WITH Some-exception"
	_judged([{"expression": name}], [], ["AGPL-3.0"]) == _found(["expression"], name)
}

test_deny_a_concluded_licence if {
	concluded := {"license": {"id": "X", "acknowledgement": "concluded"}}
	declared := {"license": {"id": "MIT", "acknowledgement": "declared"}}
	_judged([concluded, declared], ["MIT"], []) == _found(["license", "id"], "X")
}

test_deny_both_of_two_concluded_ones if {
	x := {"expression": "X", "acknowledgement": "concluded"}
	count(_judged([x, x], ["MIT"], [])) == 2
}

test_allow_what_a_concluded_licence_replaces if {
	concluded := {"expression": "MIT", "id": "MIT", "acknowledgement": "concluded"}
	every other in [{"expression": "X"}, {"license": {"id": "X", "acknowledgement": "declared"}}] {
		_judged([other, concluded], ["MIT"], []) == set()
		_judged([other, {"license": concluded}], ["MIT"], []) == set()
	}
}

test_allow_an_alternative if _judged([{"expression": "X OR (MIT AND ISC)"}], ["MIT", "ISC"], []) == set()

test_allow_any_form_of_an_id if {
	every id in ["LGPL-2.1", "LGPL-2.1+", "LGPL-2.1-only", "lgpl-2.1-or-later", "LGPL-2.1-only WITH Some-exception"] {
		_judged([{"expression": id}], ["LGPL-2.1-or-later"], []) == set()
	}
}

test_allow_a_listed_exception if {
	_judged([{"expression": "X WITH Y"}], ["x with y"], []) == set()
	count(_judged([{"expression": "X WITH Z"}], ["x with y"], [])) == 1
}

test_allow_the_allowed_over_the_denied if _judged([{"license": {"id": "X"}}], ["X"], ["X"]) == set()

test_allow_everything_but_the_denied if _judged([{"license": {"id": "GPL-3.0-only"}}], [], ["AGPL-3.0"]) == set()

test_allow_the_id_before_the_name if {
	_judged([{"license": {"id": "MIT", "name": "other"}}], ["MIT"], []) == set()
}
