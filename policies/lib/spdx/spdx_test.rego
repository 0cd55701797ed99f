package policies.lib.spdx_test

import data.policies.lib.spdx

test_terms_of_one_licence if spdx.terms("MIT") == ["MIT"]

test_terms_of_an_expression if {
	spdx.terms("(MIT or Apache-2.0)\n\tAND GPL-2.0-only with Classpath-exception-2.0") == [
		"MIT",
		"Apache-2.0",
		"GPL-2.0-only WITH Classpath-exception-2.0",
	]
}

test_terms_of_what_is_no_expression if {
	every name in ["GPL v2", "MIT AND", "(MIT", "MIT)", "()", "", "MIT OR OR ISC"] {
		spdx.terms(name) == [name]
	}
}

test_satisfied if {
	every expression in [
		"MIT",
		"MIT AND ISC",
		"MIT OR X",
		"X OR MIT",
		"X AND X OR MIT",
		"MIT OR X AND X",
		"(X OR MIT) AND ISC",
		"((X AND ISC) OR (MIT AND (X OR ISC)))",
		"A WITH B AND MIT",
		"((((((MIT))))))",
		"not an expression",
	] {
		spdx.satisfied(expression, {"MIT", "ISC", "A WITH B", "not an expression"})
	}
}

test_not_satisfied if {
	every expression in [
		"X",
		"MIT AND X",
		"X AND MIT OR X",
		"(MIT OR ISC) AND X",
		"MIT AND (ISC AND (X OR X))",
		"A",
		"A WITH C",
		"some other name",
	] {
		not spdx.satisfied(expression, {"MIT", "ISC", "A WITH B"})
	}
}

test_family if {
	every id in ["GPL-2.0", "GPL-2.0+", "GPL-2.0-only", "gpl-2.0-or-later"] {
		spdx.family(id) == "gpl-2.0"
	}
}

test_is_listed if {
	every term in ["GPL-2.0-only", "gpl-2.0+", "GPL-2.0 WITH Classpath-exception-2.0", "X WITH Y"] {
		spdx.is_listed(term, {"gpl-2.0", "x with y"})
	}
}

test_is_not_listed if {
	every term in ["X", "X WITH Z", "GPL-2.1"] {
		not spdx.is_listed(term, {"gpl-2.0", "x with y"})
	}
}

test_is_allowed if {
	spdx.is_allowed("MIT", {"allowed": {"mit"}, "denied": {"mit"}})
	spdx.is_allowed("MIT", {"allowed": set(), "denied": {"isc"}})
	not spdx.is_allowed("MIT", {"allowed": set(), "denied": {"mit"}})
	not spdx.is_allowed("MIT", {"allowed": {"isc"}, "denied": set()})
}

test_families if spdx.families(["GPL-2.0-only", "GPL-2.0", "MIT"]) == {"gpl-2.0", "mit"}
