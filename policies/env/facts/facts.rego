# METADATA
# title: What the rules over several files learn of an env file
# description: |
#   One `env-file` with what the name tells, a `key` for each entry and a `secret` for each value that is one; no value.
# schemas:
#   - input: schema.env
package policies.env.facts

import data.policies.lib.secret

# Each kind's facts have the same name, which the generated entry points ask for.

# regal ignore:rule-name-repeats-package
facts contains {
	"type": "env-file",
	"path": [],
	"name": input.name,
	"stem": input.stem,
	"environment": object.get(input, "environment", ""),
	"example": input.example,
	"local": input.local,
}

# regal ignore:rule-name-repeats-package
facts contains {"type": "key", "path": ["entries", index], "key": entry.key} if {
	some index, entry in input.entries
}

# regal ignore:rule-name-repeats-package
facts contains {"type": "secret", "path": path} if {
	some index, _ in input.entries
	path := ["entries", index, "value"]
	secret.at(path)
}
