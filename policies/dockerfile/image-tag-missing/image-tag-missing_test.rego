package policies.dockerfile["image-tag-missing_test"]

import data.policies.dockerfile["image-tag-missing"] as rule
import data.policies.lib.dockerfile_example as example

test_deny_name_alone if {
	rule.deny == {
		{"path": ["stages", 0, "from", "image"], "message": "image alpine has neither tag nor digest"},
	} with input as example.single("alpine", [])
}

test_deny_registry_with_port if {
	rule.deny == {
		{
			"path": ["stages", 0, "from", "image"],
			"message": "image registry.example.com:5000/team/app has neither tag nor digest",
		},
	} with input as example.single("registry.example.com:5000/team/app", [])
}

test_deny_through_argument if {
	rule.deny == {
		{"path": ["stages", 0, "from", "image"], "message": "image debian has neither tag nor digest"},
	} with input as example.single("debian", [])
}

test_deny_builder if {
	rule.deny == {
		{"path": ["stages", 0, "from", "image"], "message": "image golang has neither tag nor digest"},
	} with input as example.file([
		{"from": "golang", "as": "build", "do": []},
		{"from": "alpine:3.22", "do": []},
	])
}

test_deny_copied_image if {
	rule.deny == {
		{
			"path": ["stages", 0, "instructions", 0, "flags", 0],
			"message": "image ghcr.io/astral-sh/uv has neither tag nor digest",
		},
	} with input as example.single("alpine:3.22", [
		example.copy_with(["/uv"], "/bin/uv", ["from=ghcr.io/astral-sh/uv"]),
	])
}

test_allow_tag if {
	rule.deny == set() with input as example.single("alpine:3.22", [])
}

test_allow_digest if {
	rule.deny == set() with input as example.single("alpine@sha256:28bd5fe8b56d1bd048e5babf5b10710ebe0bae67db86916198a6eec434943f8b", [])
}

test_allow_port_and_tag if {
	rule.deny == set() with input as example.single("registry.example.com:5000/team/app:4", [])
}

test_allow_stage if {
	rule.deny == set() with input as example.file([
		{"from": "alpine:3.22", "as": "base", "do": []},
		{"from": "base", "do": [example.copy_from(0, ["/etc/hosts"], "/tmp/")]},
	])
}

test_allow_scratch if {
	rule.deny == set() with input as example.single("scratch", [])
}

test_allow_unknown if {
	rule.deny == set() with input as example.single("?${BASE}", [])
}

test_allow_tag_through_argument if {
	rule.deny == set() with input as example.single("alpine:3.22", [])
}

test_allow_named_context if {
	rule.deny == set() with input as example.single("alpine:3.22", [example.copy_with(["/index.html"], "/srv/", ["from=docs"])])
}
