package policies.dockerfile["user-not-numeric_test"]

import data.policies.dockerfile["user-not-numeric"] as rule
import data.policies.lib.dockerfile_example as example

test_deny_name if {
	rule.deny == {
		{"path": ["stages", 0, "instructions", 1, "argument"], "message": "USER app is not numeric"},
	} with input as example.single("alpine:3.22", [example.run("adduser -D app"), example.user("app")])
}

test_deny_name_with_group if {
	rule.deny == {
		{"path": ["stages", 0, "instructions", 0, "argument"], "message": "USER app is not numeric"},
	} with input as example.single("alpine:3.22", [example.user("app:1000")])
}

test_allow_number if {
	rule.deny == set() with input as example.single("alpine:3.22", [example.user("10001:app")])
}

test_allow_root if {
	rule.deny == set() with input as example.single("alpine:3.22", [example.user("root")])
}

test_allow_unknown if {
	rule.deny == set() with input as example.single("alpine:3.22", [example.declare("ARG", [["APP_USER"]]), example.user("?$APP_USER")])
}

test_allow_builder if {
	rule.deny == set() with input as example.file([
		{"from": "alpine:3.22", "as": "build", "do": [example.user("app")]},
		{"from": "alpine:3.22", "do": [example.user("10001")]},
	])
}

test_allow_windows if {
	rule.deny == set() with input as example.single("mcr.microsoft.com/windows/nanoserver:ltsc2025", [example.user("ContainerUser")])
}
