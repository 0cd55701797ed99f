package policies.dockerfile["go-install-unpinned_test"]

import data.policies.dockerfile["go-install-unpinned"] as rule
import data.policies.lib.dockerfile_example as example

test_deny_latest if {
	rule.deny == {
		{
			"path": ["stages", 0, "instructions", 0, "commands", 1, "arguments", 2],
			"message": "go install takes golang.org/x/tools/cmd/stringer@latest",
		},
	} with input as example.single("golang:1.25", [
		example.run("go mod download && go install -v golang.org/x/tools/cmd/stringer@latest"),
	])
}

test_deny_branch if {
	rule.deny == {
		{
			"path": ["stages", 0, "instructions", 0, "commands", 0, "arguments", 1],
			"message": "go install takes example.com/tool@master",
		},
	} with input as example.single("golang:1.25", [example.run("go install example.com/tool@master")])
}

test_deny_run if {
	rule.deny == {
		{
			"path": ["stages", 0, "instructions", 0, "commands", 0, "arguments", 1],
			"message": "go run takes example.com/tool@latest",
		},
	} with input as example.single("golang:1.25", [example.run("go run example.com/tool@latest generate")])
}

test_deny_get if {
	rule.deny == {
		{
			"path": ["stages", 0, "instructions", 0, "commands", 0, "arguments", 1],
			"message": "go get takes example.com/module@latest",
		},
	} with input as example.single("golang:1.25", [example.run("go get example.com/module@latest")])
}

test_deny_builder if {
	rule.deny == {
		{
			"path": ["stages", 0, "instructions", 0, "commands", 0, "arguments", 1],
			"message": "go install takes example.com/tool@latest",
		},
	} with input as example.file([
		{
			"from": "golang:1.25",
			"as": "build",
			"do": [example.run("go install example.com/tool@latest")],
		},
		{"from": "alpine:3.22", "do": []},
	])
}

test_allow_version if {
	rule.deny == set() with input as example.single("golang:1.25", [example.run("go install golang.org/x/tools/cmd/stringer@v0.38.0")])
}

test_allow_commit if {
	rule.deny == set() with input as example.single("golang:1.25", [example.run("go install example.com/tool@3f2c1d9")])
}

test_allow_own_package if {
	rule.deny == set() with input as example.single("golang:1.25", [example.run("go install ./cmd/app")])
}

test_allow_unknown if {
	rule.deny == set() with input as example.single("golang:1.25", [
		example.declare("ARG", [["VERSION"]]),
		example.run_with("go install ?example.com/tool@${VERSION}", {"VERSION": null}, []),
	])
}

test_allow_other_program if {
	rule.deny == set() with input as example.single("node:24", [
		example.run("npm install -g tool@latest && go list example.com/tool@latest"),
	])
}
