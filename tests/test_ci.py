"""Runs what people put into their pipelines, as far as a machine without the pipeline's service can."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parent.parent
CI = ROOT / "docs" / "ci"
ACTION = ROOT / "action.yml"
FIXTURES = ROOT / "fixtures" / "projects"
PLACEHOLDER = "example/checker@0000000000000000000000000000000000000000"


def run(*command: str | Path, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def service(tmp_path: Path) -> Path:
    """Return a copy of a service with the usual pitfalls."""
    return Path(shutil.copytree(FIXTURES / "go-service", tmp_path / "service"))


@pytest.mark.parametrize(
    ("schema", "file"),
    [
        ("vendor.github-actions", ACTION),
        ("vendor.github-workflows", CI / "github.yml"),
        ("vendor.gitlab-ci", CI / "gitlab.yml"),
        ("vendor.azure-pipelines", CI / "azure-pipelines.yml"),
    ],
)
def test_template_has_the_shape_that_its_service_asks_for(schema: str, file: Path) -> None:
    program = Path(sys.executable).with_name("check-jsonschema")
    done = run(program, "--regex-variant", "nonunicode", "--builtin-schema", schema, file)
    assert done.returncode == 0, done.stdout
    wrong = run(program, "--regex-variant", "nonunicode", "--builtin-schema", schema, ROOT / ".ci" / "checker.yaml")
    assert wrong.returncode == 1


def test_nothing_unsafe_is_found_in_action_and_workflow(tmp_path: Path) -> None:
    program = Path(sys.executable).with_name("zizmor")
    done = run(program, "--offline", "--no-progress", "--persona", "pedantic", ACTION, CI / "github.yml")
    assert (done.returncode, "No findings to report" in done.stdout) == (0, True), done.stdout
    unsafe = tmp_path / "action.yml"
    unsafe.write_text(ACTION.read_text().replace('exit "$CODE"', "exit ${{ inputs.paths }}"))
    assert "template-injection" in run(program, "--offline", "--no-progress", unsafe).stdout


def test_actionlint_finds_nothing_in_the_workflow(program: Callable[[str], Path], tmp_path: Path) -> None:
    done = run(program("actionlint"), "-shellcheck=", CI / "github.yml")
    assert (done.returncode, done.stdout) == (0, "")
    wrong = tmp_path / "wrong.yml"
    wrong.write_text((CI / "github.yml").read_text().replace("timeout-minutes", "timeout"))
    assert run(program("actionlint"), "-shellcheck=", wrong).returncode == 1


class Job:
    """Runs the steps of the composite action as GitHub's runner does: expressions replaced, files between steps."""

    def __init__(self, folder: Path, workspace: Path, **inputs: str) -> None:
        action = yaml.safe_load(ACTION.read_text())
        self.steps = action["runs"]["steps"]
        self._values = {f"inputs.{name}": str(one.get("default", "")) for name, one in action["inputs"].items()}
        self._values |= {f"inputs.{name.replace('_', '-')}": value for name, value in inputs.items()}
        self._values["inputs.python"] = sys.executable
        self._workspace = workspace
        self._outputs = folder / "outputs"
        self.summary = folder / "summary.md"
        self._environment = {
            "GITHUB_ACTION_PATH": str(ROOT),
            "GITHUB_OUTPUT": str(self._outputs),
            "GITHUB_STEP_SUMMARY": str(self.summary),
            "RUNNER_TEMP": str(folder),
        }

    def step(self, name: str) -> subprocess.CompletedProcess[str]:
        """Run a step, with what earlier ones said."""
        said = (
            dict(line.split("=", 1) for line in self._outputs.read_text().splitlines())
            if self._outputs.exists()
            else {}
        )
        values = self._values | {f"steps.scan.outputs.{key}": value for key, value in said.items()}
        step = next(one for one in self.steps if one["name"] == name)
        environment = {
            key: re.sub(r"\$\{\{ (.+?) \}\}", lambda match: values[match[1]], value)
            for key, value in step.get("env", {}).items()
        }
        shell = ("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c")
        return run(*shell, step["run"], cwd=self._workspace, **self._environment, **environment)


