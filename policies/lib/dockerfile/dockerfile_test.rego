package policies.lib.dockerfile_test

import data.policies.lib.dockerfile
import data.policies.lib.dockerfile_example as example

# Three stages: the last one descends from the first, and copies out of the second.
three := example.file([
	{"from": "alpine:3.22", "as": "base", "do": [example.user("root"), example.run("apk add curl")]},
	{"from": "golang:1.25", "as": "build", "do": [example.copy(["."], "/src/"), example.run("go build .")]},
	{"from": "base", "do": [
		example.copy_from(1, ["/src/app"], "/usr/bin/"),
		example.run("echo a && echo b"),
		example.onbuild(example.run("echo c")),
	]},
])

_keywords(steps) := [[step.stage, step.instruction.keyword] | some step in steps]

test_the_final_stage_and_its_path if {
	dockerfile.final.index == 2 with input as three
	dockerfile.final_path == ["stages", 2] with input as three
}

test_own_steps_are_those_of_a_stage_alone_without_onbuild if {
	found := dockerfile.own_steps with input as three
	[_keywords(steps) | some steps in found] == [
		[[0, "USER"], [0, "RUN"]],
		[[1, "COPY"], [1, "RUN"]],
		[[2, "COPY"], [2, "RUN"]],
	]
	found[1][0].path == ["stages", 1, "instructions", 0]
	found[1][0].instruction.destination.value == "/src/"
}

test_steps_begin_with_those_of_the_ancestors if {
	found := dockerfile.steps with input as three
	[_keywords(steps) | some steps in found] == [
		[[0, "USER"], [0, "RUN"]],
		[[1, "COPY"], [1, "RUN"]],
		[[0, "USER"], [0, "RUN"], [2, "COPY"], [2, "RUN"]],
	]
	dockerfile.final_steps == found[2] with input as three
}

test_commands_of_a_stage_and_its_ancestors_with_their_position if {
	found := dockerfile.commands with input as three
	[[command.path, command.stage, command.position] | some command in found[2]] == [
		[["stages", 0, "instructions", 1, "commands", 0], 0, 1],
		[["stages", 2, "instructions", 1, "commands", 0], 2, 3],
		[["stages", 2, "instructions", 1, "commands", 1], 2, 3],
	]
	found[0][0].command.name == "apk"
	found[0][0].run.keyword == "RUN"
	dockerfile.final_commands == found[2] with input as three
}

test_what_a_container_starts_is_no_command_of_the_build if {
	dockerfile.final_commands == [] with input as example.single("alpine", [example.start("CMD", "ash")])
}

test_commands_of_all_stages_are_told_once if {
	found := [command.path | some command in dockerfile.all_commands] with input as three
	found == [
		["stages", 0, "instructions", 1, "commands", 0],
		["stages", 1, "instructions", 1, "commands", 0],
		["stages", 2, "instructions", 1, "commands", 0],
		["stages", 2, "instructions", 1, "commands", 1],
	]
}

test_copies_of_all_stages_are_told_once_with_their_position if {
	found := [[copied.path, copied.stage, copied.position] | some copied in dockerfile.copies] with input as three
	found == [[["stages", 1, "instructions", 0], 1, 0], [["stages", 2, "instructions", 0], 2, 2]]
	[copied.stage | some copied in dockerfile.final_copies] == [2] with input as three
}

test_a_copy_of_an_ancestor_is_told_at_the_ancestor_alone if {
	document := example.file([
		{"from": "alpine", "as": "base", "do": [example.add(["a.txt"], "/", [])]},
		{"from": "base", "do": []},
	])
	[copied.path | some copied in dockerfile.copies] == [["stages", 0, "instructions", 0]] with input as document
	[copied.path | some copied in dockerfile.final_copies] == [["stages", 0, "instructions", 0]] with input as document
}

test_what_is_copied_without_from_comes_out_of_the_context if {
	dockerfile.from_context(example.copy_with(["a"], "/", ["chmod=755"]))
	not dockerfile.from_context(example.copy_with(["a"], "/", ["from=build"]))
}

