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
#         SPDX ids, ids `WITH` an exception, or names of the licences that are allowed. If there are any, no other
#         is; if there are none, all are but the denied ones. An id means all its forms (`-only`, `-or-later`, `+`)
#         and its exceptions.
#     denied:
#       type: array
#       default:
#         [AGPL-1.0, AGPL-3.0, SSPL-1.0, BUSL-1.1, Elastic-2.0, CC-BY-NC-4.0, CC-BY-NC-SA-4.0, CC-BY-NC-ND-4.0]
#       description: SPDX ids or names of licences that are not allowed, unless the parameter `allowed` has them.
package policies.sbom["license-not-allowed"]

import data.policies.lib.finding
import data.policies.lib.sbom
import data.policies.lib.spdx

deny contains finding.at(path, message) if {
	some listed in sbom.components
	licenses := object.get(listed.component, "licenses", [])
	some index, entry in licenses
	some key, expression in _named(entry)
	expression in _refused
	not _is_superseded(entry, licenses)
	path := array.flatten([listed.path, "licenses", index, key])
	message := $"{listed.component.type} {sbom.label(listed.component)} is under {expression}"
}

# Thousands of components share a few licences, each of which is judged once.
_refused contains expression if {
	some expression in _expressions
	accepted := {term | some term in spdx.terms(expression); _is_allowed(term)}
	not spdx.satisfied(expression, accepted)
}

_expressions contains expression if {
	some listed in sbom.components
	some entry in listed.component.licenses
	some expression in _named(entry)
}

# What was concluded replaces what was declared.
_is_superseded(entry, licenses) if {
	not _is_concluded(entry)
	some other in licenses
	_is_concluded(other)
}

_is_concluded(entry) if entry.acknowledgement == "concluded"

_is_concluded(entry) if entry.license.acknowledgement == "concluded"

_named(entry) := {["license", "id"]: entry.license.id}

_named(entry) := {["license", "name"]: entry.license.name} if not entry.license.id

_named(entry) := {["expression"]: entry.expression}

_is_allowed(term) if _lists(_parameters.allowed, term)

_is_allowed(term) if {
	count(_parameters.allowed) == 0
	not _lists(_parameters.denied, term)
}

_lists(names, term) if {
	some name in names
	lower(name) == lower(term)
}

_lists(names, term) if {
	some name in names
	spdx.family(name) == spdx.family(spdx.base(term))
}

_parameters := data.parameters["sbom/license-not-allowed"]
