package policies.dockerfile["go-install-unpinned_test"]

import data.policies.dockerfile["go-install-unpinned"] as rule
import data.policies.lib.dockerfile_example as example

test_deny_latest if {
	path := ["stages", 0, "instructions", 0, "commands", 1, "arguments", 2]
	message := "go install takes golang.org/x/tools/cmd/stringer@latest"
	document := example.single("golang:1.25", [example.run(concat(" && ", [
		"go mod download",
		"go install -v golang.org/x/tools/cmd/stringer@latest",
	]))])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_branch if {
	path := ["stages", 0, "instructions", 0, "commands", 0, "arguments", 1]
	message := "go install takes example.com/tool@master"
	document := example.single("golang:1.25", [example.run("go install example.com/tool@master")])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_run if {
	path := ["stages", 0, "instructions", 0, "commands", 0, "arguments", 1]
	message := "go run takes example.com/tool@latest"
	document := example.single("golang:1.25", [example.run("go run example.com/tool@latest generate")])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_get if {
	path := ["stages", 0, "instructions", 0, "commands", 0, "arguments", 1]
	message := "go get takes example.com/module@latest"
	document := example.single("golang:1.25", [example.run("go get example.com/module@latest")])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_builder if {
	path := ["stages", 0, "instructions", 0, "commands", 0, "arguments", 1]
	message := "go install takes example.com/tool@latest"
	document := example.file([
		{
			"from": "golang:1.25",
			"as": "build",
			"do": [example.run("go install example.com/tool@latest")],
		},
		{"from": "alpine:3.22", "do": []},
	])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_allow_version if {
	document := example.single("golang:1.25", [example.run("go install golang.org/x/tools/cmd/stringer@v0.38.0")])
	rule.deny == set() with input as document
}

test_allow_commit if {
	document := example.single("golang:1.25", [example.run("go install example.com/tool@3f2c1d9")])
	rule.deny == set() with input as document
}

test_allow_own_package if {
	document := example.single("golang:1.25", [example.run("go install ./cmd/app")])
	rule.deny == set() with input as document
}

test_allow_unknown if {
	document := example.single("golang:1.25", [
		example.declare("ARG", [["VERSION"]]),
		example.run_with("go install ?example.com/tool@${VERSION}", {"VERSION": null}, []),
	])
	rule.deny == set() with input as document
}

test_allow_other_program if {
	document := example.single("node:24", [example.run("npm install -g tool@latest && go list example.com/tool@latest")])
	rule.deny == set() with input as document
}
