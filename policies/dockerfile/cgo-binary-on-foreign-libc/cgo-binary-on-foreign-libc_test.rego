# regal ignore:file-length
package policies.dockerfile["cgo-binary-on-foreign-libc_test"]

import data.policies.dockerfile["cgo-binary-on-foreign-libc"] as rule
import data.policies.lib.dockerfile_example as example

test_deny_debian_to_alpine if {
	path := ["stages", 0, "instructions", 2, "commands", 0]
	message := "program linked to glibc may not start on alpine:3.22, which has musl"
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
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_alpine_with_compiler_to_debian if {
	path := ["stages", 0, "instructions", 3, "commands", 0]
	message := "program linked to musl may not start on debian:13-slim, which has glibc"
	document := example.file([
		{
			"from": "golang:1.25-alpine",
			"as": "build",
			"do": [
				example.workdir("/src"),
				example.copy(["."], "."),
				example.run("apk add --no-cache gcc musl-dev"),
				example.run("go build -ldflags=-s -o /out/app ./cmd/app"),
			],
		},
		{
			"from": "debian:13-slim",
			"do": [
				example.copy_from(0, ["/out/app"], "/app"),
				example.user("10001"),
				example.start("ENTRYPOINT", "/app"),
			],
		},
	])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_switched_on if {
	path := ["stages", 0, "instructions", 2, "commands", 0]
	message := "program linked to glibc may not start on alpine:3.22, which has musl"
	document := example.file([
		{
			"from": "golang:1.25",
			"as": "build",
			"do": [
				example.workdir("/src"),
				example.copy(["."], "."),
				example.run("CGO_ENABLED=1 go build -ldflags=-s -o /out/app ./cmd/app"),
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

test_deny_install if {
	path := ["stages", 0, "instructions", 2, "commands", 0]
	message := "program linked to glibc may not start on alpine:3.22, which has musl"
	document := example.file([
		{
			"from": "golang:1.25",
			"as": "build",
			"do": [
				example.workdir("/src"),
				example.copy(["."], "."),
				example.run("go install ./cmd/app"),
			],
		},
		{
			"from": "alpine:3.22",
			"do": [
				example.copy_from(0, ["/go/bin/app"], "/app"),
				example.user("10001"),
				example.start("ENTRYPOINT", "/app"),
			],
		},
	])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_linux_by_name if {
	path := ["stages", 0, "instructions", 2, "commands", 0]
	message := "program linked to glibc may not start on alpine:3.22, which has musl"
	document := example.file([
		{
			"from": "golang:1.25",
			"as": "build",
			"do": [
				example.workdir("/src"),
				example.copy(["."], "."),
				example.run("GOOS=linux GOARCH=amd64 go build -ldflags=-s -o /out/app ./cmd/app"),
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

test_deny_netgo_alone if {
	path := ["stages", 0, "instructions", 2, "commands", 0]
	message := "program linked to glibc may not start on alpine:3.22, which has musl"
	document := example.file([
		{
			"from": "golang:1.25",
			"as": "build",
			"do": [
				example.workdir("/src"),
				example.copy(["."], "."),
				example.run("go build -tags netgo -ldflags=-s -o /out/app ./cmd/app"),
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

test_deny_builder_by_number if {
	path := ["stages", 0, "instructions", 2, "commands", 0]
	message := "program linked to glibc may not start on alpine:3.22, which has musl"
	document := example.file([
		{
			"from": "golang:1.25",
			"do": [
				example.workdir("/src"),
				example.copy(["."], "."),
				example.run("go build -ldflags=-s -o /out/app ./cmd/app"),
			],
		},
		{"from": "alpine:3.22", "do": [example.copy_from(0, ["/out/app"], "/app")]},
	])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_whole_folder if {
	path := ["stages", 0, "instructions", 2, "commands", 0]
	message := "program linked to glibc may not start on alpine:3.22, which has musl"
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
				example.copy_from(0, ["/out/"], "/"),
				example.user("10001"),
				example.start("ENTRYPOINT", "/app"),
			],
		},
	])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_allow_same_libc if {
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
			"from": "debian:13-slim",
			"do": [
				example.copy_from(0, ["/out/app"], "/app"),
				example.user("10001"),
				example.start("ENTRYPOINT", "/app"),
			],
		},
	])
	rule.deny == set() with input as document
}

test_allow_switched_off_before if {
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

test_allow_switched_off_in_environment if {
	document := example.file([
		{
			"from": "golang:1.25",
			"as": "build",
			"do": [
				example.workdir("/src"),
				example.copy(["."], "."),
				example.declare("ENV", [["CGO_ENABLED", "0"]]),
				example.run_with("go build -ldflags=-s -o /out/app ./cmd/app", {"CGO_ENABLED": "0"}, []),
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

test_allow_switched_off_by_go if {
	document := example.file([
		{
			"from": "golang:1.25",
			"as": "build",
			"do": [
				example.workdir("/src"),
				example.copy(["."], "."),
				example.run("go env -w CGO_ENABLED=0 && go build -ldflags=-s -o /out/app ./cmd/app"),
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

test_allow_switch_unknown if {
	document := example.file([
		{
			"from": "golang:1.25",
			"as": "build",
			"do": [
				example.workdir("/src"),
				example.copy(["."], "."),
				example.declare("ARG", [["CGO_ENABLED"]]),
				example.run_with("go build -ldflags=-s -o /out/app ./cmd/app", {"CGO_ENABLED": null}, []),
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
			"from": "debian:13-slim",
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
				example.run("go build -tags netgo,osusergo -ldflags=-s -o /out/app ./cmd/app"),
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

test_allow_static_linker_flags if {
	document := example.file([
		{
			"from": "golang:1.25",
			"as": "build",
			"do": [
				example.workdir("/src"),
				example.copy(["."], "."),
				example.run_commands([example.command(["go", "build", "-ldflags=-s -extldflags \"-static\"", "-o", "/out/app", "./cmd/app"])], {}, []),
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

test_allow_static_by_goflags if {
	document := example.file([
		{
			"from": "golang:1.25",
			"as": "build",
			"do": [
				example.workdir("/src"),
				example.copy(["."], "."),
				example.declare("ENV", [["GOFLAGS", "-ldflags=-extldflags=-static"]]),
				example.run_with("go build -ldflags=-s -o /out/app ./cmd/app", {"GOFLAGS": "-ldflags=-extldflags=-static"}, []),
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
				example.run_with("go build ?$FLAGS -o /out/app ./cmd/app", {"FLAGS": null}, []),
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
				example.run_with("go build -ldflags=-s -o /out/app ./cmd/app", {"GOFLAGS": null}, []),
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

test_allow_other_system if {
	document := example.file([
		{
			"from": "golang:1.25",
			"as": "build",
			"do": [
				example.workdir("/src"),
				example.copy(["."], "."),
				example.run("GOOS=windows go build -ldflags=-s -o /out/app ./cmd/app"),
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

test_allow_other_processor if {
	document := example.file([
		{
			"from": "golang:1.25",
			"as": "build",
			"do": [
				example.workdir("/src"),
				example.copy(["."], "."),
				example.run("GOARCH=arm go build -ldflags=-s -o /out/app ./cmd/app"),
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

test_allow_gcompat if {
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
				example.run("apk add --no-cache gcompat"),
				example.user("10001"),
				example.start("ENTRYPOINT", "/app"),
			],
		},
	])
	rule.deny == set() with input as document
}

test_allow_compatibility_package if {
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
				example.run("apk add --no-cache libc6-compat"),
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
			"from": "alpine:3.22",
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

test_allow_loader_linked if {
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
				example.run(concat(" && ", [
					"mkdir /lib64",
					"ln -s /lib/libc.musl-x86_64.so.1 /lib64/ld-linux-x86-64.so.2",
				])),
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

test_allow_program_not_copied if {
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
				example.copy_from(0, ["/etc/ssl/certs/ca-certificates.crt"], "/etc/ssl/certs/"),
				example.user("10001"),
				example.start("ENTRYPOINT", "/app"),
			],
		},
	])
	rule.deny == set() with input as document
}

test_allow_base_unknown if {
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
			"from": "registry.example.com/runtime:4",
			"do": [
				example.copy_from(0, ["/out/app"], "/app"),
				example.user("10001"),
				example.start("ENTRYPOINT", "/app"),
			],
		},
	])
	rule.deny == set() with input as document
}

test_allow_no_libc_at_all if {
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
	rule.deny == set() with input as document
}
