package policies.dockerfile["secret-in-build-argument_test"]

import data.policies.dockerfile["secret-in-build-argument"] as rule
import data.policies.lib.dockerfile_example as example

test_deny_telling_name if {
	rule.deny == {
		{"path": ["stages", 0, "instructions", 0, "assignments", 0], "message": "ARG NPM_TOKEN is made for a secret"},
	} with input as example.single("alpine:3.22", [
		example.declare_telling("ARG", [["NPM_TOKEN"]]),
		example.run_with("npm ci", {"NPM_TOKEN": null}, []),
	])
		with data.secrets as []
}

test_deny_empty_default if {
	rule.deny == {
		{
			"path": ["stages", 0, "instructions", 0, "assignments", 0, "value"],
			"message": "ARG DB_PASSWORD is made for a secret",
		},
	} with input as example.single("alpine:3.22", [example.declare_telling("ARG", [["DB_PASSWORD", ""]])]) with data.secrets as []
}

test_deny_literal if {
	rule.deny == {
		{
			"path": ["stages", 0, "instructions", 0, "assignments", 0, "value"],
			"message": "ARG DB_PASSWORD holds a secret",
		},
	} with input as example.single("alpine:3.22", [example.declare_telling("ARG", [["DB_PASSWORD", "kX9vQ2rT7z"]])]) with data.secrets as [{"path": ["stages", 0, "instructions", 0, "assignments", 0, "value"], "type": "literal"}]
}

test_deny_url if {
	rule.deny == {
		{
			"path": ["stages", 0, "instructions", 0, "assignments", 0, "value"],
			"message": "ARG DATABASE holds a URL with a password",
		},
	} with input as example.single("alpine:3.22", [
		example.declare("ARG", [["DATABASE", "postgres://app:kX9vQ2rT7z@db.example.com/app"]]),
	])
		with data.secrets as [{"path": ["stages", 0, "instructions", 0, "assignments", 0, "value"], "type": "url-password"}]
}

test_deny_before_from if {
	rule.deny == {
		{"path": ["arguments", 0, "assignments", 0], "message": "ARG REGISTRY_PASSWORD is made for a secret"},
	} with input as object.union(example.single("alpine:3.22", []), {"arguments": [example.declare_telling("ARG", [["REGISTRY_PASSWORD"]])]}) with data.secrets as []
}

test_deny_builder if {
	rule.deny == {
		{"path": ["stages", 0, "instructions", 0, "assignments", 0], "message": "ARG apiKey is made for a secret"},
	} with input as example.file([
		{"from": "alpine:3.22", "as": "build", "do": [example.declare_telling("ARG", [["apiKey"]])]},
		{"from": "alpine:3.22", "do": []},
	])
		with data.secrets as []
}

test_allow_harmless_value if {
	rule.deny == set() with input as example.single("alpine:3.22", [
		example.declare_telling("ARG", [["TOKEN_ENABLED", "true"]]),
		example.declare_telling("ARG", [["SESSION_TOKEN", "4096"]]),
	])
		with data.secrets as []
}

test_allow_about_a_secret if {
	rule.deny == set() with input as example.single("alpine:3.22", [
		example.declare("ARG", [["TOKEN_URL"]]),
		example.declare("ARG", [["PASSWORD_FILE"]]),
		example.declare("ARG", [["SECRET_NAME"]]),
	])
		with data.secrets as []
}

test_allow_reference if {
	rule.deny == set() with input as example.single("alpine:3.22", [
		example.declare_telling("ARG", [["DB_PASSWORD", "vault:secret/db#password"]]),
	])
		with data.secrets as []
}

test_allow_placeholder if {
	rule.deny == set() with input as example.single("alpine:3.22", [example.declare_telling("ARG", [["DB_PASSWORD", "changeme"]])]) with data.secrets as [{"path": ["stages", 0, "instructions", 0, "assignments", 0, "value"], "type": "placeholder"}]
}

test_allow_mounted if {
	rule.deny == set() with input as example.single("alpine:3.22", [
		example.declare("ARG", [["VERSION"]]),
		example.run_with("npm ci", {"VERSION": null}, ["mount=type=secret,id=npm_token,env=NPM_TOKEN"]),
	])
		with data.secrets as []
}
