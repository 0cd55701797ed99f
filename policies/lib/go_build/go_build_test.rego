package policies.lib.go_build_test

import data.policies.lib.dockerfile_example as example
import data.policies.lib.go_build

programs := [[found.command.arguments[0].value, found.path[1]] | some found in go_build.builds]

test_a_build_in_the_final_stage_or_its_ancestors_reaches_the_final_image if {
	document := example.file([
		{"from": "golang:1.25", "as": "build", "do": [example.run("go install .")]},
		{"from": "build", "do": [example.run("go build -o app .")]},
	])
	programs == [["install", 0], ["build", 1]] with input as document
}

test_other_commands_of_go_build_nothing_that_stays if {
	document := example.single("golang:1.25", [example.run("go test ./... && go mod download && cargo build")])
	programs == [] with input as document
}

# What reaches a final image that copies sources out of the stage where a command runs.
_copied(line, sources) := found if {
	document := example.file([
		{"from": "golang:1.25", "as": "build", "do": [example.run(line)]},
		{"from": "alpine:3.22", "do": [example.copy_from(0, sources, "/usr/bin/")]},
	])
	found := programs with input as document
}

test_a_program_is_copied_by_its_name_its_path_or_its_folder if {
	_copied("go build ./cmd/server", ["/src/server"]) == [["build", 0]]
	every source in ["/src/app", "/out/app", "/out/", "/out", "out/../app"] {
		_copied("go build -o /out/app .", [source]) == [["build", 0]]
	}
	every source in ["/out/app", "/out/bin/app"] {
		_copied("go build -o /out/ ./cmd/app", [source]) == [["build", 0]]
	}
	every source in ["/go/bin/tool", "/go/bin", "./tool"] {
		_copied("go install example.com/team/tool@v1.2.3", [source]) == [["install", 0]]
	}
}

test_a_program_that_is_not_among_what_is_copied_stays_behind if {
	_copied("go install example.com/team/tool@v1.2.3", ["/usr/bin/other"]) == []
	_copied("go build ./cmd/server", ["/src/client"]) == []
	_copied("go build -o /out/ ./cmd/app", ["/etc/app"]) == []
	every source in ["/src/other", "/etc/passwd", "/outside/", "/out/application"] {
		_copied("go build -o /out/app .", [source]) == []
	}
}

test_what_cannot_be_known_may_be_the_program if {
	_copied("go build -o /out/app .", ["?$PROGRAM"]) == [["build", 0]]
	every source in ["/src/*", "/", "/out/ap?"] {
		_copied("go build -o /out/app .", [source]) == [["build", 0]]
	}
}

test_a_program_without_a_written_name_may_be_anything_but_a_file_of_another_kind if {
	every line in ["go build .", "go build ./...", "go build -o= ./...", "go build", "go build server", "go build ./1st"] {
		_copied(line, ["/src/server"]) == [["build", 0]]
		_copied(line, ["/etc/ssl/certs/ca-certificates.crt"]) == []
		_copied(line, ["/usr/share/zoneinfo"]) == []
		_copied(line, ["/src/web/index.html"]) == []
	}
}

test_only_a_copy_out_of_the_stage_that_builds_counts if {
	every copied in [
		example.copy(["/out/app"], "/usr/bin/"),
		example.copy_from(1, ["/out/app"], "/usr/bin/"),
	] {
		programs == [] with input as example.file([
			{"from": "golang:1.25", "do": [example.run("go build -o /out/app .")]},
			{"from": "alpine:3.22", "do": []},
			{"from": "alpine:3.22", "do": [copied]},
		])
	}
}

test_a_copy_out_of_a_descendant_of_the_stage_that_builds_counts if {
	programs == [["build", 0]] with input as example.file([
		{"from": "golang:1.25", "as": "build", "do": [example.run("go build -o /out/app .")]},
		{"from": "build", "as": "tested", "do": []},
		{"from": "alpine:3.22", "do": [example.copy_from(1, ["/out/app"], "/usr/bin/")]},
	])
}

_stripped := [go_build.is_stripped(found) | some found in go_build.builds]

test_flags_of_the_linker_strip_a_program if {
	every line in ["go build -ldflags=-s .", "go build -ldflags '-s .", "go build -ldflags=-X=main.version=1 -ldflags=--s ."] {
		_stripped == [true] with input as example.single("golang:1.25", [example.run(line)])
	}
	every flags in ["-ldflags=-s", "-ldflags='-w -s'"] {
		document := example.single("golang:1.25", [example.run_with("go build .", {"GOFLAGS": flags}, [])])
		_stripped == [true] with input as document
	}
}

test_other_flags_of_the_linker_do_not_strip_a_program if {
	every line in ["go build .", "go build -ldflags=-w .", "go build -ldflags=-static .", "go build -o app-s ."] {
		_stripped == [] with input as example.single("golang:1.25", [example.run(line)])
	}
}

test_a_program_of_its_own_strips_what_was_built if {
	_stripped == [] with input as example.single("golang:1.25", [example.run("go build . && stripes app")])
	every line in ["strip app", "x86_64-linux-musl-strip app", "upx app"] {
		_stripped == [true] with input as example.single("golang:1.25", [example.run("go build ."), example.run(line)])
	}
}

test_a_program_may_be_stripped_in_the_final_stage if {
	document := example.file([
		{"from": "golang:1.25", "do": [example.run("go build -o /out/app .")]},
		{"from": "alpine:3.22", "do": [example.copy_from(0, ["/out/app"], "/app"), example.run("strip /app")]},
	])
	_stripped == [true] with input as document
}

test_a_program_that_is_stripped_in_a_stage_without_it_keeps_its_symbols if {
	document := example.file([
		{"from": "alpine:3.22", "do": [example.run("strip /app")]},
		{"from": "golang:1.25", "do": [example.run("go build .")]},
	])
	_stripped == [] with input as document
}
