# METADATA
# title: Production runs with debugging switched on
# description: |
#   In debug mode frameworks show stack traces, settings and even a console to whoever provokes an error, and debug logs
#   fill disks and hold what users typed.
# related_resources:
#   - ref: https://cwe.mitre.org/data/definitions/489.html
# schemas:
#   - input: schema.env
# custom:
#   severity: medium
#   enabled: default
#   category: hardening
#   remediation: Set `DEBUG=false`, `LOG_LEVEL=info` and the framework's mode to production (`NODE_ENV=production`).
package policies.env["debug-in-production"]

import data.policies.lib.env
import data.policies.lib.finding

deny contains finding.at(entry.path, message) if {
	env.is_production
	some entry in env.values
	_debugs(upper(entry.key), lower(entry.value))
	message := $"{entry.key} is {entry.value}"
}

_debugs(key, value) if {
	regex.match(`^(?:[A-Z0-9]+_)*DEBUG(?:_MODE|_ENABLED)?$|^ENABLE_DEBUG$`, key)
	value in {"true", "1", "yes", "on"}
}

# Namespaces of the debug package of Node.js.
_debugs("DEBUG", value) if regex.match(`^[a-z0-9:,_-]*\*$`, value)

_debugs(key, value) if {
	regex.match(`^(?:[A-Z0-9]+_)*LOG_?LEVEL$|^LOGGING_LEVEL(?:_[A-Z0-9]+)*$|^RUST_LOG$`, key)
	value in {"debug", "trace", "verbose", "silly", "all"}
}

_debugs(key, value) if {
	key in {
		"APP_ENV", "ASPNETCORE_ENVIRONMENT", "DJANGO_ENV", "DOTNET_ENVIRONMENT", "FLASK_ENV",
		"GIN_MODE", "NODE_ENV", "RACK_ENV", "RAILS_ENV",
	}
	value in {"development", "dev", "debug", "local"}
}
