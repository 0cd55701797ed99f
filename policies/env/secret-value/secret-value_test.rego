package policies.env["secret-value_test"]

import data.policies.env["secret-value"] as rule
import data.policies.lib.finding

_types := ["token", "private-key", "url-password", "literal", "placeholder"]

_marks := [{"path": ["entries", index, "value"], "type": type} | some index, type in _types]

_file(example) := {"example": example, "entries": [{"key": $"KEY_{type}", "value": "x"} | some type in _types]}

test_deny_every_kind_of_secret if {
	rule.deny == {
		finding.at(["entries", 0, "value"], "KEY_token holds a token"),
		finding.at(["entries", 1, "value"], "KEY_private-key holds a private key"),
		finding.at(["entries", 2, "value"], "KEY_url-password holds a URL with a password"),
		finding.at(["entries", 3, "value"], "KEY_literal holds a secret"),
	} with input as _file(false) with data.secrets as _marks
}

test_deny_tokens_and_keys_of_a_template if {
	rule.deny == {
		finding.at(["entries", 0, "value"], "KEY_token holds a token"),
		finding.at(["entries", 1, "value"], "KEY_private-key holds a private key"),
	} with input as _file(true) with data.secrets as _marks
}

test_allow_no_secret if rule.deny == set() with input as _file(false) with data.secrets as []
