package policies.lib.packages_test

import data.policies.lib.dockerfile_example as example
import data.policies.lib.packages

tools := {"build-base", "curl", "git", "netcat-openbsd", "vim"}

# What the final image keeps of some tools, by the index of the RUN that installs them.
_kept(instructions) := {path[3]: names | some path, names in kept} if {
	kept := packages.kept_by_command(tools) with input as example.single("alpine", instructions)
}

test_a_command_is_told_once_with_all_that_it_installs if {
	_kept([example.run("apk add curl git"), example.run("apk add vim")]) == {0: "curl, git", 1: "vim"}
}

test_a_command_is_told_at_the_first_package_that_it_keeps if {
	document := example.single("alpine", [example.run("apk add --no-cache tzdata curl git")])
	packages.kept_by_command({"curl", "git"}) == {["stages", 0, "instructions", 0, "commands", 0, "arguments", 3]: "curl, git"} with input as document
}

test_other_packages_are_not_told if _kept([example.run("apk add tzdata")]) == {}

test_packages_that_are_removed_in_the_end_are_not_told if {
	_kept([example.run("apk add curl git"), example.run("apk del git")]) == {0: "curl"}
}

test_packages_that_the_container_starts_are_not_told if {
	_kept([example.run("apk add curl git"), example.start("HEALTHCHECK", "curl localhost")]) == {0: "git"}
	_kept([example.run("apk add curl"), example.start("CMD", "/usr/bin/curl localhost")]) == {}
}

test_the_programs_of_a_package_may_have_other_names if {
	_kept([example.run("apk add netcat-openbsd build-base"), example.start("CMD", "nc localhost")]) == {0: "build-base"}
	_kept([example.run("apk add build-base"), example.start("CMD", "make run")]) == {}
}

test_no_package_is_a_tool_to_build_and_a_tool_to_debug if packages.build_tools & packages.debug_tools == set()

_builds_javascript(line) if packages.builds_javascript(example.command(split(line, " ")))

test_commands_that_compile_javascript if {
	every line in ["npm run build", "yarn build:prod", "pnpm --filter web build-app", "tsc", "webpack --mode production"] {
		_builds_javascript(line)
	}
	every line in ["npx tsc -p .", "npx vite build", "next build", "nuxt build"] {
		_builds_javascript(line)
	}
}

test_commands_that_do_not_compile_javascript if {
	every line in ["npm ci", "npm run rebuild", "yarn builder", "make build", "npx serve", "next start", "go build"] {
		not _builds_javascript(line)
	}
}
