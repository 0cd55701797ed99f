package policies.env["localhost-in-production_test"]

import data.policies.env["localhost-in-production"] as rule
import data.policies.lib.finding

_file(key, value) := {"environment": "production", "entries": [{"key": key, "value": value}]}

test_deny_addresses_of_services if {
	rule.deny == {finding.at(["entries", 0, "value"], "REDIS_URL points at 127.0.0.1")} with input as _file(
		"REDIS_URL",
		"redis://127.0.0.1:6379",
	)
	rule.deny == {finding.at(["entries", 0, "value"], "db_host points at localhost")} with input as _file(
		"db_host",
		"localhost",
	)
}

test_allow_addresses_of_its_own if {
	every key in [
		"HOST",
		"HOSTNAME",
		"ADDR",
		"ADDRESS",
		"NO_PROXY",
		"no_proxy",
		"APP_NOPROXY",
		"LISTEN_ADDRESS",
		"METRICS_LISTENER",
		"BIND_ADDRESS",
		"ALLOWED_HOSTS",
		"ALLOW_FROM",
		"TRUSTED_PROXIES",
		"CORS_HOSTS",
		"ORIGIN",
		"ALLOW_ORIGINS",
		"WS_ORIGINS",
	] {
		rule.deny == set() with input as _file(key, "localhost")
	}
}

test_allow_other_hosts if rule.deny == set() with input as _file("DB_HOST", "db.internal")

test_allow_outside_of_production if {
	rule.deny == set() with input as object.union(_file("DB_HOST", "localhost"), {"environment": "development"})
	rule.deny == set() with input as object.remove(_file("DB_HOST", "localhost"), ["environment"])
}
