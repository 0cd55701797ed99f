# METADATA
# title: Production points at localhost
# description: |
#   In a container localhost is the container itself: the address was right on the machine of a developer, and in
#   production nothing answers there. Addresses to listen at, or to accept requests for, are left alone.
# related_resources:
#   - ref: https://12factor.net/backing-services
# schemas:
#   - input: schema.env
# custom:
#   severity: medium
#   enabled: default
#   category: configuration
#   remediation: Write the name under which production reaches the service, for example `REDIS_HOST=redis.internal`.
package policies.env["localhost-in-production"]

import data.policies.lib.env
import data.policies.lib.finding

deny contains finding.at(entry.path, message) if {
	env.is_production
	some entry in env.values
	not _is_own_address(upper(entry.key))
	address := env.loopback(entry.value)
	message := $"{entry.key} points at {address}"
}

_is_own_address(key) if regex.match(`^(?:HOST|HOSTNAME|ADDR|ADDRESS)$|(?:^|_)NO_?PROXY$`, key)

_is_own_address(key) if {
	some word in split(key, "_")
	word in {"LISTEN", "LISTENER", "BIND", "ALLOWED", "ALLOW", "TRUSTED", "CORS", "ORIGIN", "ORIGINS"}
}
