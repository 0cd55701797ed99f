"""Keeps compiled policies: the module, the catalog that describes it, and the sources it was made of."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Final, NamedTuple

from checker import catalog as catalogs
from checker import entrypoints, resources
from checker.errors import CheckerError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from checker.catalog import Catalog

MODULE: Final = "policies.wasm"
CATALOG: Final = "catalog.json"
DIGEST: Final = "digest"


class Bundle(NamedTuple):
    """Holds policies that are ready to run; `files` tells where the sources lie, by their path below `policies/`."""

    catalog: Catalog
    module: bytes
    files: Mapping[str, Path]

    def __repr__(self) -> str:
        return f"Bundle(revision={self.catalog.revision!r})"

    @property
    def sources(self) -> Mapping[str, str]:
        """Return the text of each file (`policies/<kind>/<rule>/<file>`)."""
        return {name: path.read_bytes().decode() for name, path in self.files.items()}

    @property
    def digest(self) -> str:
        """Return the digest of the module, which names it in caches."""
        return sha256(self.module).hexdigest()


def is_bundle(folder: Path) -> bool:
    """Tell whether `write` made a folder, rather than a person."""
    return (folder / DIGEST).is_file()


def builtin() -> Bundle:
    """Return the policies that travel with the program.

    Raises `CheckerError` in a checkout whose policies changed since they were compiled.
    """
    catalog = catalogs.load(resources.CATALOG)
    if resources.IS_CHECKOUT and revision(policy_files(resources.POLICIES)) != catalog.revision:
        message = "the policies changed since they were compiled: run `make policies`"
        raise CheckerError(message)
    return Bundle(catalog, resources.MODULE.read_bytes(), _files(catalog, resources.POLICIES.parent))


def read(folder: Path) -> Bundle:
    """Return the bundle in a folder; raises `CheckerError` where it is not what `write` left there."""
    try:
        catalog = catalogs.load(folder / CATALOG)
        bundle = Bundle(catalog, (folder / MODULE).read_bytes(), _files(catalog, folder))
        intact = (folder / DIGEST).read_text("ascii").strip() == _seal(bundle)
    except (OSError, ValueError):
        intact = False
    if not intact:
        message = f"{folder}: is not a complete bundle: compile it again with `checker compile`"
        raise CheckerError(message)
    return bundle


def write(bundle: Bundle, folder: Path) -> None:
    """Write a bundle into a folder, the digest last, so that what is incomplete is not taken for one."""
    for name, text in bundle.sources.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    (folder / CATALOG).write_bytes(catalogs.dump(bundle.catalog))
    (folder / MODULE).write_bytes(bundle.module)
    (folder / DIGEST).write_text(f"{_seal(bundle)}\n", "ascii")


def policy_files(folder: Path) -> dict[str, Path]:
    """Return the files that decide what the policies of a folder mean, by their path below `policies/`.

    These are Rego without its tests, and the profiles. Links are not followed.
    """
    files: dict[str, Path] = {}
    _collect(str(folder), "policies", files)
    return dict(sorted(files.items()))


def _files(catalog: Catalog, root: Path) -> dict[str, Path]:
    profiles = (f"policies/profiles/{name}.yaml" for name in catalog.profiles)
    return {name: root / name for name in (*catalog.modules, *profiles)}


def _collect(folder: str, name: str, files: dict[str, Path]) -> None:
    import os
    from pathlib import Path

    with os.scandir(folder) as entries:
        for entry in entries:
            path = f"{name}/{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                _collect(entry.path, path, files)
            elif _is_policy(path):
                files[path] = Path(entry.path)


def _is_policy(path: str) -> bool:
    if path.endswith(".rego"):
        return not path.endswith("_test.rego")
    return path.startswith("policies/profiles/") and path.endswith(".yaml")


def revision(files: Mapping[str, Path]) -> str:
    """Return the digest of policy files together with the code that is generated around them."""
    digest = sha256(entrypoints.TEMPLATE.encode())
    for name, path in files.items():
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123 - a scan waits for this: half the time of Path.open
            content = file.readall()
        digest.update(f"\0{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:32]


def _seal(bundle: Bundle) -> str:
    digest = sha256(catalogs.dump(bundle.catalog))
    digest.update(bundle.module)
    for name, text in sorted(bundle.sources.items()):
        digest.update(f"\0{name}\0{text}".encode())
    return digest.hexdigest()
