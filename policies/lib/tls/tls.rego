# METADATA
# title: How clients of databases are told to do without TLS
# description: Knows the options of connection strings and the names of variables that switch TLS off.
# related_resources:
#   - ref: https://www.postgresql.org/docs/current/libpq-ssl.html
#   - ref: https://dev.mysql.com/doc/refman/en/connection-options.html
#   - ref: https://www.mongodb.com/docs/manual/reference/connection-string-options/
package policies.lib.tls

# METADATA
# scope: document
# description: |
#   Holds where a connection string (its value in lower case) has such an option, and where a variable of a database
#   (its key in upper case) has such a value.
is_switched_off(_, value) if {
	some option in [
		`ssl-?mode=disabled?`,
		`(?:use|require)?ssl=(?:false|0|no|disabled?)`,
		`tls=(?:false|0|no)`,
		`encrypt=(?:false|no)`,
	]
	regex.match(concat("", [`(?:^|[?&;\s])`, option, `(?:$|[&;\s])`]), value)
}

is_switched_off(key, value) if {
	value in {"disable", "disabled", "false", "0", "no", "off"}
	regex.match(`(?:^|_|PG)(?:USE_)?(?:SSL|TLS)(?:_?MODE|_ENABLED)?$`, key)
	some system in {
		"DB", "DATABASE", "PG", "POSTGRES", "POSTGRESQL", "MYSQL", "MARIADB",
		"MONGO", "MONGODB", "REDIS", "MSSQL", "AMQP", "RABBITMQ",
	}
	regex.match(concat("", [`(?:^|_)`, system, `(?:_|SSL)`]), key)
}
