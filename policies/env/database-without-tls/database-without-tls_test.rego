package policies.env["database-without-tls_test"]

import data.policies.env["database-without-tls"] as rule
import data.policies.lib.finding

_entry(key, value) := {"entries": [{"key": key, "value": value}]}

_production(key, value) := object.union(_entry(key, value), {"environment": "production"})

_off(key) := {finding.at(["entries", 0, "value"], $"{key} switches TLS off")}

_connection_strings := [
	"postgres://u@db/app?sslmode=disable",
	"host=db sslmode=disable user=app",
	"sslmode=disable",
	"mysql://db/app?a=b&ssl-mode=DISABLED&c=d",
	"jdbc:mysql://db/app?sslMode=DISABLED",
	"jdbc:mysql://db/app?useSSL=false",
	"mongodb://db/app?ssl=false",
	"mongodb://db/app?tls=false",
	"postgres://db/app?ssl=0",
	"postgres://db/app?ssl=no",
	"mysql://db/app?requireSSL=false",
	"Server=db;Encrypt=false;",
	"Server=db;Encrypt=no",
	"redis://cache?tls=0",
	"redis://cache?tls=no",
	"postgres://db/app?ssl=disable",
]

_keys := [
	"PGSSLMODE", "DB_SSL", "DATABASE_SSL_MODE", "APP_POSTGRES_USE_SSL", "POSTGRESQL_SSL", "MYSQL_TLS_ENABLED",
	"MARIADB_SSL", "MONGO_TLS", "MONGODB_SSL", "REDIS_TLS", "MSSQL_TLS", "AMQP_TLS", "RABBITMQ_SSL",
]

test_deny_connection_strings_of_production_that_switch_it_off if {
	every value in _connection_strings {
		rule.deny == _off("X") with input as _production("X", value)
	}
}

test_deny_keys_of_production_that_switch_it_off if {
	every key in _keys {
		rule.deny == _off(key) with input as _production(key, "false")
	}
	every value in ["disable", "Disabled", "0", "no", "off"] {
		rule.deny == _off("DB_SSL") with input as _production("DB_SSL", value)
	}
}

test_allow_switching_it_off_elsewhere if {
	rule.deny == set() with input as _entry("X", "postgres://db/app?sslmode=disable")
	rule.deny == set() with input as object.union(_entry("DB_SSL", "false"), {"environment": "development"})
}

test_allow_tls_and_what_is_no_database if {
	every setting in [
		["X", "postgres://db/app?sslmode=verify-full"],
		["X", "postgres://db/app"],
		["X", "no-ssl=false-friend"],
		["DB_SSL", "true"],
		["INGRESS_TLS", "false"],
		["DB_SSL_CERT", "no"],
		["X", "sslmode=disable-me"],
		["X", "disable"],
	] {
		[key, value] := setting
		rule.deny == set() with input as _production(key, value)
	}
}

test_allow_switching_it_off_on_the_own_machine if {
	rule.deny == set() with input as _production("X", "postgres://u@localhost/app?sslmode=disable")
}

test_deny_plain_schemes_to_remote_hosts_everywhere if {
	every scheme in ["redis", "valkey", "amqp", "mongodb"] {
		message := $"X reaches cache.shop.io over {scheme}://"
		value := $"{scheme}://u:p@Cache.shop.io:1234/0"
		rule.deny == {finding.at(["entries", 0, "value"], message)} with input as _entry("X", value)
	}
	every host in ["172.32.0.1", "8.8.8.8", "svc.shop.io", "myexample.com"] {
		message := $"X reaches {host} over redis://"
		rule.deny == {finding.at(["entries", 0, "value"], message)} with input as _entry("X", $"redis://{host}")
	}
}

test_allow_plain_schemes_to_hosts_nearby_and_invented_ones if {
	every host in [
		"cache", "localhost", "cache.local", "cache.internal", "cache.shop.svc", "cache.shop.svc.cluster.local",
		"cache.localhost", "cache.example", "cache.test", "cache.invalid", "example.com", "cache.example.com",
		"cache.example.net", "cache.example.org", "127.0.0.1", "10.0.0.1", "192.168.1.1", "172.16.0.1", "172.20.0.1",
		"172.31.0.1", "${HOST}.shop.io",
	] {
		rule.deny == set() with input as _entry("X", $"redis://u:p@{host}:6379/0")
	}
}

test_allow_schemes_with_tls if {
	every value in [
		"rediss://cache.shop.io", "amqps://mq.shop.io", "mongodb+srv://db.shop.io", "mongodb://db.shop.io/?tls=true",
		"mongodb://db.shop.io/?a=b&ssl=true", "see redis://cache.shop.io",
	] {
		rule.deny == set() with input as _entry("X", value)
	}
}
