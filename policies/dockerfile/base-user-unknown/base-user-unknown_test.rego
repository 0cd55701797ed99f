package policies.dockerfile["base-user-unknown_test"]

import data.policies.dockerfile["base-user-unknown"] as rule
import data.policies.lib.dockerfile_example as example

test_deny_name_unknown if {
	rule.deny == {
		{
			"path": ["stages", 0],
			"message": "final stage sets no USER and its base registry.example.com/team/runtime:4 is not known to run as non-root",
		},
	} with input as example.single("registry.example.com/team/runtime:4", [example.start("CMD", "/app")])
}

test_deny_base_unknown if {
	rule.deny == {
		{
			"path": ["stages", 0],
			"message": "final stage sets no USER and its base ${BASE} is not known to run as non-root",
		},
	} with input as example.single("?${BASE}", [])
}

test_deny_through_stage if {
	rule.deny == {
		{
			"path": ["stages", 1],
			"message": "final stage sets no USER and its base example/runtime:4 is not known to run as non-root",
		},
	} with input as example.file([
		{"from": "example/runtime:4", "as": "base", "do": []},
		{"from": "base", "do": [example.start("CMD", "/app")]},
	])
}

test_allow_user if {
	rule.deny == set() with input as example.single("example/runtime:4", [example.user("10001")])
}

test_allow_base_root if {
	rule.deny == set() with input as example.single("debian:13", [])
}

test_allow_base_nonroot if {
	rule.deny == set() with input as example.single("example/runtime:4-nonroot", [])
}

test_allow_scratch if {
	rule.deny == set() with input as example.single("scratch", [])
}

test_allow_windows if {
	rule.deny == set() with input as example.single("example/runtime:4-nanoserver-ltsc2025", [])
}

test_allow_windows_by_platform if {
	rule.deny == set() with input as example.file([
		{"from": "example/runtime:4", "platform": "windows/amd64", "do": []},
	])
}

test_allow_builder_unknown if {
	rule.deny == set() with input as example.file([
		{"from": "example/builder:4", "as": "build", "do": []},
		{"from": "alpine:3.22", "do": [example.user("10001")]},
	])
}
