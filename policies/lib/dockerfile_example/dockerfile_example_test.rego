package policies.lib.dockerfile_example_test

import data.policies.lib.dockerfile_example as example

test_a_stage_descends_from_the_earlier_stage_that_it_names if {
	document := example.file([
		{"from": "alpine:3.22", "as": "base", "platform": "linux/amd64", "do": []},
		{"from": "base", "as": "middle", "do": []},
		{"from": "middle", "do": []},
	])
	[stage.ancestry | some stage in document.stages] == [[0], [1, 0], [2, 1, 0]]
	document.stages[0].from == {
		"image": {"text": "alpine:3.22", "value": "alpine:3.22"},
		"platform": {"text": "linux/amd64", "value": "linux/amd64"},
		"name": "base",
	}
	document.stages[1].from.stage == 0
	document.final_stage == 2
}

test_a_word_with_a_question_mark_cannot_be_known if {
	example.word("a") == {"text": "a", "value": "a"}
	example.word("?$A") == {"text": "$A"}
}

test_a_command_has_a_program_its_arguments_and_assignments if {
	example.command(["A=1", "/usr/bin/env", "B=2"]) == {
		"name": "env",
		"program": {"text": "/usr/bin/env", "value": "/usr/bin/env"},
		"arguments": [{"text": "B=2", "value": "B=2"}],
		"assignments": [{"name": "A", "text": "1", "value": "1"}],
	}
	example.setting("A", "?$B") == {"arguments": [], "assignments": [{"name": "A", "text": "$B"}]}
	example.piped(["sh"], 0).pipe_from == 0
}

test_a_line_is_divided_into_commands if {
	[command.name | some command in example.run("a && b | c").commands] == ["a", "b", "c"]
	[command.name | some command in example.start("CMD", "a -b").commands] == ["a"]
}

test_instructions_with_one_word if {
	example.workdir("/src") == {"keyword": "WORKDIR", "argument": {"text": "/src", "value": "/src"}}
	example.user("root") == {"keyword": "USER", "argument": {"text": "root", "value": "root"}}
}

test_flags_of_an_instruction if {
	example.copy_with(["a"], "/", ["from=b=c"]).flags == [{"name": "from", "text": "b=c", "value": "b=c"}]
	example.copy_from(1, ["a"], "/").from_stage == 1
	example.add(["a"], "/", []).keyword == "ADD"
	example.onbuild(example.user("root")).onbuild
}

test_declarations_with_and_without_a_value if {
	example.declare("ARG", [["A"], ["B", "1"], ["C", "1", "$B"]]).assignments == [
		{"name": "A"},
		{"name": "B", "text": "1", "value": "1"},
		{"name": "C", "text": "$B", "value": "1"},
	]
	example.declare_telling("ENV", [["A", "1"]]).assignments == [{"name": "A", "text": "1", "value": "1", "telling": true}]
}
