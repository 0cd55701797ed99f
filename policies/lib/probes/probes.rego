# METADATA
# title: Probes, and the containers that need them
# description: Finds the containers that a kubelet probes for as long as they serve, and the ports that the probes ask.
# schemas:
#   - input: schema.kubernetes
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/workloads/pods/probes/
package policies.lib.probes

import data.policies.lib.kubernetes

# METADATA
# description: |
#   The containers that serve for as long as their pod lives, which is where probes make sense: no init or ephemeral
#   ones, and none of pods that run to completion.
serving_containers := [c |
	not kubernetes.runs_to_completion
	some c in kubernetes.containers
	c.class in {"ordinary", "sidecar"}
]

# METADATA
# description: |
#   The ports that probes of serving containers ask: the container `c`, the `probe`, its `handler`, and `value` and
#   `path` of the port. A number in quotes is a number, as it is to the kubelet.
ports := [port |
	some c in serving_containers
	some probe in ["livenessProbe", "readinessProbe", "startupProbe"]
	some handler in ["httpGet", "tcpSocket", "grpc"]
	written := c.container[probe][handler].port
	port := {
		"c": c,
		"probe": probe,
		"handler": c.container[probe][handler],
		"value": _port(written),
		"path": array.concat(c.path, [probe, handler, "port"]),
	}
]

_port(written) := to_number(written) if {
	regex.match(`^[1-9][0-9]{0,4}$`, $"{written}")
} else := written
