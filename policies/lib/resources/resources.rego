# METADATA
# title: What containers request and may use at most
# description: Tells which limit is in force for a container and what it requests once Kubernetes has filled in its defaults.
# schemas:
#   - input: schema.kubernetes
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
package policies.lib.resources

import data.policies.lib.kubernetes
import data.policies.lib.quantity

# METADATA
# description: The containers that may ask for resources; ephemeral ones may not.
containers := [c | some c in kubernetes.containers; c.class != "ephemeral"]

# METADATA
# description: |
#   The limit in force for a container as it is written: its own, else the whole pod's. Undefined where neither sets
#   one, and for zero, which the kubelet takes for no limit.
limit(c, resource) := written if {
	written := _written_limit(c, resource)
	not _is_zero(written)
}

_is_zero(written) if quantity.amount(written) == 0

_written_limit(c, resource) := c.container.resources.limits[resource] if {
	c.container.resources.limits[resource] != null
} else := kubernetes.pod.spec.resources.limits[resource] if {
	kubernetes.pod.spec.resources.limits[resource] != null
}

# METADATA
# description: |
#   Holds where a container or the whole pod requests a resource. Kubernetes takes a limit for the request where none
#   is written (SetDefaults_Pod).
is_requested(c, resource) if {
	some owner in [c.container, kubernetes.pod.spec]
	some kind in ["requests", "limits"]
	owner.resources[kind][resource] != null
}
