package policies.project["env-file-not-ignored_test"]

import data.policies.lib.finding
import data.policies.project["env-file-not-ignored"] as rule

_deny(state) := {finding.in_document("a/.env", [], $".env holds secrets and is {state}")}

_documents(example, fact, tracked, ignored) := {"documents": [
	{"id": "a/.env", "kind": "env", "source": "a/.env", "facts": [
		{"type": "env-file", "path": [], "name": ".env", "example": example},
		{"type": "key", "path": ["entries", 0], "key": "A"},
		{"type": "other", "path": ["entries", 0]},
		{"type": fact, "path": ["entries", 0, "value"]},
	]},
	{"id": "b", "kind": "other", "source": "b", "facts": [{"type": "file", "path": "a/.env", "tracked": true}]},
	{"id": "", "kind": "tree", "source": "", "facts": [
		{"type": "file", "path": "a/.env", "size": 1, "tracked": tracked, "ignored": ignored, "executable": false},
		{"type": "file", "path": ".env", "size": 1, "tracked": false, "ignored": true, "executable": false},
	]},
]}

test_deny_a_committed_file if {
	every ignored in [false, true] {
		rule.deny == _deny("committed") with input as _documents(false, "secret", true, ignored)
	}
}

test_deny_a_file_that_is_not_ignored if {
	rule.deny == _deny("not ignored by git") with input as _documents(false, "secret", false, false)
}

test_allow_an_ignored_file if rule.deny == set() with input as _documents(false, "secret", false, true)

test_allow_a_file_without_secrets if rule.deny == set() with input as _documents(false, "key", true, false)

test_allow_a_template if rule.deny == set() with input as _documents(true, "secret", true, false)

test_allow_a_file_that_is_not_in_the_tree if {
	rule.deny == set() with input as {"documents": [document |
		some document in _documents(false, "secret", true, false).documents
		document.kind == "env"
	]}
}
