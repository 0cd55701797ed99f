# METADATA
# title: Key of one environment is missing in another
# description: |
#   A key that was added for one environment and forgotten in another shows when the program starts there, or later. The
#   template (`.env.example`) is how a colleague learns which keys there are. The keys of the shared `.env` count for
#   every environment; files for tests and of one person (`.env.local`) are left alone.
# related_resources:
#   - ref: https://12factor.net/config
# custom:
#   severity: low
#   enabled: default
#   category: configuration
#   remediation: Set the key in the file that lacks it too (in `.env.example` with an example value), or delete it.
package policies.project["env-key-missing"]

import data.policies.lib.environments
import data.policies.lib.finding

deny contains finding.in_document(id, path, message) if {
	some group in environments.groups
	some file in group
	some key, path in file.keys
	[_, id] := min(_holders(group, key))
	file.id == id
	lacking := _environments_without(group, key) | _templates_without(group, key)
	count(lacking) > 0
	message := $"{key} is missing in {concat(", ", sort(lacking))}"
}

# The files with a key that are no templates, each by its rank and id: whole files would be compared key by key.
_holders(group, key) := {[file.rank, file.id] | some file in group; not file.example; file.keys[key]}

_environments_without(group, key) := {file.name |
	not _is_shared(group, key)
	some file in group
	file.environment != ""
	not file.example
	not file.keys[key]
}

_is_shared(group, key) if {
	some file in group
	file.environment == ""
	not file.example
	file.keys[key]
}

_templates_without(group, key) := {file.name | some file in group; file.example} if {
	not _is_documented(group, key)
} else := set()

_is_documented(group, key) if {
	some file in group
	file.example
	file.keys[key]
}
