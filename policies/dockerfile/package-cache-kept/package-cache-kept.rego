# METADATA
# title: Cache of a package manager stays in the image
# description: |
#   Package lists and downloaded packages serve nobody once the installation is done, and a later RUN cannot take
#   them out of the layer that holds them. Each pull and each node pays for them.
# related_resources:
#   - ref: https://docs.docker.com/build/building/best-practices/#apt-get
#   - ref: https://docs.docker.com/build/cache/optimize/#use-cache-mounts
# schemas:
#   - input: schema.dockerfile
# custom:
#   severity: low
#   enabled: default
#   category: efficiency
#   remediation: |
#     Clean up in the same RUN, or mount the cache:
#     ```dockerfile
#     RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/*
#     RUN apk add --no-cache ca-certificates
#     RUN pip install --no-cache-dir -r requirements.txt
#     RUN --mount=type=cache,target=/root/.npm npm ci
#     ```
#   equivalents:
#     trivy: [DS-0015, DS-0019, DS-0020, DS-0025, DS-0027]
#     hadolint: [DL3009, DL3019, DL3032, DL3036, DL3040, DL3042]
#     dockle: [DKL-DI-0004, DKL-DI-0005]
#     kics: [df746b39, ae9c56a6, "00481784", "295acb63", "38300d1a", f2f903fb]
package policies.dockerfile["package-cache-kept"]

import data.policies.lib.finding
import data.policies.lib.package_cache

deny contains finding.at(kept.path, message) if {
	some kept in package_cache.kept
	message := $"{kept.command} leaves {kept.what} in the image"
}
