# METADATA
# title: Component has no package URL
# description: |
#   Names of packages are not unique: only the package URL says which ecosystem and which registry a component is
#   from, and vulnerability databases are asked by it. An operating system has none, and is known by its name and
#   version.
# related_resources:
#   - ref: https://github.com/package-url/purl-spec
#   - ref: https://www.ntia.gov/report/2021/minimum-elements-software-bill-materials-sbom
# schemas:
#   - input: schema.sbom
# custom:
#   severity: low
#   enabled: default
#   category: supply-chain
#   remediation: |
#     Add `purl`, such as `pkg:golang/github.com/google/uuid@v1.6.0`; `pkg:generic/…` for what no registry has.
package policies.sbom["component-without-package-url"]

import data.policies.lib.finding
import data.policies.lib.sbom

deny contains finding.at(path, message) if {
	not sbom.is_generated
	some listed in sbom.components
	listed.component.type != "operating-system"
	object.get(listed.component, "purl", "") == ""
	path := array.concat(listed.path, ["purl"])
	message := $"{listed.component.type} {sbom.label(listed.component)} has no package URL"
}
