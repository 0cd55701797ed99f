# METADATA
# title: The image that a Dockerfile makes in the end
# description: Tells what the final stage is built on, as whom it runs, and what it starts.
# schemas:
#   - input: schema.dockerfile
package policies.lib.final_image

import data.policies.lib.base_image
import data.policies.lib.dockerfile

# METADATA
# description: The stage whose `from.image` the final stage is built on in the end.
base := input.stages[dockerfile.final.ancestry[count(dockerfile.final.ancestry) - 1]]

base_path := ["stages", base.index, "from", "image"]

# METADATA
# description: |
#   The USER in force at the end of the final stage: `{path, value}`, without `value` where it cannot be known;
#   undefined without a USER.
user := array.reverse(_users)[0]

_users := [found |
	some step in dockerfile.final_steps
	step.instruction.keyword == "USER"
	word := step.instruction.argument
	found := object.union({"path": array.concat(step.path, ["argument"])}, object.filter(word, ["value"]))
]

# METADATA
# description: The name or number of a USER without its group.
user_name := split(user.value, ":")[0]

# METADATA
# description: |
#   What runs when a container starts or its health is asked: the last CMD, ENTRYPOINT and HEALTHCHECK in force.
entry_points := [last |
	some keyword in ["ENTRYPOINT", "CMD", "HEALTHCHECK"]
	last := array.reverse([step.instruction |
		some step in dockerfile.final_steps
		step.instruction.keyword == keyword
	])[0]
]

# METADATA
# description: Every word of the commands that `entry_points` start.
entry_point_words contains word if {
	some instruction in entry_points
	some command in instruction.commands
	some word in array.concat([object.get(command, "name", "")], [value | value := command.arguments[_].value])
}

# METADATA
# description: The reference of the image that the final stage is built on, undefined where it cannot be known.
base_reference := base.from.image.value

# METADATA
# description: How to call the base image in a message, without its digest.
base_label := split(base.from.image.text, "@")[0]

base_is_scratch if base_reference == "scratch"

# METADATA
# description: As whom the base image runs, as `policies.lib.base_image` tells; undefined where that is not known.
base_user := "root" if {
	base_is_scratch
} else := base_image.user(base_reference)

# METADATA
# scope: document
# description: Holds for images of Windows, whose users and paths are other ones.
is_windows if base_user == "windows"

is_windows if startswith(base.from.platform.value, "windows")
