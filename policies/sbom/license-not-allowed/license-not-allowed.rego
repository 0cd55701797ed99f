# METADATA
# title: Component's licence is not allowed
# description: |
#   A licence that the product cannot keep to has to be found before it ships. Those denied by default ask whoever
#   offers the software as a service to publish its source, or forbid commercial use. Alternatives (`OR`) are the
#   user's choice, so one allowed alternative is enough.
# related_resources:
#   - ref: https://spdx.github.io/spdx-spec/v2.3/SPDX-license-expressions/
# schemas:
#   - input: schema.sbom
# custom:
#   severity: high
#   enabled: default
#   category: configuration
#   remediation: |
#     Replace the component, buy another licence for it, or add the licence to the rule's parameter `allowed`.
#   parameters:
#     allowed:
#       type: array
#       default: []
#       description: |
#         SPDX ids (`WITH` an exception or without) or names of the only licences to allow; none allows all that are
#         not denied. An id means all its forms (`-only`, `-or-later`, `+`) and its exceptions.
#     denied:
#       type: array
#       default:
#         [AGPL-1.0, AGPL-3.0, SSPL-1.0, BUSL-1.1, Elastic-2.0, CC-BY-NC-4.0, CC-BY-NC-SA-4.0, CC-BY-NC-ND-4.0]
#       description: SPDX ids or names of licences that are not allowed, unless the parameter `allowed` has them.
package policies.sbom["license-not-allowed"]

import data.policies.lib.finding
import data.policies.lib.license
import data.policies.lib.sbom
import data.policies.lib.spdx

deny contains finding.at(array.concat(listed.path, path), message) if {
	some listed in sbom.components
	some path, name in license.names(listed.component)
	_refused[name]
	message := $"{listed.component.type} {sbom.label(listed.component)} is under {name}"
}

# Thousands of components share a few licences, each of which is judged once.
_refused contains name if {
	some name, _ in _terms
	not spdx.satisfied(name, _accepted)
}

_accepted contains term if {
	some terms in _terms
	some term in terms
	spdx.is_allowed(term, _families)
}

_terms[name] := spdx.terms(name) if {
	some listed in sbom.components
	some name in license.names(listed.component)
}

_families[list] := spdx.families(names) if some list, names in data.parameters["sbom/license-not-allowed"]
