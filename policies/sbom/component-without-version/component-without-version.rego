# METADATA
# title: Component has no version
# description: |
#   Without a version nobody can tell whether a known vulnerability is in the product, nor which file was shipped.
# related_resources:
#   - ref: https://www.ntia.gov/report/2021/minimum-elements-software-bill-materials-sbom
# schemas:
#   - input: schema.sbom
# custom:
#   severity: medium
#   enabled: default
#   category: supply-chain
#   remediation: |
#     Make the BOM from a lock file or from the built artefact, where every version is known, and add `version`.
package policies.sbom["component-without-version"]

import data.policies.lib.finding
import data.policies.lib.sbom

deny contains finding.at(path, message) if {
	some listed in sbom.components
	object.get(listed.component, "version", "") == ""
	object.get(listed.component, "versionRange", "") == ""
	path := array.concat(listed.path, ["version"])
	message := $"{listed.component.type} {sbom.label(listed.component)} has no version"
}
