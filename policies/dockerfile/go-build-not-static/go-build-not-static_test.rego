package policies.dockerfile["go-build-not-static_test"]

import data.policies.dockerfile["go-build-not-static"] as rule
import data.policies.lib.dockerfile_example as example

test_deny_scratch if {
	path := ["stages", 0, "instructions", 2, "commands", 0]
	message := "program built with CGO may not start on scratch, which has no C library"
	document := example.file([
		{
			"from": "golang:1.25",
			"as": "build",
			"do": [
				example.workdir("/src"),
				example.copy(["."], "."),
				example.run("go build -ldflags=-s -o /out/app ./cmd/app"),
			],
		},
		{
			"from": "scratch",
			"do": [
				example.copy_from(0, ["/out/app"], "/app"),
				example.user("10001"),
				example.start("ENTRYPOINT", "/app"),
			],
		},
	])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_distroless_static if {
	path := ["stages", 0, "instructions", 2, "commands", 0]
	message := "program built with CGO may not start on gcr.io/distroless/static-debian12:nonroot, which has no C library"
	document := example.file([
		{
			"from": "golang:1.25",
			"as": "build",
			"do": [
				example.workdir("/src"),
				example.copy(["."], "."),
				example.run("go build -ldflags=-s -o /out/app ./cmd/app"),
			],
		},
		{
			"from": "gcr.io/distroless/static-debian12:nonroot",
			"do": [
				example.copy_from(0, ["/out/app"], "/app"),
				example.user("10001"),
				example.start("ENTRYPOINT", "/app"),
			],
		},
	])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_alpine_with_compiler if {
	path := ["stages", 0, "instructions", 3, "commands", 0]
	message := "program built with CGO may not start on scratch, which has no C library"
	document := example.file([
		{
			"from": "golang:1.25-alpine",
			"as": "build",
			"do": [
				example.workdir("/src"),
				example.copy(["."], "."),
				example.run("apk add --no-cache build-base"),
				example.run("go build -ldflags=-s -o /out/app ./cmd/app"),
			],
		},
		{
			"from": "scratch",
			"do": [
				example.copy_from(0, ["/out/app"], "/app"),
				example.user("10001"),
				example.start("ENTRYPOINT", "/app"),
			],
		},
	])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_allow_switched_off if {
	document := example.file([
		{
			"from": "golang:1.25",
			"as": "build",
			"do": [
				example.workdir("/src"),
				example.copy(["."], "."),
				example.run("CGO_ENABLED=0 go build -ldflags=-s -o /out/app ./cmd/app"),
			],
		},
		{
			"from": "scratch",
			"do": [
				example.copy_from(0, ["/out/app"], "/app"),
				example.user("10001"),
				example.start("ENTRYPOINT", "/app"),
			],
		},
	])
	rule.deny == set() with input as document
}

test_allow_distroless_base if {
	document := example.file([
		{
			"from": "golang:1.25",
			"as": "build",
			"do": [
				example.workdir("/src"),
				example.copy(["."], "."),
				example.run("go build -ldflags=-s -o /out/app ./cmd/app"),
			],
		},
		{
			"from": "gcr.io/distroless/base-debian12:nonroot",
			"do": [
				example.copy_from(0, ["/out/app"], "/app"),
				example.user("10001"),
				example.start("ENTRYPOINT", "/app"),
			],
		},
	])
	rule.deny == set() with input as document
}

test_allow_alpine_without_compiler if {
	document := example.file([
		{
			"from": "golang:1.25-alpine",
			"as": "build",
			"do": [
				example.workdir("/src"),
				example.copy(["."], "."),
				example.run("go build -ldflags=-s -o /out/app ./cmd/app"),
			],
		},
		{
			"from": "scratch",
			"do": [
				example.copy_from(0, ["/out/app"], "/app"),
				example.user("10001"),
				example.start("ENTRYPOINT", "/app"),
			],
		},
	])
	rule.deny == set() with input as document
}

test_allow_static_linker_flags if {
	document := example.file([
		{
			"from": "golang:1.25",
			"as": "build",
			"do": [
				example.workdir("/src"),
				example.copy(["."], "."),
				example.run_commands([example.command(["go", "build", "-ldflags=-linkmode external -extldflags \"-static\"", "-o", "/out/app", "./cmd/app"])], {}, []),
			],
		},
		{
			"from": "scratch",
			"do": [
				example.copy_from(0, ["/out/app"], "/app"),
				example.user("10001"),
				example.start("ENTRYPOINT", "/app"),
			],
		},
	])
	rule.deny == set() with input as document
}

test_allow_pure_tags if {
	document := example.file([
		{
			"from": "golang:1.25",
			"as": "build",
			"do": [
				example.workdir("/src"),
				example.copy(["."], "."),
				example.run("go build -tags=netgo,osusergo -ldflags=-s -o /out/app ./cmd/app"),
			],
		},
		{
			"from": "scratch",
			"do": [
				example.copy_from(0, ["/out/app"], "/app"),
				example.user("10001"),
				example.start("ENTRYPOINT", "/app"),
			],
		},
	])
	rule.deny == set() with input as document
}

test_allow_loader_copied if {
	document := example.file([
		{
			"from": "golang:1.25",
			"as": "build",
			"do": [
				example.workdir("/src"),
				example.copy(["."], "."),
				example.run("go build -ldflags=-s -o /out/app ./cmd/app"),
			],
		},
		{
			"from": "scratch",
			"do": [
				example.copy_from(0, ["/out/app"], "/app"),
				example.copy_from(0, ["/lib64/ld-linux-x86-64.so.2"], "/lib64/"),
				example.user("10001"),
				example.start("ENTRYPOINT", "/app"),
			],
		},
	])
	rule.deny == set() with input as document
}

test_allow_built_by_make if {
	document := example.file([
		{
			"from": "golang:1.25",
			"as": "build",
			"do": [
				example.workdir("/src"),
				example.copy(["."], "."),
				example.run("make app"),
			],
		},
		{
			"from": "scratch",
			"do": [
				example.copy_from(0, ["/out/app"], "/app"),
				example.user("10001"),
				example.start("ENTRYPOINT", "/app"),
			],
		},
	])
	rule.deny == set() with input as document
}

test_allow_foreign_libc if {
	document := example.file([
		{
			"from": "golang:1.25",
			"as": "build",
			"do": [
				example.workdir("/src"),
				example.copy(["."], "."),
				example.run("go build -ldflags=-s -o /out/app ./cmd/app"),
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
