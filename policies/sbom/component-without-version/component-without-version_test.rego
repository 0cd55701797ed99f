package policies.sbom["component-without-version_test"]

import data.policies.lib.finding
import data.policies.sbom["component-without-version"] as rule

_bom(fields) := {"components": [object.union({"type": "library", "group": "g", "name": "n"}, fields)]}

test_deny_no_version if {
	every fields in [{}, {"version": ""}, {"versionRange": ""}] {
		rule.deny == {finding.at(["components", 0, "version"], "library g/n has no version")} with input as _bom(fields)
	}
}

test_allow_a_version_or_a_range if {
	every fields in [{"version": "1"}, {"versionRange": "vers:semver/>=1", "isExternal": true}] {
		rule.deny == set() with input as _bom(fields)
	}
}

test_allow_an_application if rule.deny == set() with input as _bom({"type": "application"})
