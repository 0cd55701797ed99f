# METADATA
# title: Env file holds a secret
# description: |
#   Whoever reads the file has the secret: every checkout, every backup, every image that the file was copied into, and
#   the history of the repository for ever. Template files (`.env.example`) are read by everybody, so a real token in
#   one of them counts too; what a front-end framework publishes by its prefix (`VITE_`, `NEXT_PUBLIC_`) is no secret.
# related_resources:
#   - ref: https://12factor.net/config
#   - ref: https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html
# schemas:
#   - input: schema.env
# custom:
#   severity: critical
#   enabled: default
#   category: secrets
#   remediation: |
#     Revoke the secret, and write a reference in its place: `DB_PASSWORD=${DB_PASSWORD}`,
#     `vault:secret/data/app#password` or `op://vault/item/field`.
package policies.env["secret-value"]

import data.policies.lib.finding
import data.policies.lib.secret

deny contains finding.at(path, message) if {
	some index, entry in input.entries
	path := ["entries", index, "value"]
	_is_real(path)
	what := secret.at(path)
	message := $"{entry.key} holds {what}"
}

_is_real(_) if not input.example

# The literals and connection strings of a template are examples; a token or a key comes from somewhere.
_is_real(path) if {
	some type in {"token", "private-key"}
	secret.types[path][type]
}
