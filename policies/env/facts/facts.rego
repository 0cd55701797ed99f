# METADATA
# title: What the rules over several files learn of an env file
# description: |
#   One `env-file` with what the name tells, a `key` for each entry and a `secret` for each value that is one; no value.
# schemas:
#   - input: schema.env
package policies.env.facts

import data.policies.lib.secret

facts contains {
	"type": "env-file",
	"path": [],
	"name": input.name,
	"stem": input.stem,
	"environment": object.get(input, "environment", ""),
	"example": input.example,
	"local": input.local,
}

facts contains {"type": "key", "path": ["entries", index], "key": entry.key} if {
	some index, entry in input.entries
}

facts contains {"type": "secret", "path": path} if {
	some index, _ in input.entries
	path := ["entries", index, "value"]
	secret.at(path)
}
