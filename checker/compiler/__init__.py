"""Compiles folders of policies with the `opa` of the user."""

from __future__ import annotations

import os
import shutil
import tarfile
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from checker import bundles, entrypoints, resources
from checker.bundles import Bundle
from checker.catalog import Catalog, Kind
from checker.compiler import metadata, modules, profiles, program
from checker.compiler.program import Opa
from checker.errors import CheckerError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from checker.catalog import Profile
    from checker.compiler.modules import Module
    from checker.model import Rule

_FACTS: Final = "facts"
_RESERVED: Final = frozenset({"lib", "profiles", entrypoints.PACKAGE})


def load(folders: Sequence[Path], base: Bundle) -> Bundle:
    """Return the policies of folders together with those of `base`, compiled now or, from the same files, before.

    Raises `CheckerError` as `compile_policies` does, and where there is no `opa`.
    """
    own = _gather(folders, base)
    digest = bundles.revision({**base.files, **own})
    path = resources.user_cache(os.environ) / "policies" / digest
    with suppress(CheckerError):
        return bundles.read(path)
    made = compile_policies(folders, base, program.find())
    with suppress(OSError):
        bundles.write(made, path)
    return made


def compile_policies(folders: Sequence[Path], base: Bundle | None, executable: Path) -> Bundle:
    """Return the policies of folders together with those of `base`.

    Raises `CheckerError` with file and line for whatever makes a policy unusable: it does not compile, recurses, uses
    a builtin that policies/capabilities.json does not allow, has no METADATA or an id that is taken, and the like.
    """
    own = _gather(folders, base)
    files = {**base.files, **own} if base else own
    with tempfile.TemporaryDirectory(prefix="checker-") as name:
        stage = Path(name)
        for logical, path in files.items():
            (stage / logical).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, stage / logical)
        opa = Opa(executable, stage, files)
        opa.require_version()
        catalog = _describe(own, files, base, opa)
        return Bundle(catalog, _build(catalog, opa), files)


def _gather(folders: Sequence[Path], base: Bundle | None) -> dict[str, Path]:
    """Return the files of folders by their path below `policies/`."""
    taken = dict(base.files) if base else {}
    files: dict[str, Path] = {}
    for folder in folders:
        if not folder.is_dir():
            message = f"{folder}: is not a folder of policies"
            raise CheckerError(message)
        for name, path in bundles.policy_files(folder).items():
            other = taken.setdefault(name, path)
            if other is not path:
                message = f"{path}:1: is there already: {other}"
                raise CheckerError(message)
            files[name] = path
    return files


def _describe(own: Mapping[str, Path], files: Mapping[str, Path], base: Bundle | None, opa: Opa) -> Catalog:
    """Return the catalog of all files, reading those of the base off its own catalog."""
    before = base.catalog if base else Catalog("", {})
    names = [name for name in own if name.endswith(".rego")]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        parsed = dict(zip(names, pool.map(lambda name: _parse(name, own[name], opa), names), strict=True))
    _refuse_taken(parsed, own, before)
    rules = dict(before.rules)
    annotations = metadata.by_package(opa.json("inspect", "--annotations", ".")) if names else {}
    kinds = _kinds(parsed, own, before)
    for name, module in parsed.items():
        rule = _rule(module, own[name], annotations)
        if rule and rule.objects and not kinds[rule.kind].has_objects:
            message = f"{own[name]}:{module.row}: names objects, but policies/lib/{rule.kind} does not tell them apart"
            raise CheckerError(message)
        if rule:
            rules[rule.id] = rule
    rules = dict(sorted(rules.items()))
    offsets = {name: module.offsets for name, module in parsed.items()}
    return Catalog(
        bundles.revision(files),
        rules,
        _profiles(files, rules),
        kinds,
        dict(sorted({**before.modules, **offsets}.items())),
    )


def _refuse_taken(parsed: Mapping[str, Module], own: Mapping[str, Path], before: Catalog) -> None:
    """Raise `CheckerError` for a second file of a rule, whose package another file has."""
    taken: set[tuple[str, ...]] = {("policies", rule.kind, rule.name) for rule in before.rules.values()}
    for name, module in parsed.items():
        if module.package in taken:
            message = f"{own[name]}:{module.row}: the id {'/'.join(module.package[1:])} is taken"
            raise CheckerError(message)
        if module.package[1] != "lib":
            taken.add(module.package)


