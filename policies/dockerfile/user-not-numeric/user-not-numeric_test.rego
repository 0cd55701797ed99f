package policies.dockerfile["user-not-numeric_test"]

import data.policies.dockerfile["user-not-numeric"] as rule
import data.policies.lib.dockerfile_example as example

test_deny_name if {
	path := ["stages", 0, "instructions", 1, "argument"]
	message := "USER app is not numeric"
	document := example.single("alpine:3.22", [example.run("adduser -D app"), example.user("app")])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_name_with_group if {
	path := ["stages", 0, "instructions", 0, "argument"]
	message := "USER app is not numeric"
	document := example.single("alpine:3.22", [example.user("app:1000")])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_allow_number if {
	document := example.single("alpine:3.22", [example.user("10001:app")])
	rule.deny == set() with input as document
}

test_allow_root if {
	document := example.single("alpine:3.22", [example.user("root")])
	rule.deny == set() with input as document
}

test_allow_unknown if {
	document := example.single("alpine:3.22", [example.declare("ARG", [["APP_USER"]]), example.user("?$APP_USER")])
	rule.deny == set() with input as document
}

test_allow_builder if {
	document := example.file([
		{"from": "alpine:3.22", "as": "build", "do": [example.user("app")]},
		{"from": "alpine:3.22", "do": [example.user("10001")]},
	])
	rule.deny == set() with input as document
}

test_allow_windows if {
	document := example.single("mcr.microsoft.com/windows/nanoserver:ltsc2025", [example.user("ContainerUser")])
	rule.deny == set() with input as document
}
