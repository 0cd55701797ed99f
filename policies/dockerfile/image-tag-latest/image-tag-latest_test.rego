package policies.dockerfile["image-tag-latest_test"]

import data.policies.dockerfile["image-tag-latest"] as rule
import data.policies.lib.dockerfile_example as example

test_deny_latest if {
	rule.deny == {
		{"path": ["stages", 0, "from", "image"], "message": "image alpine:latest follows the tag latest"},
	} with input as example.single("alpine:latest", [])
}

test_deny_through_argument if {
	rule.deny == {
		{"path": ["stages", 0, "from", "image"], "message": "image alpine:latest follows the tag latest"},
	} with input as example.single("alpine:latest", [])
}

test_deny_copied_image if {
	rule.deny == {
		{
			"path": ["stages", 0, "instructions", 0, "flags", 0],
			"message": "image ghcr.io/astral-sh/uv:latest follows the tag latest",
		},
	} with input as example.single("alpine:3.22", [
		example.copy_with(["/uv"], "/bin/uv", ["from=ghcr.io/astral-sh/uv:latest"]),
	])
}

test_allow_version if {
	rule.deny == set() with input as example.single("alpine:3.22", [])
}

test_allow_digest_decides if {
	rule.deny == set() with input as example.single("alpine:latest@sha256:28bd5fe8b56d1bd048e5babf5b10710ebe0bae67db86916198a6eec434943f8b", [])
}

test_allow_no_tag if {
	rule.deny == set() with input as example.single("alpine", [])
}

test_allow_latest_of_a_variant if {
	rule.deny == set() with input as example.single("gcr.io/distroless/static:latest-amd64", [])
}

test_allow_unknown if {
	rule.deny == set() with input as example.single("?alpine:${TAG}", [])
}
