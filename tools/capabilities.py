"""Writes policies/capabilities.json: the builtins that OPA compiles into a module, so that they need no host."""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).parent.parent))

from checker import resources
from checker.compiler import program
from checker.engines.module import Host

_SYNTAX: Final = {
    "assign": "x := input.x0",
    "eq": "x = input.x0",
    "internal.member_2": "input.x0 in input.x1\nx := 1",
    "internal.member_3": "input.x0, input.x1 in input.x2\nx := 1",
    "internal.template_string": 'x := $"a {input.x0}"',
}
"""What calls a builtin that has no name in Rego."""


def main() -> None:
    """Compile each builtin of the `opa` on the PATH alone, and keep those for which the module asks for nothing."""
    opa = program.find()
    capabilities = json.loads(_run(opa, Path(), "capabilities", "--current"))
    with ThreadPoolExecutor() as pool:
        stays = list(pool.map(lambda builtin: stays_inside(opa, builtin), capabilities["builtins"]))
    kept = [builtin for builtin, inside in zip(capabilities["builtins"], stays, strict=True) if inside]
    lines = ",\n".join(f"  {json.dumps(_essence(builtin), sort_keys=True)}" for builtin in kept)
    rest = {key: value for key, value in capabilities.items() if key != "builtins"}
    others = "".join(f",\n {json.dumps(key)}: {json.dumps(value)}" for key, value in sorted(rest.items()))
    (resources.POLICIES / "capabilities.json").write_text(f'{{\n "builtins": [\n{lines}\n ]{others}\n}}\n', "utf-8")


def stays_inside(opa: Path, builtin: Any) -> bool:
    """Tell whether a module that calls a builtin, and nothing else, names no builtin for its host to provide."""
    with tempfile.TemporaryDirectory(prefix="checker-") as name:
        folder = Path(name)
        (folder / "one.rego").write_text(f"package one\n\nanswer := x if {{\n{_call(builtin)}\n}}\n", "utf-8")
        try:
            _run(opa, folder, "build", "--target", "wasm", "--entrypoint", "one/answer", "one.rego")
        except subprocess.CalledProcessError as error:
            print(f"{builtin['name']} cannot be called from a module: {(error.stderr + error.stdout).strip()}")
            return False
        with tarfile.open(folder / "bundle.tar.gz") as archive:
            module = archive.extractfile("/policy.wasm")
            host = Host(module.read() if module else b"", None, 2**26)
    instance = host.instantiate()
    inside = instance.builtins == {}
    instance.close()
    host.close()
    return inside


def _call(builtin: Any) -> str:
    """Return the lines of a rule's body that call a builtin with what only the input knows."""
    names = [f"input.x{index}" for index in range(len(builtin["decl"].get("args", [])))]
    arguments = ", ".join(names)
    name = builtin["name"]
    if name in _SYNTAX:
        return _SYNTAX[name]
    if builtin.get("relation"):
        return f"{name}({arguments}, x)"
    return f"x := {name}({arguments})" if builtin["decl"].get("result") else f"{name}({arguments})\nx := 1"


def _essence(value: Any) -> Any:
    """Drop what OPA's documentation alone needs."""
    if isinstance(value, dict):
        return {key: _essence(item) for key, item in value.items() if key not in ("description", "categories")}
    if isinstance(value, list):
        return [_essence(item) for item in value]
    return value


def _run(opa: Path, folder: Path, *arguments: str) -> str:
    return subprocess.run([opa, *arguments], cwd=folder, capture_output=True, text=True, check=True).stdout


if __name__ == "__main__":
    main()
