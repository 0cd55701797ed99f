package policies.lib.final_image_test

import data.policies.lib.dockerfile_example as example
import data.policies.lib.final_image

digest := "sha256:4f0a3b1c4f0a3b1c4f0a3b1c4f0a3b1c4f0a3b1c4f0a3b1c4f0a3b1c4f0a3b1c"

stages := example.file([
	{"from": $"golang:1.25@{digest}", "as": "build", "do": [example.user("nobody"), example.start("CMD", "make")]},
	{"from": "alpine:3.22", "do": [example.start("CMD", "ash")]},
	{"from": "build", "do": [example.start("HEALTHCHECK", "curl localhost")]},
])

test_the_base_of_an_inherited_stage if {
	found := {
		"path": final_image.base_path,
		"reference": final_image.base_reference,
		"label": final_image.base_label,
		"user": final_image.base_user,
	} with input as stages
	found == {
		"path": ["stages", 0, "from", "image"],
		"reference": $"golang:1.25@{digest}",
		"label": "golang:1.25",
		"user": "root",
	}
}

test_the_user_of_an_ancestor if {
	final_image.user == {
		"path": ["stages", 0, "instructions", 0, "argument"],
		"value": "nobody",
	} with input as stages
}

test_the_last_user_wins_and_its_group_is_left_out if {
	document := example.single("alpine", [example.user("root"), example.user("app:app")])
	final_image.user_name == "app" with input as document
}

test_a_user_that_cannot_be_known if {
	document := example.single("alpine", [example.user("?$NAME")])
	final_image.user == {"path": ["stages", 0, "instructions", 0, "argument"]} with input as document
	not final_image.user_name with input as document
}

test_no_user if not final_image.user with input as example.single("alpine", [])

test_words_of_what_a_container_starts if {
	final_image.entry_point_words == {"make", "curl", "localhost"} with input as stages
}

test_scratch_runs_as_root if {
	document := example.single("scratch", [])
	final_image.base_is_scratch with input as document
	final_image.base_user == "root" with input as document
}

test_windows_by_image_and_by_platform if {
	final_image.is_windows with input as example.single("mcr.microsoft.com/windows/servercore:ltsc2022", [])
	final_image.is_windows with input as example.file([{"from": "base", "platform": "windows/amd64", "do": []}])
	not final_image.is_windows with input as stages
}
