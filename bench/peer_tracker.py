"""Stone Soup on made-up ballistic arcs, in an environment of its own, on one thread."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PEER = ROOT.parent / "shared" / "peers" / "tracker"
ENVIRONMENT = ROOT / ".venv-bench"
LOCK = ROOT / "requirements" / "bench.txt"
LONGEST_S = 240.0
ONE_THREAD = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One scenario; the arrays follow from these figures and the seed alone."""

    name: str
    targets: int
    scans: int = 60
    clutter: float = 20.0
    spread_m: float = 200e3
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerResult:
    """What the peer reached in as many scans as it had time for."""

    scans: int
    detections_per_cpu_s: float
    gospa_m: float
    false: float


def why_not() -> str | None:
    """The reason why the peer cannot be run here, if there is one."""
    if not (PEER / "bench_stonesoup.py").is_file():
        return "skipped: ../shared/peers/tracker is not there"
    return None


def make_environment() -> None:
    """Install the locked peer, hash by hash, where that was not done yet."""
    if (ENVIRONMENT / "installed").is_file():
        return
    python = ENVIRONMENT / "bin" / "python"
    pip = (str(python), "-m", "pip", "--disable-pip-version-check", "--no-input", "install")
    subprocess.run((sys.executable, "-m", "venv", str(ENVIRONMENT)), check=True)
    subprocess.run((*pip, "--quiet", "--require-hashes", "-r", str(LOCK)), check=True)
    (ENVIRONMENT / "installed").touch()


def run_peer(case: Case, arrays: Path) -> PeerResult:
    """Run the peer's faster set-up on a case; the arrays it worked on go to the file."""
    command = (
        str(ENVIRONMENT / "bin" / "python"),
        "bench_stonesoup.py",
        *("--assoc", "kdtree", "--save", str(arrays), "--max-seconds", str(LONGEST_S)),
        *("--targets", str(case.targets), "--scans", str(case.scans)),
        *("--clutter", str(case.clutter), "--spread", str(case.spread_m)),
        *("--seed", str(case.seed)),
    )
    environment = os.environ | ONE_THREAD | {"PYTHONDONTWRITEBYTECODE": "1"}
    finished = subprocess.run(
        command, cwd=PEER, env=environment, check=True, capture_output=True, text=True
    )
    result = json.loads(finished.stdout)
    return PeerResult(
        scans=result["scans"],
        detections_per_cpu_s=result["det_per_cpu_s"],
        gospa_m=result["gospa_m"],
        false=result["false"],
    )
