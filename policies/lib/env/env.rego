# METADATA
# title: What the rules for env files share
# description: |
#   Reads the entries of an env file as a program would get them.
# schemas:
#   - input: schema.env
package policies.lib.env

# METADATA
# description: |
#   The entries with a value: `path` is that of the value, `value` the expanded one, or as written where a variable in
#   it is not known.
values contains {"key": entry.key, "path": ["entries", index, "value"], "value": value} if {
	some index, entry in input.entries
	value := object.get(entry, "resolved", entry.value)
}

# METADATA
# description: Holds where the file's name says that it is for production.
is_production if input.environment == "production"

# METADATA
# description: |
#   The loopback address that a value names, alone, as the host of a URL or in a connection string; undefined where
#   there is none.
loopback(value) := lower(found) if {
	pattern := `(?i)(?:^|[@/,;=(\s"'])(localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)(?::\d+)?(?:$|[/,;?)\s"'])`
	found := regex.find_all_string_submatch_n(pattern, value, 1)[0][1]
}
