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
	"from": object.union_n([{"image": word(stages[index].from)}, _name(stages[index]), _parent(stages, index)]),
	"ancestry": _ancestry(stages, index),
	"instructions": stages[index].do,
}

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
run_with(line, environment, flags) := {
	"keyword": "RUN",
	"form": "shell",
	"shell": "posix",
	"flags": _flags(flags),
	"environment": environment,
	"commands": _commands(line),
}

_commands(line) := array.flatten([commands |
	some list in split(line, " && ")
	commands := [_command(simple) | some simple in split(list, " | ")]
])

_command(line) := {
	"name": regex.find_all_string_submatch_n(`[^/]*$`, texts[0], 1)[0][0],
	"program": word(texts[0]),
	"arguments": words(array.slice(texts, 1, count(texts))),
	"assignments": [assignment(parts[0], parts[1]) |
		some text in split(line, " ")
		parts := _assigned(text)
	],
} if {
	texts := [text | some text in split(line, " "); not _assigned(text)]
	count(texts) > 0
}

_assigned(text) := split(text, "=") if regex.match(`^[A-Z0-9_]+=[^=]*$`, text)

assignment(name, text) := object.union({"name": name}, word(text))

_flags(texts) := [{"name": name, "text": value, "value": value} |
	some text in texts
	name := split(text, "=")[0]
	value := substring(text, count(name) + 1, -1)
]

# METADATA
# description: ARG, ENV or LABEL from `[[name, value], …]`, an ARG without default from `[[name]]`.
declare(keyword, pairs) := {"keyword": keyword, "assignments": [_pair(pair) | some pair in pairs]}

_pair(pair) := assignment(pair[0], pair[1]) if count(pair) == 2

else := {"name": pair[0]}

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
