# METADATA
# title: Which files hold secrets
# description: Tells by the name of a file, and by what the build context is known to hold.
# schemas:
#   - input: schema.dockerfile
package policies.lib.secret_file

import data.policies.lib.dockerfile

# METADATA
# scope: document
# description: Holds for the path of a file that has a secret in it, and for a pattern that a private key matches.
holds_secret(path) if {
	name := lower(dockerfile.base_name(path))
	_is_secret_name(name)
	not regex.match(`example|sample|template|dist|schema`, name)
}

holds_secret(path) if {
	some file in [".aws/credentials", ".docker/config.json", ".kube/config"]
	endswith($"/{lower(path)}", $"/{file}")
}

holds_secret(path) if dockerfile.base_name(path) in {"id_rsa", "id_dsa", "id_ecdsa", "id_ed25519"}

holds_secret(path) if _ending(path) in {"kubeconfig", "ppk", "p12", "pfx", "keystore", "jks"}

# A certificate has the same ending as a key.
holds_secret(path) if {
	_ending(path) in {"pem", "key"}
	regex.match(`(?i)priv|(^|[-_./])(tls|ssl|server|client|ca)[-_.]?key\b|(tls|ssl|server|client)\.key$`, path)
}

holds_secret(path) if {
	some key in input.context.private_keys
	glob.match(trim_prefix(path, "./"), ["/"], key)
}

_is_secret_name(name) if name in {".env", ".npmrc", ".pypirc", ".netrc", "_netrc", ".git-credentials", ".pgpass", ".dockercfg"}

_is_secret_name(name) if startswith(name, ".env.")

# The whole name where nothing stands before a dot.
_ending(path) := parts[count(parts) - 1] if parts := split(lower(dockerfile.base_name(path)), ".")
