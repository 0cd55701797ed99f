package policies.lib.go_flags_test

import data.policies.lib.dockerfile_example as example
import data.policies.lib.go_flags

found(line, environment) := {
	"command": example.command(split(line, " ")),
	"run": example.run_with(line, environment, []),
}

test_values_of_flags if {
	every line in ["go build -o app .", "go build -o=app .", "go build --o app", "go build '-o=app'", `go build -o="app"`] {
		go_flags.flag(example.command(split(line, " ")), "o") == "app"
	}
}

test_the_last_of_several_flags_counts if {
	every line in ["go build -o a -o b", "go build -o=a --o=b", "go build -o=a -o b", "go build -o a -o=b"] {
		go_flags.flag(example.command(split(line, " ")), "o") == "b"
	}
}

test_no_such_flag if not go_flags.flag(example.command(["go", "build", "-v", "o"]), "o")

test_linker_flags_of_the_command_and_of_the_environment if {
	go_flags.linker_flags(found("go build -ldflags=-s", {"GOFLAGS": "-ldflags=-w"})) == "-s -ldflags=-w"
	go_flags.linker_flags(found("go build", {"GOFLAGS": null})) == ""
}

test_flags_that_cannot_be_known if {
	every case in [
		["go build", {"GOFLAGS": null}],
		["go build ?$FLAGS .", {}],
		["go build -ldflags=$FLAGS .", {}],
		["go build -ldflags ?$FLAGS .", {}],
		["go build ?\"$FLAGS\" .", {}],
	] {
		go_flags.has_unknown_flags(found(case[0], case[1]))
	}
}

test_flags_that_are_known if {
	every line in ["go build -o ?$NAME .", "go build -ldflags=-s ?./$FOLDER", "go build $FLAGS ."] {
		not go_flags.has_unknown_flags(found(line, {"GOFLAGS": "-v"}))
	}
}
