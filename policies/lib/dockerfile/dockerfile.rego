# METADATA
# title: What rules ask of a Dockerfile
# description: |
#   Stages, the instructions and commands that make the final image, and what is in force there. All lists run in
#   the order in which Docker executes them; what stands behind ONBUILD is left out, for it runs in other images.
# schemas:
#   - input: schema.dockerfile
package policies.lib.dockerfile

final := input.stages[input.final_stage]

# METADATA
# description: Where a reader looks for what the whole final stage lacks.
final_path := ["stages", final.index]

# METADATA
# description: For each stage its own instructions, `{path, stage, instruction}`.
own_steps := [steps |
	some stage in input.stages
	steps := [step |
		some position, instruction in stage.instructions
		not instruction.onbuild
		step := {
			"path": ["stages", stage.index, "instructions", position],
			"stage": stage.index,
			"instruction": instruction,
		}
	]
]

# METADATA
# description: For each stage the instructions of its ancestors and its own.
steps := [inherited |
	some stage in input.stages
	inherited := [step |
		some ancestor in array.reverse(stage.ancestry)
		some step in own_steps[ancestor]
	]
]

final_steps := steps[input.final_stage]

# METADATA
# description: |
#   For each stage the commands of its RUN lines and those of its ancestors: `{path, stage, position, run, command}`,
#   where `position` counts in `steps` of that stage and `run` is the instruction.
commands := [inherited |
	some index, _ in input.stages
	inherited := [found |
		some position, step in steps[index]
		step.instruction.keyword == "RUN"
		some number, command in step.instruction.commands
		found := {
			"path": array.concat(step.path, ["commands", number]),
			"stage": step.stage,
			"position": position,
			"run": step.instruction,
			"command": command,
		}
	]
]

final_commands := commands[input.final_stage]

# METADATA
# description: The commands of all stages, each once.
all_commands := [found |
	some index, _ in input.stages
	some found in commands[index]
	found.stage == index
]

# METADATA
# description: |
#   COPY and ADD instructions of all stages: `{path, stage, position, instruction}`; `position` counts in `steps` of
#   the stage.
copies := [found |
	some index, _ in input.stages
	some position, step in steps[index]
	step.stage == index
	step.instruction.keyword in {"COPY", "ADD"}
	found := {"path": step.path, "stage": index, "position": position, "instruction": step.instruction}
]

final_copies := [copied | some copied in copies; copied.stage in final.ancestry]

# METADATA
# description: Holds for what is copied from the build context or the network, not out of an image or a stage.
from_context(instruction) if not has_flag(instruction, "from")

has_flag(instruction, name) if {
	some flag in instruction.flags
	flag.name == name
}

# METADATA
# description: The value of a flag, undefined where it is absent or cannot be known.
flag(instruction, name) := [flag.value | some flag in instruction.flags; flag.name == name][0]

# METADATA
# scope: document
# description: |
#   Images from outside, `{path, reference}`: of FROM, and of `COPY --from` where it is no stage and has the look of
#   an image (a bare word may be a named build context). What cannot be known before the build is left out.
external_images contains {"path": ["stages", stage.index, "from", "image"], "reference": stage.from.image.value} if {
	some stage in input.stages
	not stage.from.stage
	stage.from.image.value != "scratch"
}

external_images contains {"path": array.concat(copied.path, ["flags", number]), "reference": flag.value} if {
	some copied in copies
	not copied.instruction.from_stage
	some number, flag in copied.instruction.flags
	flag.name == "from"
	regex.match(`[/:@]`, flag.value)
}

# METADATA
# description: |
#   The value of a variable for a command: null where it cannot be known, undefined where it is not set. What stands
#   before the program wins over the same RUN's earlier commands, and those over ARG and ENV.
variable(found, name) := value if {
	assigned := [object.get(assignment, "value", null) |
		some assignment in object.get(found.command, "assignments", [])
		assignment.name == name
	]
	value := assigned[count(assigned) - 1]
} else := value if {
	value := found.command.environment[name]
} else := value if {
	value := found.run.environment[name]
}

# METADATA
# description: The targets of the cache and tmpfs mounts of a RUN, which leave nothing in the image.
mounted(run) := {target |
	some flag in run.flags
	flag.name == "mount"
	fields := split(object.get(flag, "value", flag.text), ",")
	some kind in ["type=cache", "type=tmpfs"]
	kind in fields
	some field in fields
	some key in ["target=", "dst=", "destination="]
	startswith(field, key)
	target := trim_prefix(field, key)
}

# METADATA
# description: Holds for an instruction that mounts a cache of any kind.
mounts_cache(run) if {
	some flag in run.flags
	flag.name == "mount"
	contains(object.get(flag, "text", ""), "type=cache")
}

# METADATA
# description: The last part of a path; the empty text for a path that ends in a slash.
base_name(path) := segments[count(segments) - 1] if segments := split(path, "/")
