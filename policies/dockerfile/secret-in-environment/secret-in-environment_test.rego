package policies.dockerfile["secret-in-environment_test"]

import data.policies.dockerfile["secret-in-environment"] as rule
import data.policies.lib.dockerfile_example as example

test_deny_literal if {
	path := ["stages", 0, "instructions", 0, "assignments", 1, "value"]
	message := "ENV DB_PASSWORD holds a secret"
	secrets := [{"path": ["stages", 0, "instructions", 0, "assignments", 1, "value"], "type": "literal"}]
	document := example.single("alpine:3.22", [example.declare_telling("ENV", [["APP_MODE", "fast"], ["DB_PASSWORD", "kX9vQ2rT7z"]])])
	rule.deny == {{"path": path, "message": message}} with input as document with data.secrets as secrets
}

test_deny_url if {
	path := ["stages", 0, "instructions", 0, "assignments", 0, "value"]
	message := "ENV UPSTREAM holds a URL with a password"
	secrets := [{"path": ["stages", 0, "instructions", 0, "assignments", 0, "value"], "type": "url-password"}]
	document := example.single("alpine:3.22", [example.declare("ENV", [["UPSTREAM", "https://app:kX9vQ2rT7z@example.com/"]])])
	rule.deny == {{"path": path, "message": message}} with input as document with data.secrets as secrets
}

test_deny_builder if {
	path := ["stages", 0, "instructions", 0, "assignments", 0, "value"]
	message := "ENV API_KEY holds a secret"
	secrets := [{"path": ["stages", 0, "instructions", 0, "assignments", 0, "value"], "type": "literal"}]
	document := example.file([
		{
			"from": "alpine:3.22",
			"as": "build",
			"do": [example.declare_telling("ENV", [["API_KEY", "kX9vQ2rT7z41"]])],
		},
		{"from": "alpine:3.22", "do": []},
	])
	rule.deny == {{"path": path, "message": message}} with input as document with data.secrets as secrets
}

test_deny_from_argument if {
	path := ["stages", 0, "instructions", 1, "assignments", 0]
	message := "ENV NPM_TOKEN keeps the secret of ARG NPM_TOKEN"
	document := example.single("alpine:3.22", [
		example.declare_telling("ARG", [["NPM_TOKEN"]]),
		example.declare_telling("ENV", [["NPM_TOKEN", "?$NPM_TOKEN"]]),
	])
	rule.deny == {{"path": path, "message": message}} with input as document with data.secrets as []
}

test_deny_from_argument_with_default if {
	path := ["stages", 0, "instructions", 1, "assignments", 0, "value"]
	message := "ENV NODE_AUTH keeps the secret of ARG NPM_TOKEN"
	document := example.single("alpine:3.22", [
		example.declare_telling("ARG", [["NPM_TOKEN"]]),
		example.declare("ENV", [["NODE_AUTH", "", "\"${NPM_TOKEN:-}\""]]),
	])
	rule.deny == {{"path": path, "message": message}} with input as document with data.secrets as []
}

test_allow_from_argument_in_builder if {
	document := example.file([
		{
			"from": "alpine:3.22",
			"as": "build",
			"do": [
				example.declare_telling("ARG", [["NPM_TOKEN"]]),
				example.declare_telling("ENV", [["NPM_TOKEN", "?$NPM_TOKEN"]]),
			],
		},
		{"from": "alpine:3.22", "do": []},
	])
	rule.deny == set() with input as document with data.secrets as []
}

test_allow_from_harmless_argument if {
	document := example.single("alpine:3.22", [
		example.declare("ARG", [["VERSION"]]),
		example.declare("ENV", [["APP_VERSION", "?$VERSION"]]),
	])
	rule.deny == set() with input as document with data.secrets as []
}

test_allow_harmless_value if {
	# regal ignore:line-length
	document := example.single("alpine:3.22", [example.declare("ENV", [["PASSWORD_MIN_LENGTH", "12"], ["TOKEN_TTL", "3600"], ["SECRET_FILE", "/run/secrets/db"]])])
	rule.deny == set() with input as document with data.secrets as []
}

test_allow_flag_under_telling_name if {
	document := example.single("alpine:3.22", [example.declare_telling("ENV", [["DISABLE_TOKEN", "true"]])])
	rule.deny == set() with input as document with data.secrets as []
}

test_allow_placeholder if {
	secrets := [{"path": ["stages", 0, "instructions", 0, "assignments", 0, "value"], "type": "placeholder"}]
	document := example.single("alpine:3.22", [example.declare_telling("ENV", [["DB_PASSWORD", "changeme"]])])
	rule.deny == set() with input as document with data.secrets as secrets
}

test_allow_reference if {
	document := example.single("alpine:3.22", [example.declare_telling("ENV", [["DB_PASSWORD", "vault:secret/db#password"]])])
	rule.deny == set() with input as document with data.secrets as []
}

test_allow_argument_of_another_stage if {
	document := example.file([
		{"from": "alpine:3.22", "as": "build", "do": [example.declare_telling("ARG", [["NPM_TOKEN"]])]},
		{
			"from": "alpine:3.22",
			"do": [example.declare_telling("ENV", [["NPM_TOKEN", "?$NPM_TOKEN"]])],
		},
	])
	rule.deny == set() with input as document with data.secrets as []
}

test_allow_other_value_beside_argument if {
	document := example.single("alpine:3.22", [
		example.declare_telling("ARG", [["NPM_TOKEN"]]),
		example.declare("ENV", [["APP_MODE", "fast"]]),
	])
	rule.deny == set() with input as document with data.secrets as []
}
