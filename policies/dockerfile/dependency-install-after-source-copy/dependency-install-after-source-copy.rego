# METADATA
# title: Dependencies are downloaded again after each change of the source
# description: |
#   Docker reuses a layer as long as everything before it is unchanged. When the whole source is copied before the
#   dependencies are fetched, each change of one line downloads all of them again.
# related_resources:
#   - ref: https://docs.docker.com/build/cache/optimize/#order-your-layers
# schemas:
#   - input: schema.dockerfile
# custom:
#   severity: low
#   enabled: default
#   category: efficiency
#   remediation: |
#     Copy the manifests, fetch, and copy the source afterwards:
#     ```dockerfile
#     COPY go.mod go.sum ./
#     RUN go mod download
#     COPY . .
#     RUN go build -o /app .
#     ```
#     or mount the cache: `RUN --mount=type=cache,target=/go/pkg/mod go build -o /app .`
package policies.dockerfile["dependency-install-after-source-copy"]

import data.policies.lib.dependencies
import data.policies.lib.dockerfile
import data.policies.lib.finding

deny contains finding.at(fetch.path, message) if {
	some fetch in dependencies.first_fetches
	not dockerfile.mounts_cache(fetch.run)
	broad := dependencies.source_copies(fetch)[0].instruction
	written := concat(" ", [source.text | some source in broad.sources])
	message := $"{fetch.tool} downloads dependencies after {broad.keyword} {written}"
}
