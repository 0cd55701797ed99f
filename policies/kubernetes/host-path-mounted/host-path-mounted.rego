# METADATA
# title: Pod mounts a path of its node
# description: |
#   A `hostPath` volume opens the node's file system to the pod: its credentials, its logs, the sockets of its
#   container runtime. Data that lies there is lost when the pod moves to another node.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#   - ref: https://kubernetes.io/docs/concepts/storage/volumes/#hostpath
# schemas:
#   - input: schema.kubernetes
# custom:
#   severity: high
#   enabled: default
#   category: hardening
#   objects: [pod]
#   remediation: Use a `persistentVolumeClaim`, `configMap`, `emptyDir` or a CSI volume instead of `hostPath`.
#   frameworks:
#     pss: [baseline]
#     cis-kubernetes: ["5.2.12"]
#   equivalents:
#     trivy: [KSV-0023]
#     kics: [aa8f7a35]
#     kubescape: [C-0048]
package policies.kubernetes["host-path-mounted"]

import data.policies.lib.finding
import data.policies.lib.kubernetes

deny contains finding.at(path, message) if {
	some index, volume in kubernetes.pod.spec.volumes
	volume.hostPath != null
	path := array.concat(kubernetes.pod.path, ["volumes", index, "hostPath", "path"])
	message := $"volume {_label(volume, index)} mounts {_shown(volume.hostPath)} of the node"
}

_label(volume, index) := volume.name if is_string(volume.name)

else := index

_shown(host_path) := host_path.path if is_string(host_path.path)

else := "a path"
