package policies.sbom["component-without-license_test"]

import data.policies.lib.finding
import data.policies.sbom["component-without-license"] as rule

_bom(fields) := {"components": [object.union({"type": "framework", "name": "n"}, fields)]}

test_deny_no_licence if {
	every fields in [{}, {"licenses": []}] {
		rule.deny == {finding.at(["components", 0, "licenses"], "framework n has no licence")} with input as _bom(fields)
	}
}

test_deny_a_library if {
	bom := _bom({"type": "library"})
	rule.deny == {finding.at(["components", 0, "licenses"], "library n has no licence")} with input as bom
}

test_allow_a_licence if rule.deny == set() with input as _bom({"licenses": [{"expression": "MIT"}]})

test_allow_containers_and_operating_systems if {
	every type in ["container", "operating-system"] {
		rule.deny == set() with input as _bom({"type": type})
	}
}

test_allow_a_generated_bom if rule.deny == set() with input as object.union(_bom({}), {"generated": true})
