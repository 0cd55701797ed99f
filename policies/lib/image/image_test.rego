package policies.lib.image_test

import data.policies.lib.image

digest := "sha256:9834876dcfb05cb167a5c24953eba58c4ac89b1adf57f28f2f9d09af107ee8f0"

test_name_alone_is_docker_hubs_library if {
	image.parse("nginx") == {"registry": "docker.io", "repository": "library/nginx", "name": "nginx"}
}

test_tag if {
	image.parse("nginx:1.27-alpine") == {
		"registry": "docker.io",
		"repository": "library/nginx",
		"name": "nginx",
		"tag": "1.27-alpine",
	}
}

test_owner_on_docker_hub if {
	image.parse("grafana/loki:3.0") == {
		"registry": "docker.io",
		"repository": "grafana/loki",
		"name": "grafana/loki",
		"tag": "3.0",
	}
}

test_spelled_out_docker_hub_is_the_short_name if {
	every reference in ["docker.io/library/nginx", "index.docker.io/library/nginx", "docker.io/nginx"] {
		image.parse(reference) == {"registry": "docker.io", "repository": "library/nginx", "name": "nginx"}
	}
}

test_spelled_out_docker_hub_with_an_owner if {
	image.parse("docker.io/grafana/loki").name == "grafana/loki"
}

test_digest_without_tag if {
	image.parse($"nginx@{digest}") == {
		"registry": "docker.io",
		"repository": "library/nginx",
		"name": "nginx",
		"digest": digest,
	}
}

test_tag_and_digest if {
	image.parse($"ghcr.io/a/b:1.2@{digest}") == {
		"registry": "ghcr.io",
		"repository": "a/b",
		"name": "ghcr.io/a/b",
		"tag": "1.2",
		"digest": digest,
	}
}

test_port_of_a_registry_is_no_tag if {
	image.parse("registry:5000/name") == {"registry": "registry:5000", "repository": "name", "name": "registry:5000/name"}
}

test_port_and_tag if {
	image.parse("localhost:5000/a/b:2") == {
		"registry": "localhost:5000",
		"repository": "a/b",
		"name": "localhost:5000/a/b",
		"tag": "2",
	}
}

test_localhost_is_a_registry if {
	image.parse("localhost/app") == {"registry": "localhost", "repository": "app", "name": "localhost/app"}
}

test_a_name_with_a_dot_and_no_path_is_on_docker_hub if {
	image.parse("my.app").registry == "docker.io"
}

test_what_is_no_reference_is_undefined if {
	every text in ["", "${BASE}", "a b", "nginx:", "nginx@sha256:1", "/nginx", "nginx:1:2", "$TAG"] {
		not image.parse(text)
	}
}

test_untagged if {
	image.is_untagged("nginx")
	image.is_untagged("registry:5000/name")
	not image.is_untagged("nginx:1")
	not image.is_untagged($"nginx@{digest}")
	not image.is_untagged("${BASE}")
}

test_latest if {
	image.is_latest("nginx:latest")
	not image.is_latest("nginx")
	not image.is_latest($"nginx:latest@{digest}")
	not image.is_latest("nginx:latest-alpine")
}
