package policies.dockerfile["base-user-unknown_test"]

import data.policies.dockerfile["base-user-unknown"] as rule
import data.policies.lib.dockerfile_example as example

test_deny_name_unknown if {
	path := ["stages", 0]
	message := "final stage sets no USER and its base registry.example.com/team/runtime:4 is not known to run as non-root"
	document := example.single("registry.example.com/team/runtime:4", [example.start("CMD", "/app")])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_base_unknown if {
	path := ["stages", 0]
	message := "final stage sets no USER and its base ${BASE} is not known to run as non-root"
	document := example.single("?${BASE}", [])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_through_stage if {
	path := ["stages", 1]
	message := "final stage sets no USER and its base example/runtime:4 is not known to run as non-root"
	document := example.file([
		{"from": "example/runtime:4", "as": "base", "do": []},
		{"from": "base", "do": [example.start("CMD", "/app")]},
	])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_allow_user if {
	document := example.single("example/runtime:4", [example.user("10001")])
	rule.deny == set() with input as document
}

test_allow_base_root if {
	document := example.single("debian:13", [])
	rule.deny == set() with input as document
}

test_allow_base_nonroot if {
	document := example.single("example/runtime:4-nonroot", [])
	rule.deny == set() with input as document
}

test_allow_scratch if {
	document := example.single("scratch", [])
	rule.deny == set() with input as document
}

test_allow_windows if {
	document := example.single("example/runtime:4-nanoserver-ltsc2025", [])
	rule.deny == set() with input as document
}

test_allow_windows_by_platform if {
	document := example.file([{"from": "example/runtime:4", "platform": "windows/amd64", "do": []}])
	rule.deny == set() with input as document
}

test_allow_builder_unknown if {
	document := example.file([
		{"from": "example/builder:4", "as": "build", "do": []},
		{"from": "alpine:3.22", "do": [example.user("10001")]},
	])
	rule.deny == set() with input as document
}
