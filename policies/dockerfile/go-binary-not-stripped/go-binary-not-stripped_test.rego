package policies.dockerfile["go-binary-not-stripped_test"]

import data.policies.dockerfile["go-binary-not-stripped"] as rule
import data.policies.lib.dockerfile_example as example

test_deny_no_flags if {
	path := ["stages", 0, "instructions", 2, "commands", 0]
	message := "go build leaves the symbol table in the program"
	document := example.file([
		{
			"from": "golang:1.25",
			"as": "build",
			"do": [
				example.workdir("/src"),
				example.copy(["."], "."),
				example.run("CGO_ENABLED=0 go build -o /out/app ./cmd/app"),
			],
		},
		{
			"from": "alpine:3.22",
			"do": [
				example.copy_from(0, ["/out/app"], "/app"),
				example.user("10001"),
				example.start("ENTRYPOINT", "/app"),
			],
		},
	])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_other_linker_flags if {
	path := ["stages", 0, "instructions", 2, "commands", 0]
	message := "go build leaves the symbol table in the program"
	document := example.file([
		{
			"from": "golang:1.25",
			"as": "build",
			"do": [
				example.workdir("/src"),
				example.copy(["."], "."),
				example.run_commands([example.command(["go", "build", "-ldflags=-X main.version=1", "-o", "/out/app", "./cmd/app"])], {}, []),
			],
		},
		{
			"from": "alpine:3.22",
			"do": [
				example.copy_from(0, ["/out/app"], "/app"),
				example.user("10001"),
				example.start("ENTRYPOINT", "/app"),
			],
		},
	])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_version_unknown if {
	path := ["stages", 0, "instructions", 3, "commands", 0]
	message := "go build leaves the symbol table in the program"
	document := example.file([
		{
			"from": "golang:1.25",
			"as": "build",
			"do": [
				example.workdir("/src"),
				example.copy(["."], "."),
				example.declare("ARG", [["VERSION"]]),
				example.run_commands([example.command(["go", "build", "?-ldflags=-X main.version=${VERSION}", "-o", "/out/app", "./cmd/app"])], {"VERSION": null}, []),
			],
		},
		{
			"from": "alpine:3.22",
			"do": [
				example.copy_from(0, ["/out/app"], "/app"),
				example.user("10001"),
				example.start("ENTRYPOINT", "/app"),
			],
		},
	])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_built_in_final_stage if {
	path := ["stages", 0, "instructions", 1, "commands", 0]
	message := "go install leaves the symbol table in the program"
	document := example.single("golang:1.25", [example.copy(["."], "."), example.run("go install ./cmd/app")])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_output_unknown if {
	path := ["stages", 0, "instructions", 2, "commands", 0]
	message := "go build leaves the symbol table in the program"
	document := example.file([
		{
			"from": "golang:1.25",
			"as": "build",
			"do": [
				example.workdir("/src"),
				example.copy(["."], "."),
				example.run("go build ."),
			],
		},
		{
			"from": "alpine:3.22",
			"do": [
				example.copy_from(0, ["/src/app"], "/app"),
				example.user("10001"),
				example.start("ENTRYPOINT", "/app"),
			],
		},
	])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_allow_stripped if {
	document := example.file([
		{
			"from": "golang:1.25",
			"as": "build",
			"do": [
				example.workdir("/src"),
				example.copy(["."], "."),
				example.run_commands([example.command(["go", "build", "-ldflags=-s -w", "-o", "/out/app", "./cmd/app"])], {}, []),
			],
		},
		{
			"from": "alpine:3.22",
			"do": [
				example.copy_from(0, ["/out/app"], "/app"),
				example.user("10001"),
				example.start("ENTRYPOINT", "/app"),
			],
		},
	])
	rule.deny == set() with input as document
}

test_allow_s_alone if {
	document := example.file([
		{
			"from": "golang:1.25",
			"as": "build",
			"do": [
				example.workdir("/src"),
				example.copy(["."], "."),
				example.run("go build -ldflags -s -o /out/app ./cmd/app"),
			],
		},
		{
			"from": "alpine:3.22",
			"do": [
				example.copy_from(0, ["/out/app"], "/app"),
				example.user("10001"),
				example.start("ENTRYPOINT", "/app"),
			],
		},
	])
	rule.deny == set() with input as document
}

test_allow_s_with_two_dashes if {
	document := example.file([
		{
			"from": "golang:1.25",
			"as": "build",
			"do": [
				example.workdir("/src"),
				example.copy(["."], "."),
				example.run("go build --ldflags=--s -o /out/app ./cmd/app"),
			],
		},
		{
			"from": "alpine:3.22",
			"do": [
				example.copy_from(0, ["/out/app"], "/app"),
				example.user("10001"),
				example.start("ENTRYPOINT", "/app"),
			],
		},
	])
	rule.deny == set() with input as document
}

test_allow_strip if {
	document := example.file([
		{
			"from": "golang:1.25",
			"as": "build",
			"do": [
				example.workdir("/src"),
				example.copy(["."], "."),
				example.run("go build -o /out/app ./cmd/app && strip /out/app"),
			],
		},
		{
			"from": "alpine:3.22",
			"do": [
				example.copy_from(0, ["/out/app"], "/app"),
				example.user("10001"),
				example.start("ENTRYPOINT", "/app"),
			],
		},
	])
	rule.deny == set() with input as document
}

test_allow_upx if {
	document := example.file([
		{
			"from": "golang:1.25",
			"as": "build",
			"do": [
				example.workdir("/src"),
				example.copy(["."], "."),
				example.run("go build -o /out/app ./cmd/app && upx /out/app"),
			],
		},
		{
			"from": "alpine:3.22",
			"do": [
				example.copy_from(0, ["/out/app"], "/app"),
				example.user("10001"),
				example.start("ENTRYPOINT", "/app"),
			],
		},
	])
	rule.deny == set() with input as document
}

test_allow_goflags if {
	document := example.file([
		{
			"from": "golang:1.25",
			"as": "build",
			"do": [
				example.workdir("/src"),
				example.copy(["."], "."),
				example.declare("ENV", [["GOFLAGS", "-ldflags=-s"]]),
				example.run_with("go build -o /out/app ./cmd/app", {"GOFLAGS": "-ldflags=-s"}, []),
			],
		},
		{
			"from": "alpine:3.22",
			"do": [
				example.copy_from(0, ["/out/app"], "/app"),
				example.user("10001"),
				example.start("ENTRYPOINT", "/app"),
			],
		},
	])
	rule.deny == set() with input as document
}

test_allow_goflags_unknown if {
	document := example.file([
		{
			"from": "golang:1.25",
			"as": "build",
			"do": [
				example.workdir("/src"),
				example.copy(["."], "."),
				example.declare("ARG", [["GOFLAGS"]]),
				example.run_with("go build -o /out/app ./cmd/app", {"GOFLAGS": null}, []),
			],
		},
		{
			"from": "alpine:3.22",
			"do": [
				example.copy_from(0, ["/out/app"], "/app"),
				example.user("10001"),
				example.start("ENTRYPOINT", "/app"),
			],
		},
	])
	rule.deny == set() with input as document
}

test_allow_linker_flags_unknown if {
	document := example.file([
		{
			"from": "golang:1.25",
			"as": "build",
			"do": [
				example.workdir("/src"),
				example.copy(["."], "."),
				example.declare("ARG", [["LDFLAGS"]]),
				example.run_with("go build ?-ldflags=${LDFLAGS} -o /out/app ./cmd/app", {"LDFLAGS": null}, []),
			],
		},
		{
			"from": "alpine:3.22",
			"do": [
				example.copy_from(0, ["/out/app"], "/app"),
				example.user("10001"),
				example.start("ENTRYPOINT", "/app"),
			],
		},
	])
	rule.deny == set() with input as document
}

test_allow_flags_unknown if {
	document := example.file([
		{
			"from": "golang:1.25",
			"as": "build",
			"do": [
				example.workdir("/src"),
				example.copy(["."], "."),
				example.declare("ARG", [["FLAGS"]]),
				example.run_with("go build ?${FLAGS} -o /out/app ./cmd/app", {"FLAGS": null}, []),
			],
		},
		{
			"from": "alpine:3.22",
			"do": [
				example.copy_from(0, ["/out/app"], "/app"),
				example.user("10001"),
				example.start("ENTRYPOINT", "/app"),
			],
		},
	])
	rule.deny == set() with input as document
}

test_allow_not_in_final_image if {
	document := example.file([
		{
			"from": "golang:1.25",
			"as": "build",
			"do": [
				example.workdir("/src"),
				example.copy(["."], "."),
				example.run("go build -o /out/tool ./cmd/tool"),
			],
		},
		{
			"from": "alpine:3.22",
			"do": [
				example.copy_from(0, ["/out/app"], "/app"),
				example.user("10001"),
				example.start("ENTRYPOINT", "/app"),
			],
		},
	])
	rule.deny == set() with input as document
}

test_allow_stage_not_used if {
	document := example.file([
		{"from": "golang:1.25", "as": "build", "do": [example.run("go build -o /out/app ./cmd/app")]},
		{"from": "alpine:3.22", "do": [example.user("10001")]},
	])
	rule.deny == set() with input as document
}
