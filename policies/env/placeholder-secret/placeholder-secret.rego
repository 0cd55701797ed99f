# METADATA
# title: Secret in an env file is a placeholder or a well-known default
# description: |
#   A password such as `changeme` or `admin` is the first that an attacker tries, and a placeholder that nobody replaced
#   shows only when the program first needs the value. Templates hold placeholders on purpose, and files for development
#   and tests reach nothing that needs a real secret: they are left alone.
# related_resources:
#   - ref: https://cwe.mitre.org/data/definitions/1392.html
# schemas:
#   - input: schema.env
# custom:
#   severity: medium
#   enabled: default
#   category: secrets
#   remediation: |
#     Write a reference to the real secret (`DB_PASSWORD=${DB_PASSWORD}`, `vault:secret/data/app#password`), or move the
#     line to `.env.example`.
package policies.env["placeholder-secret"]

import data.policies.lib.finding
import data.policies.lib.secret

deny contains finding.at(path, message) if {
	not input.example
	not input.local
	not _reaches_nothing_real
	some index, entry in input.entries
	path := ["entries", index, "value"]
	secret.is_placeholder(path)
	message := $"{entry.key} holds a placeholder or a well-known default"
}

_reaches_nothing_real if input.environment in {"development", "test"}