test_flags_and_their_values if {
	instruction := example.copy_with(["a"], "/", ["chmod=755", "chown=app"])
	dockerfile.has_flag(instruction, "chmod")
	not dockerfile.has_flag(instruction, "link")
	dockerfile.flag(instruction, "chown") == "app"
	not dockerfile.flag(instruction, "link")
	not dockerfile.flag({"flags": [{"name": "chown", "text": "$USER"}]}, "chown")
}

test_external_images_of_from if {
	found := dockerfile.external_images with input as three
	found == {
		{"path": ["stages", 0, "from", "image"], "reference": "alpine:3.22"},
		{"path": ["stages", 1, "from", "image"], "reference": "golang:1.25"},
	}
}

test_scratch_and_images_that_cannot_be_known_are_not_external if {
	dockerfile.external_images == set() with input as example.single("scratch", [])
	dockerfile.external_images == set() with input as example.single("?$BASE", [])
}

# What COPY takes from, apart from FROM.
_copied_from(reference, instruction) := {image | some image in found; image.reference == reference} if {
	found := dockerfile.external_images with input as example.single("scratch", [instruction])
}

test_external_images_of_copy if {
	every reference in ["nginx:1.29", "example.com/tool", "tool@sha256:0"] {
		instruction := example.copy_with(["/a"], "/", ["chmod=755", $"from={reference}"])
		_copied_from(reference, instruction) == {{
			"path": ["stages", 0, "instructions", 0, "flags", 1],
			"reference": reference,
		}}
	}
}

test_stages_named_contexts_and_other_flags_are_no_external_images if {
	_copied_from("assets", example.copy_with(["/a"], "/", ["from=assets"])) == set()
	_copied_from("app:app", example.copy_with(["/a"], "/", ["chown=app:app"])) == set()
	_copied_from("a/b", object.union(example.copy_with(["/a"], "/", ["from=a/b"]), {"from_stage": 0})) == set()
}

# The value of X for a command `{command, run}`.
_value(command, environment) := dockerfile.variable(
	{
		"command": command,
		"run": example.run_with("true", environment, []),
	},
	"X",
)

test_assignments_before_the_program_win_over_earlier_commands_and_those_over_the_environment if {
	_value(example.command(["X=1", "Y=3", "X=2", "make"]), {"X": "0"}) == "2"
	_value(object.union(example.command(["X=1", "make"]), {"environment": {"X": "2"}}), {"X": "0"}) == "1"
	_value(object.union(example.command(["Y=1", "make"]), {"environment": {"X": "2"}}), {"X": "0"}) == "2"
	_value(example.command(["Y=1", "make"]), {"X": "0"}) == "0"
}

test_a_variable_that_cannot_be_known_is_null_and_one_that_is_not_set_undefined if {
	_value(example.command(["make"]), {"X": null}) == null
	_value(object.union(example.command(["make"]), {"assignments": [{"name": "X", "text": "$Y"}]}), {"X": "0"}) == null
	not _value(object.remove(example.command(["make"]), ["assignments"]), {"Y": "0"})
}

_mounted(flags) := dockerfile.mounted(example.run_with("true", {}, flags))

test_targets_of_cache_and_tmpfs_mounts if {
	_mounted(["mount=type=cache,target=/a", "mount=type=tmpfs,dst=/b", "mount=type=cache,id=x,destination=/c"]) == {"/a", "/b", "/c"}
	_mounted(["mount=type=bind,target=/a", "mount=type=secret,target=/b", "network=type=cache,target=/c"]) == set()
}

test_a_mount_is_read_as_written_where_its_value_cannot_be_known if {
	dockerfile.mounted({"flags": [{"name": "mount", "text": "type=cache,id=$ID,target=/a"}]}) == {"/a"}
}

test_instructions_that_mount_a_cache if {
	dockerfile.mounts_cache(example.run_with("true", {}, ["mount=type=cache,target=/a"]))
	not dockerfile.mounts_cache(example.run_with("true", {}, ["mount=type=tmpfs,target=/a"]))
	not dockerfile.mounts_cache(example.run_with("true", {}, ["network=type=cache"]))
	not dockerfile.mounts_cache({"flags": [{"name": "mount"}]})
}

test_the_last_part_of_a_path if {
	dockerfile.base_name("/usr/bin/app") == "app"
	dockerfile.base_name("app") == "app"
	dockerfile.base_name("/usr/bin/") == ""
}
