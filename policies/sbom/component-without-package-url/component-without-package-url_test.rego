package policies.sbom["component-without-package-url_test"]

import data.policies.lib.finding
import data.policies.sbom["component-without-package-url"] as rule

_bom(fields) := {"components": [object.union({"type": "library", "name": "n"}, fields)]}

test_deny_no_package_url if {
	every fields in [{}, {"purl": ""}] {
		rule.deny == {finding.at(["components", 0, "purl"], "library n has no package URL")} with input as _bom(fields)
	}
}

test_allow_a_package_url if rule.deny == set() with input as _bom({"purl": "pkg:generic/n"})

test_allow_an_operating_system if rule.deny == set() with input as _bom({"type": "operating-system"})

test_allow_an_application if rule.deny == set() with input as _bom({"type": "application"})

test_allow_a_generated_bom if rule.deny == set() with input as object.union(_bom({}), {"generated": true})
