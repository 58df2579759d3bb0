"""Batches from sensors and trackers: verified before they are read, and never twice."""

import dataclasses
import math

import msgspec
import pytest
from tests.records.made_up_nations import (
    DAY_NS,
    KR,
    NOW,
    RADAR,
    TRACK,
    TRACKER,
    US,
    VERIFIER,
    nation,
    trust,
)

from bongsu.records.batch import (
    BATCH,
    SIGNED_BATCH,
    Batch,
    BatchKind,
    ReplayGuard,
    SignedBatch,
    open_batch,
    sign_batch,
)
from bongsu.records.batch_bodies import picture_body, picture_of, plots_body, plots_of
from bongsu.vocabulary.clock_doubt import ClockSuspicion
from bongsu.vocabulary.errors import LocalMisuse, PeerViolation
from bongsu.vocabulary.plot import Platform, PlotBatch, TrackedPlot, TrackedScan
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.sensor import SensorKind
from bongsu.vocabulary.sensor_bias import SensorBias
from bongsu.vocabulary.track import TrackPicture
from bongsu.vocabulary.units import MonotonicNs, SensorId, UtcNs

EXERCISE = Realm.EXERCISE
PLOTS = PlotBatch(
    sensor_id=RADAR,
    realm=EXERCISE,
    sequence=3,
    observed_at=NOW,
    emitted_at=MonotonicNs(17),
    measurements=((1e6, 0.5, 0.1), (2e6, -0.5, 0.2)),
)
SCAN = TrackedScan(
    sensor_id=RADAR,
    sensor_kind=SensorKind.RADAR,
    observed_at=NOW,
    latitude_rad=0.6,
    longitude_rad=2.2,
    height_m=500.0,
    sigmas=(30.0, 1e-3, 1e-3),
    plots=(TrackedPlot(track_id=TRACK.track_id, measurement=(1e6, 0.5, 0.1)),),
)
PICTURE = TrackPicture(
    at=NOW,
    tracks=(TRACK,),
    refused_plots=1,
    quarantined_plots=2,
    silent_sensors=(RADAR,),
    scans=(SCAN,),
    clock=ClockSuspicion(
        sensors=(RADAR, SensorId("KR-RADAR-2")),
        slow_s=4.0,
        followed=True,
    ),
    off_time_sensors=(SensorId("KR-IR-1"),),
    biases=(
        SensorBias(
            sensor_id=RADAR,
            kind=SensorKind.RADAR,
            offsets=(30.0, 1e-3, -2e-3),
            sigmas=(9.0, 1e-4, 2e-4),
            correction=(28.0, 1e-3, -2e-3),
            suspicion="odd",
        ),
    ),
)


def signed_plots(sequence: int = 3, *, source: str = RADAR, nation_name: str = "KR") -> bytes:
    signer = nation(KR if nation_name == "KR" else US, EXERCISE).sensor
    return sign_batch(
        BatchKind.PLOTS,
        plots_body(PLOTS),
        signer,
        realm=EXERCISE,
        source=source,
        sequence=sequence,
    )


def opened(
    data: bytes,
    *,
    kind: BatchKind = BatchKind.PLOTS,
    guard: ReplayGuard | None = None,
    now: int = NOW,
) -> Batch:
    return open_batch(
        data,
        kind=kind,
        nation=KR,
        trust=trust(EXERCISE),
        verifier=VERIFIER,
        guard=guard or ReplayGuard(),
        now=UtcNs(now),
    )


def test_plots_come_out_as_they_went_in() -> None:
    assert plots_of(opened(signed_plots())) == PLOTS


def test_a_picture_comes_out_as_it_went_in() -> None:
    data = sign_batch(
        BatchKind.PICTURE,
        picture_body(PICTURE),
        nation(KR, EXERCISE).tracker,
        realm=EXERCISE,
        source=TRACKER,
        sequence=1,
    )
    assert picture_of(opened(data, kind=BatchKind.PICTURE)) == PICTURE


def test_a_batch_played_back_is_refused() -> None:
    guard = ReplayGuard()
    data = signed_plots(3)
    opened(data, guard=guard)
    for replay in (data, signed_plots(2)):
        with pytest.raises(PeerViolation, match="is not after 3"):
            opened(replay, guard=guard)
    opened(signed_plots(5), guard=guard)  # a lost batch is no fault of the next one


def test_a_forged_batch_does_not_move_the_guard() -> None:
    guard = ReplayGuard()
    forged = signed_plots(900, nation_name="US")
    with pytest.raises(PeerViolation, match="batch of KR-RADAR-1 refused"):
        opened(forged, guard=guard)
    opened(signed_plots(1), guard=guard)


def changed(**changes: object) -> bytes:
    """A batch changed on the way, under the signature that it had."""
    signed = SIGNED_BATCH.decode(signed_plots())
    batch = BATCH.encode(msgspec.structs.replace(BATCH.decode(signed.batch), **changes))
    return SIGNED_BATCH.encode(SignedBatch(batch=batch, signature=signed.signature))


@pytest.mark.parametrize(
    "changes",
    [{"sequence": 4}, {"body": b"\xc1"}],
    ids=["sequence", "body"],
)
def test_any_part_of_a_batch_that_was_changed_fails_its_signature(
    changes: dict[str, object],
) -> None:
    with pytest.raises(PeerViolation, match="does not verify"):
        opened(changed(**changes))


