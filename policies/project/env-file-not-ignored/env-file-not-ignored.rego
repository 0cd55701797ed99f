# METADATA
# title: Env file with secrets is not kept out of git
# description: |
#   A secret that is committed once stays in the history of every clone. An env file with secrets that is not ignored
#   is one `git add .` away from that. Templates are meant to be committed.
# related_resources:
#   - ref: https://git-scm.com/docs/gitignore
#   - ref: https://git-scm.com/docs/git-rm
# custom:
#   severity: high
#   enabled: default
#   category: secrets
#   remediation: |
#     Add the file's name to `.gitignore`. Where it is committed already, run `git rm --cached` on it too, and revoke
#     the secrets in it.
package policies.project["env-file-not-ignored"]

import data.policies.lib.finding

deny contains finding.in_document(document.id, [], message) if {
	some document in input.documents
	some file in document.facts
	file.type == "env-file"
	not file.example
	_holds_secrets(document)
	state := _state(_tree[document.source])
	message := $"{file.name} holds secrets and is {state}"
}

_holds_secrets(document) if {
	some fact in document.facts
	fact.type == "secret"
}

_state(entry) := "committed" if {
	entry.tracked
} else := "not ignored by git" if {
	not entry.ignored
}

_tree[entry.path] := entry if {
	some document in input.documents
	document.kind == "tree"
	some entry in document.facts
}
