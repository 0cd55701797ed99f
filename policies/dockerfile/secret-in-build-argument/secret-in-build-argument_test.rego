package policies.dockerfile["secret-in-build-argument_test"]

import data.policies.dockerfile["secret-in-build-argument"] as rule
import data.policies.lib.dockerfile_example as example

test_deny_telling_name if {
	path := ["stages", 0, "instructions", 0, "assignments", 0]
	message := "ARG NPM_TOKEN is made for a secret"
	document := example.single("alpine:3.22", [
		example.declare_telling("ARG", [["NPM_TOKEN"]]),
		example.run_with("npm ci", {"NPM_TOKEN": null}, []),
	])
	rule.deny == {{"path": path, "message": message}} with input as document with data.secrets as []
}

test_deny_empty_default if {
	path := ["stages", 0, "instructions", 0, "assignments", 0, "value"]
	message := "ARG DB_PASSWORD is made for a secret"
	document := example.single("alpine:3.22", [example.declare_telling("ARG", [["DB_PASSWORD", ""]])])
	rule.deny == {{"path": path, "message": message}} with input as document with data.secrets as []
}

test_deny_literal if {
	path := ["stages", 0, "instructions", 0, "assignments", 0, "value"]
	message := "ARG DB_PASSWORD holds a secret"
	secrets := [{"path": ["stages", 0, "instructions", 0, "assignments", 0, "value"], "type": "literal"}]
	document := example.single("alpine:3.22", [example.declare_telling("ARG", [["DB_PASSWORD", "kX9vQ2rT7z"]])])
	rule.deny == {{"path": path, "message": message}} with input as document with data.secrets as secrets
}

test_deny_url if {
	path := ["stages", 0, "instructions", 0, "assignments", 0, "value"]
	message := "ARG DATABASE holds a URL with a password"
	secrets := [{"path": ["stages", 0, "instructions", 0, "assignments", 0, "value"], "type": "url-password"}]
	document := example.single("alpine:3.22", [example.declare("ARG", [["DATABASE", "postgres://app:kX9vQ2rT7z@db.example.com/app"]])])
	rule.deny == {{"path": path, "message": message}} with input as document with data.secrets as secrets
}

test_deny_before_from if {
	path := ["arguments", 0, "assignments", 0]
	message := "ARG REGISTRY_PASSWORD is made for a secret"
	document := object.union(example.single("alpine:3.22", []), {"arguments": [example.declare_telling("ARG", [["REGISTRY_PASSWORD"]])]})
	rule.deny == {{"path": path, "message": message}} with input as document with data.secrets as []
}

test_deny_builder if {
	path := ["stages", 0, "instructions", 0, "assignments", 0]
	message := "ARG apiKey is made for a secret"
	document := example.file([
		{"from": "alpine:3.22", "as": "build", "do": [example.declare_telling("ARG", [["apiKey"]])]},
		{"from": "alpine:3.22", "do": []},
	])
	rule.deny == {{"path": path, "message": message}} with input as document with data.secrets as []
}

test_allow_harmless_value if {
	document := example.single("alpine:3.22", [
		example.declare_telling("ARG", [["TOKEN_ENABLED", "true"]]),
		example.declare_telling("ARG", [["SESSION_TOKEN", "4096"]]),
	])
	rule.deny == set() with input as document with data.secrets as []
}

test_allow_about_a_secret if {
	document := example.single("alpine:3.22", [
		example.declare("ARG", [["TOKEN_URL"]]),
		example.declare("ARG", [["PASSWORD_FILE"]]),
		example.declare("ARG", [["SECRET_NAME"]]),
	])
	rule.deny == set() with input as document with data.secrets as []
}

test_allow_reference if {
	document := example.single("alpine:3.22", [example.declare_telling("ARG", [["DB_PASSWORD", "vault:secret/db#password"]])])
	rule.deny == set() with input as document with data.secrets as []
}

test_allow_placeholder if {
	secrets := [{"path": ["stages", 0, "instructions", 0, "assignments", 0, "value"], "type": "placeholder"}]
	document := example.single("alpine:3.22", [example.declare_telling("ARG", [["DB_PASSWORD", "changeme"]])])
	rule.deny == set() with input as document with data.secrets as secrets
}

test_allow_mounted if {
	document := example.single("alpine:3.22", [
		example.declare("ARG", [["VERSION"]]),
		example.run_with("npm ci", {"VERSION": null}, ["mount=type=secret,id=npm_token,env=NPM_TOKEN"]),
	])
	rule.deny == set() with input as document with data.secrets as []
}
