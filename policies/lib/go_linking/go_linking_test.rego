package policies.lib.go_linking_test

import data.policies.lib.dockerfile
import data.policies.lib.dockerfile_example as example
import data.policies.lib.go_linking

_build(image, runs) := example.single(image, runs)

_dynamic := [found.command.arguments[0].value |
	some found in dockerfile.all_commands
	found.command.arguments[0].value == "build"
	go_linking.links_dynamically(found)
]

_images := [go_linking.image_of(found) | some found in dockerfile.all_commands]

test_cgo_is_on_where_there_is_a_compiler if {
	every document in [
		_build("golang:1.25", [example.run("go build .")]),
		_build("golang:1.25-alpine", [example.run("apk add gcc"), example.run("go build .")]),
		_build("golang:1.25", [example.run_with("go build .", {"GOOS": "linux", "GOARCH": "amd64"}, [])]),
		_build("golang:1.25", [example.run("go build -tags netgo .")]),
	] {
		_dynamic == ["build"] with input as document
	}
}

test_what_is_set_later_for_another_program_or_only_said_leaves_it_on if {
	every document in [
		_build("golang:1.25", [example.run("go build ."), example.run("go env -w CGO_ENABLED=0")]),
		_build("golang:1.25", [example.run("cargo env -w CGO_ENABLED=0"), example.run("go build .")]),
		_build("golang:1.25", [example.run("go env -w CGO_ENABLED=1"), example.run("go build .")]),
		_build("golang:1.25", [example.run("go run . CGO_ENABLED=0"), example.run("go build .")]),
	] {
		_dynamic == ["build"] with input as document
	}
}

test_what_switches_it_off if {
	every document in [
		_build("golang:1.25-alpine", [example.run("go build .")]),
		_build("golang:1.25-alpine", [example.run("apk add curl"), example.run("go build .")]),
		_build("golang:1.25-alpine", [example.run("go build ."), example.run("apk add gcc")]),
		_build("golang:1.25", [example.run("CGO_ENABLED=0 go build .")]),
		_build("golang:1.25", [example.run("go env -w CGO_ENABLED=0"), example.run("go build .")]),
		_build("golang:1.25", [example.run("go build -ldflags=-extldflags=-static .")]),
		_build("golang:1.25", [example.run("go build -tags=netgo,osusergo .")]),
		_build("golang:1.25", [example.run_with("go build .", {"GOOS": "darwin"}, [])]),
		_build("golang:1.25", [example.run_with("go build .", {"GOARCH": "mips"}, [])]),
		_build("golang:1.25", [example.run_with("go build .", {"GOFLAGS": null}, [])]),
	] {
		_dynamic == [] with input as document
	}
}

test_the_image_of_a_command if {
	document := example.file([
		{"from": "golang:1.25", "as": "base", "do": []},
		{"from": "base", "do": [example.run("go build .")]},
	])
	_images == ["golang:1.25"] with input as document
}

test_foreign_loaders if {
	every instruction in [
		example.run("apk add gcompat"),
		example.copy(["/lib64/ld-linux-x86-64.so.2"], "/lib64/"),
		example.run("ln -s /lib/libc.musl-x86_64.so.1 /lib64/ld-linux-x86-64.so.2"),
	] {
		go_linking.has_foreign_loader with input as example.single("alpine:3.22", [instruction])
	}
}

test_no_foreign_loader if {
	not go_linking.has_foreign_loader with input as example.single("alpine:3.22", [example.run("apk add gcc")])
}
