# METADATA
# title: Small Dockerfile documents for tests of rules
# description: |
#   Builds documents of the shape in schemas/documents/dockerfile.json from a few words: no quotes, no variables, and
#   commands that are divided by ` && ` and ` | ` only. A word that starts with `?` cannot be known before the build.
package policies.lib.dockerfile_example

# METADATA
# description: |
#   A document of stages, each `{"from": "image", "as": "name", "do": [instruction, …]}`; a `from` that names an
#   earlier stage descends from it.
file(stages) := file_in(stages, {"known": false, "files": [], "private_keys": []})

# METADATA
# description: The same with the files of the build context.
file_in(stages, context) := {
	"directives": {},
	"arguments": [],
	"stages": [_stage(stages, index) | some index, _ in stages],
	"final_stage": count(stages) - 1,
	"context": context,
}

# METADATA
# description: A document of one stage.
single(reference, instructions) := file([{"from": reference, "do": instructions}])

_stage(stages, index) := {
	"index": index,
	"from": object.union_n([
		{"image": word(stages[index].from)},
		_platform(stages[index]),
		_name(stages[index]),
		_parent(stages, index),
	]),
	"ancestry": _ancestry(stages, index),
	"instructions": stages[index].do,
}

_platform(stage) := {"platform": word(platform) | platform := stage.platform}

_name(stage) := {"name": name | name := stage.as}

_parent(stages, index) := {"stage": parent | parent := max(_parents(stages, index))}

_parents(stages, index) := [earlier | some earlier, stage in stages; earlier < index; stage.as == stages[index].from]

# Two generations are enough for tests.
_ancestry(stages, index) := array.concat([index, parent], _parents(stages, parent)) if {
	parent := max(_parents(stages, index))
} else := [index]

# METADATA
# description: A word as the document holds it.
word(text) := {"text": substring(text, 1, -1)} if startswith(text, "?")

else := {"text": text, "value": text}

words(texts) := [word(text) | some text in texts]

# METADATA
# description: RUN in shell form.
run(line) := run_with(line, {}, [])

# METADATA
# description: RUN with ARG and ENV in force, and flags such as `mount=type=cache,target=/root/.cache`.
run_with(line, environment, flags) := run_commands(_commands(line), environment, flags)

# METADATA
# description: RUN of commands that `command` made.
run_commands(commands, environment, flags) := {
	"keyword": "RUN",
	"form": "shell",
	"shell": "posix",
	"flags": _flags(flags),
	"environment": environment,
	"commands": commands,
}

_commands(line) := array.flatten([commands |
	some list in split(line, " && ")
	commands := [command(split(simple, " ")) | some simple in split(list, " | ")]
])

# METADATA
# description: A simple command of its words, with assignments in front of the program.
command(texts) := {
	"name": regex.find_all_string_submatch_n(`[^/]*$`, program, 1)[0][0],
	"program": word(program),
	"arguments": words(array.slice(texts, first + 1, count(texts))),
	"assignments": [assignment(parts[0], parts[1]) |
		some text in array.slice(texts, 0, first)
		parts := _assigned(text)
	],
} if {
	first := min([index | some index, text in texts; not _assigned(text)])
	program := texts[first]
}

# METADATA
# description: A command of assignments only.
setting(name, value) := {"arguments": [], "assignments": [assignment(name, value)]}

# METADATA
# description: A command that reads the output of another one of its RUN, by index.
piped(texts, index) := object.union(command(texts), {"pipe_from": index})

_assigned(text) := split(text, "=") if regex.match(`^[A-Z0-9_]+=[^=]*$`, text)

assignment(name, text) := object.union({"name": name}, word(text))

_flags(texts) := [{"name": name, "text": value, "value": value} |
	some text in texts
	name := split(text, "=")[0]
	value := substring(text, count(name) + 1, -1)
]

# METADATA
# description: |
#   ARG, ENV or LABEL from `[[name, value], …]`, an ARG without default from
#   `[[name]]`, and what is written otherwise than it is meant from `[[name, value, text]]`.
declare(keyword, pairs) := {"keyword": keyword, "assignments": [_pair(pair) | some pair in pairs]}

_pair(pair) := assignment(pair[0], pair[1]) if {
	count(pair) == 2
} else := {"name": pair[0], "value": pair[1], "text": pair[2]} if {
	count(pair) == 3
} else := {"name": pair[0]}

# METADATA
# description: The same where every name tells of a secret.
declare_telling(keyword, pairs) := {
	"keyword": keyword,
	"assignments": [object.union(_pair(pair), {"telling": true}) | some pair in pairs],
}

workdir(path) := {"keyword": "WORKDIR", "argument": word(path)}

user(name) := {"keyword": "USER", "argument": word(name)}

copy(sources, destination) := copy_with(sources, destination, [])

# METADATA
# description: COPY out of an earlier stage, by its index.
copy_from(stage, sources, destination) := object.union(
	copy_with(sources, destination, [$"from={stage}"]),
	{"from_stage": stage},
)

copy_with(sources, destination, flags) := {
	"keyword": "COPY",
	"flags": _flags(flags),
	"sources": words(sources),
	"destination": word(destination),
}

add(sources, destination, flags) := object.union(copy_with(sources, destination, flags), {"keyword": "ADD"})

# METADATA
# description: CMD, ENTRYPOINT or HEALTHCHECK in exec form.
start(keyword, line) := {
	"keyword": keyword,
	"form": "exec",
	"arguments": words(split(line, " ")),
	"commands": _commands(line),
}

onbuild(instruction) := object.union(instruction, {"onbuild": true})
