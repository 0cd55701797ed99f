package policies.lib.dependencies_test

import data.policies.lib.dependencies
import data.policies.lib.dockerfile
import data.policies.lib.dockerfile_example as example

tools := [fetch.tool | some fetch in dependencies.first_fetches]

# How the only stage of a Dockerfile fetches, by the line of its RUN.
_tools(line) := found if found := tools with input as example.single("alpine", [example.run(line)])

test_commands_that_fetch_dependencies_are_called_by_program_and_subcommand if {
	every line, tool in {
		"go mod download": "go mod download",
		"go build ./...": "go build",
		"go test ./...": "go test",
		"npm ci --omit=dev": "npm ci",
		"npm --prefix web install": "npm install",
		"pnpm i": "pnpm i",
		"yarn": "yarn install",
		"yarn --frozen-lockfile": "yarn install",
		"pip3 install -r requirements.txt": "pip install",
		"python3 -m pip install --requirement requirements.txt": "pip install",
		"bundle install": "bundle install",
		"composer install --no-dev": "composer install",
		"dotnet restore": "dotnet restore",
		"pipenv sync": "pipenv sync",
		"poetry install": "poetry install",
		"uv sync --frozen": "uv sync",
	} {
		_tools(line) == [tool]
	}
}

test_commands_that_fetch_no_dependencies_of_the_source_are_left_out if {
	every line in [
		"go vet ./...",
		"go mod tidy",
		"go list download",
		"go install example.com/tool@v1.2.3",
		"npm install -g typescript",
		"npm --global install",
		"npm install express",
		"npm run build",
		"npm --version",
		"npm",
		"yarn --version",
		"yarn -v",
		"yarn build",
		"pip install flask",
		"pip download -r requirements.txt",
		"cat -r install",
		"bundle exec rake",
		"uv run install",
	] {
		_tools(line) == []
	}
}

test_the_first_command_of_each_ecosystem_counts if {
	document := example.single("alpine", [
		example.run("go mod download && npm ci"),
		example.run("go build ."),
		example.run("npm install"),
	])
	found := [[fetch.tool, fetch.path] | some fetch in dependencies.first_fetches] with input as document
	found == [
		["go mod download", ["stages", 0, "instructions", 0, "commands", 0]],
		["npm ci", ["stages", 0, "instructions", 0, "commands", 1]],
	]
}

test_what_an_ancestor_has_fetched_is_not_fetched_again if {
	document := example.file([
		{"from": "golang", "as": "build", "do": [example.run("go mod download")]},
		{"from": "build", "do": [example.run("go build .")]},
	])
	tools == ["go mod download"] with input as document
}

test_stages_that_do_not_descend_from_each_other_fetch_each_for_itself if {
	document := example.file([
		{"from": "golang", "do": [example.run("go mod download")]},
		{"from": "golang", "do": [example.run("go build .")]},
	])
	tools == ["go mod download", "go build"] with input as document
}

_with_files(files, line) := found if {
	context := {"known": true, "files": files, "private_keys": []}
	found := tools with input as example.file_in([{"from": "golang", "do": [example.run(line)]}], context)
}

test_vendored_modules_are_not_fetched if {
	_with_files(["go.mod", "go.sum", "vendor/modules.txt"], "go build .") == []
	_with_files(["go.mod", "go.sum"], "go build -mod=vendor .") == []
	_with_files(["go.mod", "go.sum"], "go build .") == ["go build"]
}

test_a_module_without_a_go_sum_depends_on_nothing if {
	_with_files(["go.mod"], "go build .") == []
	_with_files([], "go build .") == ["go build"]
}

test_vendored_modules_are_those_of_go_alone if {
	_with_files(["go.mod", "vendor/modules.txt"], "npm ci") == ["npm ci"]
	_with_files(["go.mod"], "npm ci") == ["npm ci"]
}

_in_environment(environment) := found if {
	document := example.single("golang", [example.run_with("go build .", environment, [])])
	found := tools with input as document
}

test_variables_tell_that_go_fetches_nothing if {
	_in_environment({"GOFLAGS": "-v -mod=vendor"}) == []
	_in_environment({"GO111MODULE": "off"}) == []
	_in_environment({"GOFLAGS": "-v", "GO111MODULE": "on"}) == ["go build"]
	_in_environment({"GOFLAGS": null}) == ["go build"]
}

test_variables_of_go_are_nothing_to_another_ecosystem if {
	environment := {"GOFLAGS": "-mod=vendor", "GO111MODULE": "off"}
	tools == ["npm ci"] with input as example.single("node", [example.run_with("npm ci", environment, [])])
}

test_dependencies_that_were_copied_are_not_fetched if {
	every source in ["vendor", "./vendor/", "web/node_modules", "/go/pkg/mod", "/usr/lib/python3/site-packages"] {
		tools == [] with input as example.single("golang", [example.copy([source], "/src/"), example.run("go build .")])
	}
}

test_dependencies_that_are_copied_later_or_by_name_of_a_neighbour_are_fetched if {
	every instructions in [
		[example.run("go build ."), example.copy(["vendor"], "/src/")],
		[example.copy(["vendor.json"], "/src/"), example.run("go build .")],
		[example.add(["vendor"], "/src/", []), example.run("go build .")],
	] {
		tools == ["go build"] with input as example.single("golang", instructions)
	}
}

# The sources copied before the only command, which is the last instruction.
_source_copies(instructions) := [step.path[3] | some step in found] if {
	document := example.single("golang", array.concat(instructions, [example.run("go build .")]))
	found := dependencies.source_copies(dockerfile.all_commands[0]) with input as document
}

test_copies_that_bring_a_whole_source if {
	_source_copies([example.add(["."], "/src/", [])]) == [0]
	every source in [".", "./", "/", "*", "src", "./cmd/", "internal", "server/"] {
		_source_copies([example.user("root"), example.copy([source], "/src/")]) == [1]
	}
}

test_copies_that_bring_no_source if {
	every instruction in [
		example.copy(["go.mod"], "./"),
		example.copy(["package.json", "package-lock.json"], "./"),
		example.copy(["src/package.json"], "./"),
		example.copy_from(0, ["/"], "/"),
		object.union(example.copy(["."], "/src/"), {"keyword": "LABEL"}),
	] {
		_source_copies([instruction]) == []
	}
}

test_a_source_that_is_copied_after_the_command_does_not_count if {
	document := example.single("golang", [example.run("go mod download"), example.copy(["."], "/src/")])
	dependencies.source_copies(dockerfile.all_commands[0]) == [] with input as document
}
