# METADATA
# title: Key is set more than once in an env file
# description: |
#   Only the last value counts, or only the first, as the program that reads the file likes. Whoever changes the other
#   line changes nothing and wonders why.
# related_resources:
#   - ref: https://dotenv-linter.github.io/#/checks/duplicated_key
# schemas:
#   - input: schema.env
# custom:
#   severity: medium
#   enabled: default
#   category: configuration
#   remediation: Keep one line for the key and delete the others.
package policies.env["env-key-duplicate"]

import data.policies.lib.finding

deny contains finding.at(["entries", index], message) if {
	some key, indices in _indices
	first := min(indices)
	some index in indices
	index > first
	message := $"{key} is already set above"
}

_indices[entry.key] contains index if some index, entry in input.entries