def test_steps_of_the_action_annotate_summarize_and_end_with_the_verdict(
    installed: Path, service: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "runner"
    folder.mkdir()
    job = Job(folder, service, arguments="--fail-on high --no-config", html_file="report.html")
    (folder / "checker").symlink_to(installed.parent)
    scanned = job.step("Scan")
    assert scanned.returncode == 0, scanned.stderr
    assert scanned.stdout.count("::error ") == 10
    assert "more in the log or the report" in scanned.stdout
    assert job.summary.read_text().startswith("## checker\n\n**Failed: ")
    assert json.loads((service / "checker.sarif").read_bytes())["runs"][0]["results"]
    assert (service / "report.html").read_text().startswith("<!DOCTYPE html>")
    assert job.step("Verdict").returncode == 1
    (service / "deploy" / "broken.yaml").write_text("apiVersion: v1\nkind: [\n")
    job.step("Scan")
    assert job.step("Verdict").returncode == 2


def test_action_passes_where_nothing_is_wrong(installed: Path, tmp_path: Path) -> None:
    workspace = Path(shutil.copytree(FIXTURES / "go-service-fixed", tmp_path / "service"))
    folder = tmp_path / "runner"
    folder.mkdir()
    job = Job(folder, workspace, paths="deploy Dockerfile")
    (folder / "checker").symlink_to(installed.parent)
    assert job.step("Scan").returncode == 0
    assert job.step("Verdict").returncode == 0
    assert "**Passed: no findings.**" in job.summary.read_text()


def test_action_installs_the_program_from_its_own_commit(tmp_path: Path) -> None:
    job = Job(tmp_path, tmp_path)
    done = job.step("Install")
    assert done.returncode == 0, done.stderr
    assert run(tmp_path / "checker" / "bin" / "checker", "--version").stdout.startswith("checker ")


def scripts() -> dict[str, str]:
    """Return what the other templates run in a shell."""
    gitlab = yaml.safe_load((CI / "gitlab.yml").read_text())["checker"]["script"]
    azure = next(
        step["bash"] for step in yaml.safe_load((CI / "azure-pipelines.yml").read_text())["steps"] if "bash" in step
    )
    jenkins = re.search(r"sh '''\n(.*?)'''", (CI / "Jenkinsfile").read_text(), re.DOTALL)
    assert jenkins
    return {
        "gitlab": "\n".join(gitlab),
        "azure": azure,
        "jenkins": jenkins[1].replace(".checker/bin/checker", "checker"),
    }


FILES = {
    "gitlab": {"gl-code-quality-report.json", "gl-sast-report.json", "checker.xml", "checker.html"},
    "azure": {"checker.xml", "checker.sarif", "checker.html"},
    "jenkins": {"checker.xml", "checkstyle.xml", "checker.html"},
}


@pytest.mark.parametrize("name", FILES)
def test_script_of_a_template_fails_with_its_reports_written(name: str, installed: Path, service: Path) -> None:
    before = {path.name for path in service.iterdir()}
    # what installs is tried once for all of them
    lines = [line for line in scripts()[name].splitlines() if "install" not in line and "venv" not in line]
    done = run("bash", "-eo", "pipefail", "-c", "\n".join(lines), cwd=service, PATH=f"{installed}:{os.environ['PATH']}")
    assert done.returncode == 1, done.stderr
    assert "Failed: " in done.stdout
    assert {path.name for path in service.iterdir()} - before == FILES[name]


def git(folder: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=ana", "-c", "user.email=ana@example.com", "-c", "commit.gpgsign=false")
    done = run("git", *identity, *arguments, cwd=folder)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("hook", ["checker", "checker-files"])
def test_hooks_run_in_a_real_repository(hook: str, service: Path, hooks: dict[str, Any]) -> None:
    git(service, "init", "-q")
    (service / ".pre-commit-config.yaml").write_text(
        f"repos:\n  - repo: {ROOT}\n    rev: {hooks['rev']}\n    hooks: [{{id: {hook}}}]\n"
    )
    git(service, "add", "-A")
    program = Path(sys.executable).with_name("pre-commit")
    failed = run(program, "run", "--all-files", "--verbose", cwd=service, **hooks["environment"])
    assert failed.returncode == 1, failed.stderr + failed.stdout
    assert "kubernetes/" in failed.stdout
    for name in ("Dockerfile", "deploy", "release"):
        git(service, "rm", "-rfq", name)
    for path in service.glob(".env*"):
        git(service, "rm", "-fq", path.name)
    (service / "ok.env").write_text("A=1\n")
    git(service, "add", "-A")
    passed = run(program, "run", "--all-files", cwd=service, **hooks["environment"])
    assert passed.returncode == 0, passed.stdout


@pytest.fixture(scope="module")
def hooks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return the commit whose hooks are tried, and an environment in which they are installed once."""
    rev = run("git", "rev-parse", "HEAD").stdout.strip()
    return {"rev": rev, "environment": {"PRE_COMMIT_HOME": str(tmp_path_factory.mktemp("pre-commit"))}}


def test_hooks_have_the_shape_that_pre_commit_asks_for() -> None:
    done = run(Path(sys.executable).with_name("pre-commit"), "validate-manifest", ".pre-commit-hooks.yaml")
    assert done.returncode == 0, done.stdout


def test_workflow_of_the_page_uses_the_inputs_that_the_action_has() -> None:
    action = yaml.safe_load(ACTION.read_text())
    steps = yaml.safe_load((CI / "github.yml").read_text())["jobs"]["checker"]["steps"]
    used = next(step for step in steps if step.get("uses") == PLACEHOLDER)
    assert used["with"].keys() <= action["inputs"].keys()
    assert all(re.search(r"@[0-9a-f]{40}$", step["uses"]) for step in steps)