def test_a_partners_sensor_does_not_feed_our_tracker() -> None:
    with pytest.raises(PeerViolation, match="US-RADAR-1 is no source of KR"):
        opened(signed_plots(source="US-RADAR-1", nation_name="US"))


def test_a_batch_marked_anew_is_refused_before_its_signature_is_asked() -> None:
    with pytest.raises(PeerViolation, match="marked LIVE, here is EXERCISE"):
        opened(changed(realm=Realm.LIVE))
    with pytest.raises(PeerViolation, match="it holds picture, wanted are plots"):
        opened(changed(kind=BatchKind.PICTURE))


def test_the_body_is_not_read_before_the_signature_verified() -> None:
    with pytest.raises(PeerViolation, match="does not verify"):
        opened(changed(body=b"\xc1"))


def test_a_trackers_key_signs_no_plots_and_a_sensors_no_picture() -> None:
    by_tracker = sign_batch(
        BatchKind.PLOTS,
        plots_body(PLOTS),
        nation(KR, EXERCISE).tracker,
        realm=EXERCISE,
        source=TRACKER,
        sequence=1,
    )
    with pytest.raises(PeerViolation, match="sensor KR-TRACKER-1 is unknown"):
        opened(by_tracker)
    with pytest.raises(PeerViolation, match="it holds plots, wanted are picture"):
        opened(signed_plots(), kind=BatchKind.PICTURE)


def test_a_sensor_whose_key_has_expired_is_refused() -> None:
    with pytest.raises(PeerViolation, match="not valid at"):
        opened(signed_plots(), now=NOW + 2 * DAY_NS)


def test_more_sources_than_the_bound_are_refused() -> None:
    guard = ReplayGuard(maximum_sources=1)
    guard.accept("KR-RADAR-1", 1)
    guard.accept("KR-RADAR-1", 2)
    with pytest.raises(PeerViolation, match="one source more"):
        guard.accept("KR-RADAR-2", 1)


def test_a_batch_with_a_body_of_another_form_is_refused() -> None:
    for body in (b"", b"\xc1", b"\x93\x01\x02\x03", plots_body(PLOTS) + b"\x00"):
        data = sign_batch(
            BatchKind.PLOTS,
            body,
            nation(KR, EXERCISE).sensor,
            realm=EXERCISE,
            source=RADAR,
            sequence=1,
        )
        with pytest.raises(PeerViolation, match="batch of plots refused"):
            plots_of(opened(data))


def test_a_plot_that_is_no_number_is_passed_on_for_the_tracker_to_refuse_and_count() -> None:
    plots = dataclasses.replace(PLOTS, measurements=((math.nan, 0.0, 0.0), (1.0, 2.0, 3.0)))
    data = sign_batch(
        BatchKind.PLOTS,
        plots_body(plots),
        nation(KR, EXERCISE).sensor,
        realm=EXERCISE,
        source=RADAR,
        sequence=1,
    )
    first, second = plots_of(opened(data)).measurements
    assert math.isnan(first[0])
    assert second == (1.0, 2.0, 3.0)


def test_a_picture_with_a_figure_that_is_no_number_is_never_sent() -> None:
    track = dataclasses.replace(TRACK, position_ecef_m=(math.nan, 0.0, 0.0))
    with pytest.raises(LocalMisuse, match="picture cannot be sent"):
        picture_body(dataclasses.replace(PICTURE, tracks=(track,)))


def test_plots_that_are_no_numbers_at_all_are_never_sent() -> None:
    plots = dataclasses.replace(PLOTS, measurements=(("far", "up"),))  # type: ignore[arg-type]
    with pytest.raises(LocalMisuse, match="plots cannot be sent"):
        plots_body(plots)


def test_plots_of_a_sensor_that_moves_come_with_its_place() -> None:
    platform = Platform(
        position_ecef_m=(-3.1e6, 4.0e6, 3.9e6), velocity_ecef_mps=(5.0, -7_000.0, 1.5)
    )
    moving = dataclasses.replace(PLOTS, platform=platform)
    data = sign_batch(
        BatchKind.PLOTS,
        plots_body(moving),
        nation(KR, EXERCISE).sensor,
        realm=EXERCISE,
        source=RADAR,
        sequence=PLOTS.sequence,
    )
    assert plots_of(opened(data)) == moving
    astray = dataclasses.replace(platform, position_ecef_m=(math.nan, 0.0, 0.0))
    with pytest.raises(LocalMisuse, match="plots cannot be sent"):
        plots_body(dataclasses.replace(PLOTS, platform=astray))


def test_plots_of_a_sensor_that_stands_have_the_bytes_that_they_always_had() -> None:
    assert plots_body(PLOTS)[:1] == b"\x93"


def test_an_empty_scan_is_a_batch_too() -> None:
    plots = dataclasses.replace(PLOTS, measurements=(), sensor_id=SensorId("KR-RADAR-1"))
    data = sign_batch(
        BatchKind.PLOTS,
        plots_body(plots),
        nation(KR, EXERCISE).sensor,
        realm=EXERCISE,
        source=RADAR,
        sequence=3,
    )
    assert plots_of(opened(data)) == plots
