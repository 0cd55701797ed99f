package policies.lib.secret_test

import data.policies.lib.secret

marks := [
	{"path": ["a"], "type": "literal"},
	{"path": ["b", 0], "type": "literal"},
	{"path": ["b", 0], "type": "private-key"},
	{"path": ["c"], "type": "token"},
	{"path": ["c"], "type": "url-password"},
	{"path": ["d"], "type": "url-password"},
	{"path": ["e"], "type": "placeholder"},
	{"path": ["f"], "type": "placeholder"},
	{"path": ["f"], "type": "token"},
]

test_at_names_the_gravest if {
	names := {path: name |
		some path in [["a"], ["b", 0], ["c"], ["d"], ["e"], ["f"], ["g"]]
		name := secret.at(path) with data.secrets as marks
	}
	names == {
		["a"]: "a secret",
		["b", 0]: "a private key",
		["c"]: "a token",
		["d"]: "a URL with a password",
		["f"]: "a token",
	}
}

test_is_placeholder_only_without_a_secret if {
	paths := {path |
		some path in [["a"], ["e"], ["f"], ["g"]]
		secret.is_placeholder(path) with data.secrets as marks
	}
	paths == {["e"]}
}

test_no_secrets if {
	not secret.at(["a"]) with data.secrets as []
	not secret.is_placeholder(["a"]) with data.secrets as []
}
