# METADATA
# title: References of container images
# description: |
#   Reads `[registry/]repository[:tag][@digest]` as Docker and Kubernetes do.
# related_resources:
#   - ref: https://pkg.go.dev/github.com/distribution/reference
package policies.lib.image

# METADATA
# description: |
#   The parts of a reference, undefined for a text that is none: `registry` and `repository` with Docker Hub's
#   defaults (`docker.io`, `library/`), `name` as people write it without tag and digest (`nginx`, `ghcr.io/a/b`),
#   and `tag` and `digest` where they are written.
parse(reference) := object.union_n([_located(_name(reference)), _tag(reference), _digest(reference)]) if {
	regex.match(`^([\w.-]+(:\d+)?/)?[\w.-]+(/[\w.-]+)*(:\w[\w.-]*)?(@[A-Za-z][\w.+-]*:[0-9a-fA-F]+)?$`, reference)
	not _has_short_digest(reference)
}

# Counted, because repetitions with bounds make a pattern a hundred times dearer to compile.
_has_short_digest(reference) if count(split(split(reference, "@")[1], ":")[1]) < 32

# METADATA
# description: Holds for a reference with neither tag nor digest, which means `latest` without saying so.
is_untagged(reference) if {
	parts := parse(reference)
	not parts.tag
	not parts.digest
}

# METADATA
# description: Holds for the tag `latest` without a digest, which would decide instead of the tag.
is_latest(reference) if {
	parts := parse(reference)
	parts.tag == "latest"
	not parts.digest
}

_before_digest(reference) := split(reference, "@")[0]

_name(reference) := substring(named, 0, (count(named) - count(_last_segment(named))) + count(base)) if {
	named := _before_digest(reference)
	base := split(_last_segment(named), ":")[0]
}

_last_segment(named) := segments[count(segments) - 1] if segments := split(named, "/")

_tag(reference) := {"tag": tag} if {
	tag := split(_last_segment(_before_digest(reference)), ":")[1]
} else := {}

_digest(reference) := {"digest": digest} if digest := split(reference, "@")[1]

else := {}

_located(name) := _on_docker_hub(substring(name, count(first) + 1, -1)) if {
	first := split(name, "/")[0]
	first in {"docker.io", "index.docker.io"}
} else := {"registry": first, "repository": substring(name, count(first) + 1, -1), "name": name} if {
	contains(name, "/")
	first := split(name, "/")[0]
	_is_registry(first)
} else := _on_docker_hub(name)

_is_registry(segment) if regex.match(`[.:A-Z]`, segment)

_is_registry("localhost")

_on_docker_hub(path) := {"registry": "docker.io", "repository": path, "name": name} if {
	contains(path, "/")
	name := trim_prefix(path, "library/")
} else := {"registry": "docker.io", "repository": $"library/{path}", "name": path}