def _parse(name: str, path: Path, opa: Opa) -> Module:
    parse = opa.json("parse", "--json-include", "locations", name)
    module = modules.read(parse, (opa.folder / name).read_bytes().decode(), path)
    folder = tuple(name.split("/")[:-1])
    if module.package != folder:
        shown = "/".join(module.package)
        message = (
            f"{path}:{module.row}: the package is that of the folder {shown}, but the file lies in {'/'.join(folder)}"
        )
        raise CheckerError(message)
    return module


def _rule(module: Module, path: Path, annotations: Mapping[tuple[str, ...], Any]) -> Rule | None:
    """Return the rule in a module, None for libraries and facts."""
    _, kind, *rest = module.package
    if kind == "lib" and rest:
        return None
    if len(rest) != 1 or kind in _RESERVED:
        message = f"{path}:{module.row}: lies neither in <kind>/<rule> nor in <kind>/{_FACTS} nor in lib/<name>"
        raise CheckerError(message)
    if kind not in known_kinds():
        message = f"{path}:{module.row}: there is no kind `{kind}`, only {', '.join(sorted(known_kinds()))}"
        raise CheckerError(message)
    if rest[0] == _FACTS:
        return None
    rule = metadata.read(kind, rest[0], annotations.get(module.package), path, module.row)
    if "deny" not in module.names or module.deny_row is not None:
        message = f"{path}:{module.deny_row or module.row}: has no set `deny` (`deny contains … if`)"
        raise CheckerError(message)
    return rule


def known_kinds() -> frozenset[str]:
    """Return the kinds of document that rules can be written for."""
    documents = resources.SCHEMAS / "documents"
    return frozenset({"project", *(path.stem for path in documents.glob("*.json"))})


def _kinds(parsed: Mapping[str, Module], own: Mapping[str, Path], before: Catalog) -> dict[str, Kind]:
    """Return each kind that has rules or facts."""
    facts = {kind.name for kind in before.kinds.values() if kind.has_facts}
    objects = {kind.name for kind in before.kinds.values() if kind.has_objects}
    found = set(before.kinds)
    for name, module in parsed.items():
        _, kind, *rest = module.package
        if kind == "lib" and "objects" in module.names:
            objects.add(rest[0])
        elif kind not in _RESERVED:
            found.add(kind)
            if rest == [_FACTS]:
                if _FACTS not in module.names:
                    message = f"{own[name]}:{module.row}: has no set `{_FACTS}`"
                    raise CheckerError(message)
                facts.add(kind)
    return {kind: Kind(kind, kind in facts, kind in objects) for kind in sorted(found)}


def _profiles(files: Mapping[str, Path], rules: Mapping[str, Rule]) -> dict[str, Profile]:
    found = (profiles.read(path, rules) for name, path in files.items() if name.endswith(".yaml"))
    return {profile.name: profile for profile in sorted(found, key=lambda profile: profile.name)}


def _build(catalog: Catalog, opa: Opa) -> bytes:
    """Return the WebAssembly module with one entry point a kind."""
    if not catalog.kinds:
        return b""
    names = sorted(catalog.modules)
    capabilities = str(resources.POLICIES / "capabilities.json")
    for kind in catalog.kinds.values():
        rules = [rule for rule in catalog.rules.values() if rule.kind == kind.name]
        name = f"{entrypoints.PACKAGE}.{kind.name}.rego"
        (opa.folder / name).write_text(entrypoints.write(kind, rules, catalog.revision), "utf-8")
        names.append(name)
    opa.json("check", "--capabilities", capabilities, *names)
    roots = [argument for kind in catalog.kinds for argument in ("--entrypoint", entrypoints.path(kind))]
    opa.run("build", "--target", "wasm", "--capabilities", capabilities, *roots, "--output", "bundle.tar.gz", *names)
    with tarfile.open(opa.folder / "bundle.tar.gz") as archive:
        member = archive.extractfile("/policy.wasm")
        if member is None:
            message = f"{opa.executable}: built no module"
            raise CheckerError(message)
        return member.read()
