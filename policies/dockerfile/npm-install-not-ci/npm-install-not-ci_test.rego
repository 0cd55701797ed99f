package policies.dockerfile["npm-install-not-ci_test"]

import data.policies.dockerfile["npm-install-not-ci"] as rule
import data.policies.lib.dockerfile_example as example

test_deny_lock_copied if {
	rule.deny == {
		{
			"path": ["stages", 0, "instructions", 1, "commands", 0, "arguments", 0],
			"message": "npm install is used although there is a lock file",
		},
	} with input as example.single("node:24", [
		example.copy(["package.json", "package-lock.json"], "./"),
		example.run("npm install --omit=dev"),
	])
}

test_deny_pattern if {
	rule.deny == {
		{
			"path": ["stages", 0, "instructions", 1, "commands", 0, "arguments", 2],
			"message": "npm install is used although there is a lock file",
		},
	} with input as example.single("node:24", [
		example.copy(["package*.json"], "./"),
		example.run("npm --prefix . i"),
	])
}

test_deny_shrinkwrap if {
	rule.deny == {
		{
			"path": ["stages", 0, "instructions", 1, "commands", 0, "arguments", 0],
			"message": "npm install is used although there is a lock file",
		},
	} with input as example.single("node:24", [
		example.copy(["web/package.json", "web/npm-shrinkwrap.json"], "./"),
		example.run("npm install"),
	])
}

test_allow_ci if {
	rule.deny == set() with input as example.single("node:24", [example.copy(["package*.json"], "./"), example.run("npm ci")])
}

test_allow_no_lock if {
	rule.deny == set() with input as example.single("node:24", [example.copy(["package.json"], "./"), example.run("npm install")])
}

test_allow_global if {
	rule.deny == set() with input as example.single("node:24", [
		example.copy(["package*.json"], "./"),
		example.run("npm install -g"),
	])
}

test_allow_package if {
	rule.deny == set() with input as example.single("node:24", [
		example.copy(["package*.json"], "./"),
		example.run("npm install express@5.1.0"),
	])
}

test_allow_package_unknown if {
	rule.deny == set() with input as example.single("node:24", [
		example.declare("ARG", [["PACKAGE"]]),
		example.copy(["package*.json"], "./"),
		example.run_with("npm install ?$PACKAGE", {"PACKAGE": null}, []),
	])
}

test_allow_lock_copied_later if {
	rule.deny == set() with input as example.single("node:24", [
		example.copy(["package.json"], "./"),
		example.run("npm install"),
		example.copy(["package-lock.json"], "./"),
	])
}

test_allow_yarn if {
	rule.deny == set() with input as example.single("node:24", [example.copy(["package*.json"], "./"), example.run("yarn install")])
}

test_allow_pattern_without_lock if {
	rule.deny == set() with input as example.file_in(
		[
			{
				"from": "node:24",
				"do": [example.copy(["package*.json"], "./"), example.run("npm install")],
			},
		],
		{"known": true, "files": ["package.json"], "private_keys": []},
	)
}

test_allow_pattern_of_a_folder_without_lock if {
	rule.deny == set() with input as example.file_in(
		[
			{
				"from": "node:24",
				"do": [
					example.copy(["code/package*.json"], "./"),
					example.run("npm install"),
				],
			},
		],
		{"known": true, "files": ["code/package.json"], "private_keys": []},
	)
}

test_deny_named_folder_with_lock if {
	rule.deny == {
		{
			"path": ["stages", 0, "instructions", 1, "commands", 0, "arguments", 0],
			"message": "npm install is used although there is a lock file",
		},
	} with input as example.file_in(
		[
			{"from": "node:24", "do": [example.copy(["./web/"], "."), example.run("npm install")]},
		],
		{"known": true, "files": ["web/package-lock.json", "web/package.json"], "private_keys": []},
	)
}

test_deny_folder_with_lock if {
	rule.deny == {
		{
			"path": ["stages", 0, "instructions", 1, "commands", 0, "arguments", 0],
			"message": "npm install is used although there is a lock file",
		},
	} with input as example.file_in(
		[
			{"from": "node:24", "do": [example.copy(["."], "."), example.run("npm install")]},
		],
		{"known": true, "files": ["package-lock.json", "package.json"], "private_keys": []},
	)
}

test_allow_lock_not_copied if {
	rule.deny == set() with input as example.file_in(
		[
			{
				"from": "node:24",
				"do": [
					example.copy(["server.js", "package.json"], "./"),
					example.run("npm install"),
				],
			},
		],
		{"known": true, "files": ["package-lock.json", "package.json"], "private_keys": []},
	)
}
