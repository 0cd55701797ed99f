package policies.lib.base_image_test

import data.policies.lib.base_image

digest := "sha256:28bd5fe8b56d1bd048e5babf5b10710ebe0bae67db86916198a6eec434943f8b"

test_user_root if {
	every reference in [
		"alpine",
		"debian:13",
		$"ubuntu@{digest}",
		"docker.io/library/golang:1.25",
		"mirror.gcr.io/library/python:3",
		"public.ecr.aws/docker/library/node:24",
		"gcr.io/distroless/base-debian12",
		"mcr.microsoft.com/dotnet/aspnet:10.0",
		"cgr.dev/chainguard/wolfi-base",
		"registry.access.redhat.com/ubi9/ubi-minimal:9.6",
		"redhat/ubi9:9.6",
		"dhi.io/node:24-dev",
	] {
		base_image.user(reference) == "root"
	}
}

test_user_non_root if {
	every reference in [
		"gcr.io/distroless/static:nonroot",
		"gcr.io/distroless/base-debian12:debug-nonroot",
		"cgr.dev/chainguard/go:latest",
		"nginxinc/nginx-unprivileged:1.29",
		"nginx:1.29-unprivileged",
		"example.com/team/base-nonroot",
		"dhi.io/node:24",
		"mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled",
		"registry.access.redhat.com/ubi9/nodejs-22:1",
		"haproxy:3.2",
		"grafana/grafana:12",
		"quay.io/keycloak/keycloak:26",
		"bitnami/kubectl:1.33",
	] {
		base_image.user(reference) == "non-root"
	}
}

test_user_that_the_entry_point_drops_to if {
	every reference in ["redis:8", "postgres", "docker.io/library/mysql:9"] {
		base_image.user(reference) == "drops"
	}
}

test_user_of_windows if {
	every reference in [
		"mcr.microsoft.com/windows/servercore:ltsc2025",
		"mcr.microsoft.com/windows:1809",
		"mcr.microsoft.com/dotnet/framework/aspnet:4.8",
		"golang:1.25-nanoserver",
		"example/x:windowsservercore",
	] {
		base_image.user(reference) == "windows"
	}
}

test_user_unknown if {
	every reference in ["example/app:1", "registry.example.com/library/alpine:3", "${BASE}"] {
		not base_image.user(reference)
	}
}

test_libc_musl if {
	every reference in ["alpine:3", "golang:1.25-alpine", "example/app:1-alpine3.22", "rust:1-alpine"] {
		base_image.libc(reference) == "musl"
	}
}

test_libc_none if {
	every reference in ["scratch", "gcr.io/distroless/static", "gcr.io/distroless/static-debian12:nonroot"] {
		base_image.libc(reference) == "none"
	}
}

test_libc_glibc if {
	every reference in ["debian:13", "golang:1.25", "gcr.io/distroless/base-debian12:nonroot", "cgr.dev/chainguard/wolfi-base"] {
		base_image.libc(reference) == "glibc"
	}
}

test_libc_unknown if {
	every reference in ["example/app:1", "busybox:1.37"] {
		not base_image.libc(reference)
	}
}

test_toolchains if {
	every reference in [
		"golang:1.25",
		"maven:3-eclipse-temurin-21",
		"swift:6.2",
		"eclipse-temurin:21-jdk-alpine",
		"openjdk:8",
		"mcr.microsoft.com/dotnet/sdk:10.0",
		"cgr.dev/chainguard/go",
		"l.gcr.io/google/bazel",
	] {
		base_image.is_toolchain(reference)
	}
}

test_no_toolchains if {
	every reference in ["alpine:3", "swift:6.2-slim", "eclipse-temurin:21-jre", "node:24", "example/golang:1"] {
		not base_image.is_toolchain(reference)
	}
}

test_node if {
	base_image.is_node("node:24")
	not base_image.is_node("example/node:24")
}

test_c_compiler if {
	base_image.has_c_compiler("golang:1.25")
	not base_image.has_c_compiler("golang:1.25-alpine")
	not base_image.has_c_compiler("rust:1.90-slim")
	not base_image.has_c_compiler("debian:13")
}
