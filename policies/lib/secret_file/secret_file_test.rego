package policies.lib.secret_file_test

import data.policies.lib.secret_file

_holds_secret(path) if secret_file.holds_secret(path) with input as {"context": {"private_keys": ["certs/web.pem"]}}

test_files_that_programs_keep_their_secrets_in if {
	every path in [".env", "app/.env.production", ".npmrc", "/root/.netrc", "home/.aws/credentials", ".kube/config", ".Docker/config.json"] {
		_holds_secret(path)
	}
}

test_files_with_names_alike_hold_none if {
	every path in [".env.example", ".env.dist", "env", ".envrc", "aws/credentials", "kube/config", "config.json", "x.aws/credentials"] {
		not _holds_secret(path)
	}
}

test_keys_by_their_names if {
	every path in ["keys/id_rsa", "id_ed25519", "a.kubeconfig", "kubeconfig", "release.KEYSTORE", "client.p12", "putty.ppk"] {
		_holds_secret(path)
	}
}

test_public_keys_hold_none if {
	every path in ["id_rsa.pub", "ID_RSA", "p12.txt", "keystore/readme"] {
		not _holds_secret(path)
	}
}

test_a_pem_or_key_file_holds_a_private_key_where_its_name_says_so if {
	every path in ["private.pem", "certs/tls.key", "ssl-key.pem", "server_key.pem", "certs/PRIVKEY.pem", "ca-key.pem"] {
		_holds_secret(path)
	}
}

test_a_certificate_or_another_key_file_holds_none if {
	every path in ["server.pem", "ca.crt", "api.key", "private.txt", "tls.key.md"] {
		not _holds_secret(path)
	}
}

test_a_file_that_is_known_to_hold_a_private_key if {
	every path in ["certs/web.pem", "./certs/web.pem", "certs/*.pem"] {
		_holds_secret(path)
	}
	every path in ["certs", "*.pem", "certs/other.pem"] {
		not _holds_secret(path)
	}
}
