# METADATA
# title: BOM lacks minimum elements
# description: |
#   Authorities that ask for a BOM (in the USA since Executive Order 14028, in the EU with the Cyber Resilience Act)
#   expect what NTIA lists: who made the BOM and when, what it describes, who supplies each component, and how they
#   depend on each other. Versions and package URLs, which belong to the list, have rules of their own.
# related_resources:
#   - ref: https://www.ntia.gov/report/2021/minimum-elements-software-bill-materials-sbom
# schemas:
#   - input: schema.sbom
# custom:
#   severity: low
#   enabled: default
#   category: supply-chain
#   remediation: |
#     Add what is missing: `metadata.timestamp`, `metadata.authors` or `metadata.tools`, `metadata.component`, a
#     `supplier` for each component, and `dependencies`.
package policies.sbom["minimum-elements-missing"]

import data.policies.lib.finding
import data.policies.lib.sbom

deny contains finding.at(["metadata"], message) if {
	not sbom.is_generated
	missing := [name | some name in ["timestamp", "author", "described component", "dependencies"]; _is_missing(name)]
	all_missing := array.concat(missing, _suppliers)
	count(all_missing) > 0
	message := $"no {concat(", no ", all_missing)}"
}

_metadata := object.get(input, "metadata", {})

_is_missing("timestamp") if not _metadata.timestamp

# NTIA: the author may be the supplier, the maker of the software or an analysis tool.
_is_missing("author") if {
	every key in ["authors", "tools", "manufacture", "manufacturer", "supplier"] {
		count(object.get(_metadata, key, [])) == 0
	}
}

_is_missing("described component") if not _metadata.component

_is_missing("dependencies") if {
	count(sbom.components) > 0
	count(object.get(input, "dependencies", [])) == 0
}

default _suppliers := []

_suppliers := [$"supplier of {concat(" and ", _unsupplied)}"] if {
	count(_unsupplied) in {1, 2}
} else := [$"supplier of {count(_unsupplied)} components"] if {
	count(_unsupplied) > 2
}

_unsupplied := [sbom.label(listed.component) |
	some listed in sbom.components
	not sbom.is_supplied(listed.component)
]
