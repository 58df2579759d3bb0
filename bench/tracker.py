"""The tracker beside Stone Soup, on the same arrays."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from bench.peer_tracker import (
    ONE_THREAD,
    Case,
    PeerResult,
    make_environment,
    run_peer,
    why_not,
)
from bench.row import BenchRow

CASES = (
    Case(name="10 targets", targets=10),
    Case(name="50 targets", targets=50),
    Case(name="200 targets", targets=200),
    Case(name="1,000 targets", targets=1_000, scans=30),
    Case(name="50 in a crowd", targets=50, clutter=300.0, spread_m=20e3, scans=30),
)
SPEED_UP = 200.0
EQUAL = 1.005  # where all tracks stand, every efficient filter has the same error to 0.5 %
OWN_RUNS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnResult:
    """The summary of `bongsu track --json`."""

    detections_per_cpu_s: float
    worst_scan_ms: float
    gospa_m: float
    false: float


def rows() -> Iterator[BenchRow]:
    """Speed and accuracy in each case; one row that says so where the peer is not there."""
    reason = why_not()
    if reason is not None:
        yield BenchRow(name="tracker beside Stone Soup", value=None, unit="", note=reason)
        return
    make_environment()
    with tempfile.TemporaryDirectory() as folder:
        for case in CASES:
            arrays = Path(folder) / "arrays.npz"
            peer = run_peer(case, arrays)
            _keep_scans(arrays, peer.scans)
            yield from _rows_of(case, peer, run_own(arrays))


def run_own(arrays: Path, *, runs: int = OWN_RUNS) -> OwnResult:
    """The middle one, by speed, of several runs: a run takes a few hundredths of a second."""
    results = sorted(
        (_run_once(arrays) for _ in range(runs)), key=lambda one: one.detections_per_cpu_s
    )
    return results[runs // 2]


def _run_once(arrays: Path) -> OwnResult:
    """Run `bongsu track` in a process of its own, as a user would."""
    finished = subprocess.run(
        (sys.executable, "-m", "bongsu", "track", str(arrays), "--json"),
        env=os.environ | ONE_THREAD,
        check=True,
        capture_output=True,
        text=True,
    )
    summary = json.loads(finished.stdout)["summary"]
    return OwnResult(
        detections_per_cpu_s=summary["detections_per_cpu_s"],
        worst_scan_ms=summary["worst_scan_ms"],
        gospa_m=summary["gospa_m"],
        false=summary["false"],
    )


def _keep_scans(arrays: Path, scans: int) -> None:
    """Cut the arrays to the scans that the peer had time for."""
    with np.load(arrays, allow_pickle=False) as archive:
        content = {name: archive[name] for name in archive.files}
    kept = content["det_scan"] < scans
    if kept.all():
        return
    for name in ("det", "det_scan", "det_truth"):
        content[name] = content[name][kept]
    content["truth_enu"] = content["truth_enu"][:scans]
    np.savez(arrays, **content)


def _rows_of(case: Case, peer: PeerResult, own: OwnResult) -> Iterator[BenchRow]:
    ratio = own.detections_per_cpu_s / peer.detections_per_cpu_s
    yield BenchRow(
        name=f"tracker, {case.name}: speed beside Stone Soup",
        value=own.detections_per_cpu_s,
        unit="plots per CPU s",
        floor_or_peer=peer.detections_per_cpu_s,
        ratio=ratio,
        target=f">= {SPEED_UP:g} times",
        met=ratio >= SPEED_UP,
        note=f"{peer.scans} scans (of {case.scans} asked for), worst {own.worst_scan_ms:.1f} ms",
    )
    yield BenchRow(
        name=f"tracker, {case.name}: GOSPA beside Stone Soup",
        value=own.gospa_m,
        unit="m",
        floor_or_peer=peer.gospa_m,
        ratio=own.gospa_m / peer.gospa_m,
        target="no worse",
        met=own.gospa_m <= EQUAL * peer.gospa_m,
        note=f"false tracks a scan {own.false:.2f}, peer {peer.false:.2f}",
    )
