package policies.dockerfile["secret-file-copied_test"]

import data.policies.dockerfile["secret-file-copied"] as rule
import data.policies.lib.dockerfile_example as example

test_deny_env if {
	path := ["stages", 0, "instructions", 0, "sources", 0]
	message := "COPY brings .env.production into the image"
	document := example.single("alpine:3.22", [example.copy([".env.production"], "/app/.env")])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_ssh_key if {
	path := ["stages", 0, "instructions", 0, "sources", 0]
	message := "ADD brings deploy/id_ed25519 into the image"
	document := example.single("alpine:3.22", [example.add(["deploy/id_ed25519"], "/root/.ssh/", [])])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_npmrc if {
	path := ["stages", 0, "instructions", 0, "sources", 1]
	message := "COPY brings .npmrc into the image"
	document := example.single("alpine:3.22", [example.copy(["package.json", ".npmrc"], "./")])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_kubeconfig if {
	path := ["stages", 0, "instructions", 0, "sources", 0]
	message := "COPY brings kubeconfig into the image"
	document := example.single("alpine:3.22", [example.copy(["kubeconfig"], "/root/.kube/config")])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_cloud_credentials if {
	path := ["stages", 0, "instructions", 0, "sources", 0]
	message := "COPY brings .aws/credentials into the image"
	document := example.single("alpine:3.22", [example.copy([".aws/credentials"], "/root/.aws/credentials")])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_key_store if {
	path := ["stages", 0, "instructions", 0, "sources", 0]
	message := "COPY brings certs/server.p12 into the image"
	document := example.single("alpine:3.22", [example.copy(["certs/server.p12"], "/etc/")])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_private_key_by_name if {
	message_0 := "COPY brings certs/private.pem into the image"
	message_1 := "COPY brings certs/tls.key into the image"
	document := example.single("alpine:3.22", [example.copy(["certs/private.pem", "certs/tls.key"], "/etc/ssl/")])
	rule.deny == {
		{"path": ["stages", 0, "instructions", 0, "sources", 0], "message": message_0},
		{"path": ["stages", 0, "instructions", 0, "sources", 1], "message": message_1},
	} with input as document
}

test_deny_from_another_stage if {
	path := ["stages", 1, "instructions", 0, "sources", 0]
	message := "COPY brings /root/.ssh/id_rsa into the image"
	document := example.file([
		{"from": "alpine:3.22", "as": "build", "do": []},
		{"from": "alpine:3.22", "do": [example.copy_from(0, ["/root/.ssh/id_rsa"], "/root/.ssh/")]},
	])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_allow_builder if {
	document := example.file([
		{"from": "alpine:3.22", "as": "build", "do": [example.copy([".npmrc"], ".")]},
		{"from": "alpine:3.22", "do": []},
	])
	rule.deny == set() with input as document
}

test_allow_example if {
	document := example.single("alpine:3.22", [example.copy([".env.example", ".env.dist", ".env.template", ".env.sample"], "/app/")])
	rule.deny == set() with input as document
}

test_allow_public_key if {
	document := example.single("alpine:3.22", [example.copy(["id_rsa.pub"], "/root/.ssh/authorized_keys")])
	rule.deny == set() with input as document
}

test_allow_certificate if {
	document := example.single("alpine:3.22", [example.copy(["certs/ca.pem", "repository.key"], "/etc/ssl/certs/")])
	rule.deny == set() with input as document
}

test_allow_mounted if {
	document := example.single("alpine:3.22", [example.run_with("npm ci", {}, ["mount=type=secret,id=npmrc,target=/root/.npmrc"])])
	rule.deny == set() with input as document
}

test_allow_hashes if {
	document := example.single("nginx:1.29", [example.copy([".htpasswd"], "/etc/nginx/")])
	rule.deny == set() with input as document
}

test_allow_other_file if {
	document := example.single("alpine:3.22", [example.copy(["environment.ts", "credentials.go", "keys.json"], "/app/")])
	rule.deny == set() with input as document
}

test_allow_private_is_no_key if {
	document := example.single("alpine:3.22", [example.copy(["private/notes.txt"], "/app/")])
	rule.deny == set() with input as document
}

test_allow_private_key_elsewhere if {
	document := example.file_in(
		[{"from": "alpine:3.22", "do": [example.copy(["config.yaml"], "/etc/")]}],
		{"known": true, "files": [], "private_keys": ["certs/site.pem"]},
	)
	rule.deny == set() with input as document
}

test_deny_private_key_in_tree if {
	path := ["stages", 0, "instructions", 0, "sources", 0]
	message := "COPY brings certs/*.pem into the image"
	document := example.file_in(
		[{"from": "alpine:3.22", "do": [example.copy(["certs/*.pem"], "/etc/ssl/")]}],
		{"known": true, "files": [], "private_keys": ["certs/site.pem"]},
	)
	rule.deny == {{"path": path, "message": message}} with input as document
}
