package policies.lib.environments_test

import data.policies.lib.environments

_file(source, stem, environment, local) := {
	"id": source,
	"kind": "env",
	"source": source,
	"facts": [
		{
			"type": "env-file", "path": [], "name": source, "stem": stem, "environment": environment,
			"example": false, "local": local,
		},
		{"type": "key", "path": ["entries", 2], "key": "A"},
		{"type": "key", "path": ["entries", 1], "key": "A"},
		{"type": "secret", "path": ["entries", 1, "value"], "key": "B"},
		{"type": "other", "path": [], "name": "x", "stem": "x", "environment": "", "example": false, "local": false},
	],
}

_member(source, environment, rank) := {
	"id": source, "name": source, "environment": environment, "rank": rank, "example": false,
	"keys": {"A": ["entries", 1]},
}

test_files_are_grouped_by_folder_and_stem if {
	environments.groups == [
		[_member(".env", "", 4)],
		[
			_member("a/b/production", "production", 0),
			_member("a/b/staging", "staging", 1),
			_member("a/b/preview", "preview", 2),
			_member("a/b/development", "development", 3),
		],
		[_member("a/b/web", "production", 0)],
	] with input as {"documents": [
		_file(".env", "", "", false),
		_file("a/b/production", "api", "production", false),
		_file("a/b/staging", "api", "staging", false),
		_file("a/b/preview", "api", "preview", false),
		_file("a/b/development", "api", "development", false),
		_file("a/b/test", "api", "test", false),
		_file("a/b/local", "api", "production", true),
		_file("a/b/web", "web", "production", false),
		{"id": "", "kind": "tree", "source": "", "facts": []},
	]}
}
