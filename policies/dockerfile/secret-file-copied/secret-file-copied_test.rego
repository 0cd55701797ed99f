package policies.dockerfile["secret-file-copied_test"]

import data.policies.dockerfile["secret-file-copied"] as rule
import data.policies.lib.dockerfile_example as example

test_deny_env if {
	rule.deny == {
		{
			"path": ["stages", 0, "instructions", 0, "sources", 0],
			"message": "COPY brings .env.production into the image",
		},
	} with input as example.single("alpine:3.22", [example.copy([".env.production"], "/app/.env")])
}

test_deny_ssh_key if {
	rule.deny == {
		{
			"path": ["stages", 0, "instructions", 0, "sources", 0],
			"message": "ADD brings deploy/id_ed25519 into the image",
		},
	} with input as example.single("alpine:3.22", [example.add(["deploy/id_ed25519"], "/root/.ssh/", [])])
}

test_deny_npmrc if {
	rule.deny == {
		{"path": ["stages", 0, "instructions", 0, "sources", 1], "message": "COPY brings .npmrc into the image"},
	} with input as example.single("alpine:3.22", [example.copy(["package.json", ".npmrc"], "./")])
}

test_deny_kubeconfig if {
	rule.deny == {
		{"path": ["stages", 0, "instructions", 0, "sources", 0], "message": "COPY brings kubeconfig into the image"},
	} with input as example.single("alpine:3.22", [example.copy(["kubeconfig"], "/root/.kube/config")])
}

test_deny_cloud_credentials if {
	rule.deny == {
		{
			"path": ["stages", 0, "instructions", 0, "sources", 0],
			"message": "COPY brings .aws/credentials into the image",
		},
	} with input as example.single("alpine:3.22", [example.copy([".aws/credentials"], "/root/.aws/credentials")])
}

test_deny_key_store if {
	rule.deny == {
		{
			"path": ["stages", 0, "instructions", 0, "sources", 0],
			"message": "COPY brings certs/server.p12 into the image",
		},
	} with input as example.single("alpine:3.22", [example.copy(["certs/server.p12"], "/etc/")])
}

test_deny_private_key_by_name if {
	rule.deny == {
		{
			"path": ["stages", 0, "instructions", 0, "sources", 0],
			"message": "COPY brings certs/private.pem into the image",
		},
		{"path": ["stages", 0, "instructions", 0, "sources", 1], "message": "COPY brings certs/tls.key into the image"},
	} with input as example.single("alpine:3.22", [example.copy(["certs/private.pem", "certs/tls.key"], "/etc/ssl/")])
}

test_deny_from_another_stage if {
	rule.deny == {
		{
			"path": ["stages", 1, "instructions", 0, "sources", 0],
			"message": "COPY brings /root/.ssh/id_rsa into the image",
		},
	} with input as example.file([
		{"from": "alpine:3.22", "as": "build", "do": []},
		{"from": "alpine:3.22", "do": [example.copy_from(0, ["/root/.ssh/id_rsa"], "/root/.ssh/")]},
	])
}

test_allow_builder if {
	rule.deny == set() with input as example.file([
		{"from": "alpine:3.22", "as": "build", "do": [example.copy([".npmrc"], ".")]},
		{"from": "alpine:3.22", "do": []},
	])
}

test_allow_example if {
	rule.deny == set() with input as example.single("alpine:3.22", [
		example.copy([".env.example", ".env.dist", ".env.template", ".env.sample"], "/app/"),
	])
}

test_allow_public_key if {
	rule.deny == set() with input as example.single("alpine:3.22", [example.copy(["id_rsa.pub"], "/root/.ssh/authorized_keys")])
}

test_allow_certificate if {
	rule.deny == set() with input as example.single("alpine:3.22", [example.copy(["certs/ca.pem", "repository.key"], "/etc/ssl/certs/")])
}

test_allow_mounted if {
	rule.deny == set() with input as example.single("alpine:3.22", [
		example.run_with("npm ci", {}, ["mount=type=secret,id=npmrc,target=/root/.npmrc"]),
	])
}

test_allow_hashes if {
	rule.deny == set() with input as example.single("nginx:1.29", [example.copy([".htpasswd"], "/etc/nginx/")])
}

test_allow_other_file if {
	rule.deny == set() with input as example.single("alpine:3.22", [
		example.copy(["environment.ts", "credentials.go", "keys.json"], "/app/"),
	])
}

test_allow_private_is_no_key if {
	rule.deny == set() with input as example.single("alpine:3.22", [example.copy(["private/notes.txt"], "/app/")])
}

test_allow_private_key_elsewhere if {
	rule.deny == set() with input as example.file_in(
		[
			{"from": "alpine:3.22", "do": [example.copy(["config.yaml"], "/etc/")]},
		],
		{"known": true, "files": [], "private_keys": ["certs/site.pem"]},
	)
}

test_deny_private_key_in_tree if {
	rule.deny == {
		{"path": ["stages", 0, "instructions", 0, "sources", 0], "message": "COPY brings certs/*.pem into the image"},
	} with input as example.file_in(
		[
			{"from": "alpine:3.22", "do": [example.copy(["certs/*.pem"], "/etc/ssl/")]},
		],
		{"known": true, "files": [], "private_keys": ["certs/site.pem"]},
	)
}
