package policies.dockerfile["secret-in-environment_test"]

import data.policies.dockerfile["secret-in-environment"] as rule
import data.policies.lib.dockerfile_example as example

test_deny_literal if {
	rule.deny == {
		{
			"path": ["stages", 0, "instructions", 0, "assignments", 1, "value"],
			"message": "ENV DB_PASSWORD holds a secret",
		},
	} with input as example.single("alpine:3.22", [
		example.declare_telling("ENV", [["APP_MODE", "fast"], ["DB_PASSWORD", "kX9vQ2rT7z"]]),
	])
		with data.secrets as [{"path": ["stages", 0, "instructions", 0, "assignments", 1, "value"], "type": "literal"}]
}

test_deny_url if {
	rule.deny == {
		{
			"path": ["stages", 0, "instructions", 0, "assignments", 0, "value"],
			"message": "ENV UPSTREAM holds a URL with a password",
		},
	} with input as example.single("alpine:3.22", [
		example.declare("ENV", [["UPSTREAM", "https://app:kX9vQ2rT7z@example.com/"]]),
	])
		with data.secrets as [{"path": ["stages", 0, "instructions", 0, "assignments", 0, "value"], "type": "url-password"}]
}

test_deny_builder if {
	rule.deny == {
		{"path": ["stages", 0, "instructions", 0, "assignments", 0, "value"], "message": "ENV API_KEY holds a secret"},
	} with input as example.file([
		{
			"from": "alpine:3.22",
			"as": "build",
			"do": [example.declare_telling("ENV", [["API_KEY", "kX9vQ2rT7z41"]])],
		},
		{"from": "alpine:3.22", "do": []},
	])
		with data.secrets as [{"path": ["stages", 0, "instructions", 0, "assignments", 0, "value"], "type": "literal"}]
}

test_deny_from_argument if {
	rule.deny == {
		{
			"path": ["stages", 0, "instructions", 1, "assignments", 0],
			"message": "ENV NPM_TOKEN keeps the secret of ARG NPM_TOKEN",
		},
	} with input as example.single("alpine:3.22", [
		example.declare_telling("ARG", [["NPM_TOKEN"]]),
		example.declare_telling("ENV", [["NPM_TOKEN", "?$NPM_TOKEN"]]),
	])
		with data.secrets as []
}

test_deny_from_argument_with_default if {
	rule.deny == {
		{
			"path": ["stages", 0, "instructions", 1, "assignments", 0, "value"],
			"message": "ENV NODE_AUTH keeps the secret of ARG NPM_TOKEN",
		},
	} with input as example.single("alpine:3.22", [
		example.declare_telling("ARG", [["NPM_TOKEN"]]),
		example.declare("ENV", [["NODE_AUTH", "", "\"${NPM_TOKEN:-}\""]]),
	])
		with data.secrets as []
}

test_allow_from_argument_in_builder if {
	rule.deny == set() with input as example.file([
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
		with data.secrets as []
}

test_allow_from_harmless_argument if {
	rule.deny == set() with input as example.single("alpine:3.22", [
		example.declare("ARG", [["VERSION"]]),
		example.declare("ENV", [["APP_VERSION", "?$VERSION"]]),
	])
		with data.secrets as []
}

test_allow_harmless_value if {
	rule.deny == set() with input as example.single("alpine:3.22", [
		example.declare("ENV", [["PASSWORD_MIN_LENGTH", "12"], ["TOKEN_TTL", "3600"], ["SECRET_FILE", "/run/secrets/db"]]),
	])
		with data.secrets as []
}

test_allow_flag_under_telling_name if {
	rule.deny == set() with input as example.single("alpine:3.22", [example.declare_telling("ENV", [["DISABLE_TOKEN", "true"]])]) with data.secrets as []
}

test_allow_placeholder if {
	rule.deny == set() with input as example.single("alpine:3.22", [example.declare_telling("ENV", [["DB_PASSWORD", "changeme"]])]) with data.secrets as [{"path": ["stages", 0, "instructions", 0, "assignments", 0, "value"], "type": "placeholder"}]
}

test_allow_reference if {
	rule.deny == set() with input as example.single("alpine:3.22", [
		example.declare_telling("ENV", [["DB_PASSWORD", "vault:secret/db#password"]]),
	])
		with data.secrets as []
}

test_allow_argument_of_another_stage if {
	rule.deny == set() with input as example.file([
		{"from": "alpine:3.22", "as": "build", "do": [example.declare_telling("ARG", [["NPM_TOKEN"]])]},
		{
			"from": "alpine:3.22",
			"do": [example.declare_telling("ENV", [["NPM_TOKEN", "?$NPM_TOKEN"]])],
		},
	])
		with data.secrets as []
}

test_allow_other_value_beside_argument if {
	rule.deny == set() with input as example.single("alpine:3.22", [
		example.declare_telling("ARG", [["NPM_TOKEN"]]),
		example.declare("ENV", [["APP_MODE", "fast"]]),
	])
		with data.secrets as []
}
