# METADATA
# title: What is known of secrets in the document
# description: |
#   Answers by path which values of the document hold a secret. The marks stand beside the document and hold no value.
package policies.lib.secret

# METADATA
# description: |
#   The types of the secrets in the value at a path: `token`, `private-key`, `url-password`, `literal` and
#   `placeholder`; most paths have none, and are absent.
types[mark.path] contains mark.type if {
	some mark in data.secrets
}

# METADATA
# description: |
#   How to call the secret in the value at a path in a message, the gravest first; undefined where there is none, and
#   for a placeholder.
at(path) := [name |
	some [type, name] in _names
	type in object.get(types, [path], set())
][0]

_names := [
	["private-key", "a private key"],
	["token", "a token"],
	["url-password", "a URL with a password"],
	["literal", "a secret"],
]

# METADATA
# description: Holds where the value at a path stands for a secret that has yet to be set, and nothing in it is one.
is_placeholder(path) if {
	types[path].placeholder
	not at(path)
}
