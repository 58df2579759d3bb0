"""The package's own build: the console's pages are in what is installed, and failing is said."""

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.processes
ROOT = Path(__file__).parents[1]
BUILT = "src/bongsu/console/data/web"
CARRIED = ("page.css", "fonts.css", "watch.js", "made-of.txt")
WITHIN_S = 120.0


def copied(parts: tuple[str, ...], to: Path) -> Path:
    """These parts of the checkout; not what npm installed."""
    for part in parts:
        source = ROOT / part
        if source.is_dir():
            leave = shutil.ignore_patterns("node_modules", "__pycache__", "*.egg-info")
            shutil.copytree(source, to / part, ignore=leave)
        else:
            shutil.copy(source, to / part)
    return to


def running(*arguments: str, at: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=at,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=WITHIN_S,
        check=False,
    )


def test_wheel_and_source_distribution_carry_the_built_pages_and_need_no_npm_then(
    tmp_path: Path,
) -> None:
    parts = ("build_backend", "web", "src", "pyproject.toml", "MANIFEST.in", "README.md")
    tree = copied((*parts, "LICENSE", "NOTICE"), tmp_path)
    # The wheel is built from the source distribution; npm could not install anything there.
    done = running("-m", "build", "--no-isolation", at=tree, npm_config_offline="true")
    assert done.returncode == 0, done.stdout + done.stderr
    (sdist,), (wheel,) = (tuple((tree / "dist").glob(kind)) for kind in ("*.tar.gz", "*.whl"))
    with tarfile.open(sdist) as packed:
        inside = {name.partition("/")[2] for name in packed.getnames()}
    for name in CARRIED:
        assert f"{BUILT}/{name}" in inside
    assert {"web/package-lock.json", "web/src/pages/watch.ts"} <= inside
    assert not any("node_modules" in name for name in inside)
    with zipfile.ZipFile(wheel) as packed_wheel:
        names = set(packed_wheel.namelist())
    for name in CARRIED:
        assert f"bongsu/console/data/web/{name}" in names
    assert sum(name.endswith(".woff2") for name in names) > 200
    assert "bongsu/console/data/words/ko.json" in names


def test_when_npm_fails_it_is_said_what_failed_and_where(tmp_path: Path) -> None:
    tree = copied(("build_backend", "web"), tmp_path)
    (tree / "web/package-lock.json").write_text("no lock file")
    done = running("build_backend/bongsu_build.py", at=tree)
    assert done.returncode == 2
    assert "the console's pages were not built: npm ci --include=dev failed in" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_lock_file_names_no_address() -> None:
    lock = (ROOT / "web/package-lock.json").read_text("utf-8")
    assert '"resolved"' not in lock
    assert "://" not in lock
    assert lock.count('"integrity"') > 20
