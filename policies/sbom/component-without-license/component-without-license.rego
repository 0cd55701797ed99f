# METADATA
# title: Component has no licence
# description: |
#   Software without a licence may not be passed on at all. Where the BOM does not name it, nobody can check whether
#   the product keeps to the licences of its parts. Containers and operating systems are under the many licences of
#   theirs.
# related_resources:
#   - ref: https://spdx.org/licenses/
# schemas:
#   - input: schema.sbom
# custom:
#   severity: low
#   enabled: default
#   category: configuration
#   remediation: |
#     Add `licenses` with an SPDX id or expression, such as `[{"license": {"id": "MIT"}}]`; most BOM makers do it when
#     they see the installed packages.
package policies.sbom["component-without-license"]

import data.policies.lib.finding
import data.policies.lib.sbom

deny contains finding.at(path, message) if {
	not sbom.is_generated
	some listed in sbom.components
	listed.component.type in {"library", "framework"}
	count(object.get(listed.component, "licenses", [])) == 0
	path := array.concat(listed.path, ["licenses"])
	message := $"{listed.component.type} {sbom.label(listed.component)} has no licence"
}
