# METADATA
# title: Database is reached without TLS
# description: |
#   Passwords, queries and rows cross the network as plain text, and nobody checks that the other side is the database.
#   Addresses inside of the cluster or of a private network are left to whoever runs the network, unless the
#   configuration of production switches TLS off itself.
# related_resources:
#   - ref: https://www.postgresql.org/docs/current/libpq-ssl.html
#   - ref: https://redis.io/docs/latest/operate/oss_and_stack/management/security/encryption/
# schemas:
#   - input: schema.env
# custom:
#   severity: high
#   enabled: default
#   category: hardening
#   remediation: |
#     Let the client demand TLS and check the certificate: `sslmode=verify-full` for PostgreSQL, `rediss://`,
#     `amqps://`, `tls=true` for MongoDB.
package policies.env["database-without-tls"]

import data.policies.lib.env
import data.policies.lib.finding
import data.policies.lib.tls

deny contains finding.at(entry.path, message) if {
	env.is_production
	some entry in env.values
	tls.is_switched_off(upper(entry.key), lower(entry.value))
	not env.loopback(entry.value)
	message := $"{entry.key} switches TLS off"
}

deny contains finding.at(entry.path, message) if {
	some entry in env.values
	[_, scheme, host] := regex.find_all_string_submatch_n(_plain_address, lower(entry.value), 1)[0]
	_is_remote(host)
	not regex.match(_tls_option, lower(entry.value))
	message := $"{entry.key} reaches {host} over {scheme}://"
}

_plain_address := `^(redis|valkey|amqp|mongodb)://(?:[^/]*@)?([^/:,?@]+)`

_tls_option := `[?&](?:tls|ssl)=`

# A name without a dot is a service beside this one; RFC 2606 keeps example names for documentation.
_is_remote(host) if {
	contains(host, ".")
	not regex.match(`\.(?:local|internal|svc|localhost|example|test|invalid)$|(?:^|\.)example\.(?:com|net|org)$`, host)
	not regex.match(`^(?:127|10|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.`, host)
	not contains(host, "${")
}
