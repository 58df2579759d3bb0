"""A small scenario text, a flight of the published list and a truth made by hand."""

from math import radians

import numpy as np

from bongsu.exercise.truth import PAYLOAD, Truth, TruthObject, ground_point
from bongsu.physics.arrays import Floats
from bongsu.physics.fall import propagate_to_impact
from bongsu.physics.frames import enu_axes
from bongsu.physics.geodesy import geodetic_to_ecef
from bongsu.physics.propagation import propagate
from bongsu.physics.trajectory import Trajectory
from bongsu.vocabulary.estimates import ObjectClass
from bongsu.vocabulary.published_flight import PublishedFlight
from bongsu.vocabulary.units import UtcNs, after_seconds

FLIGHT_ID = "NK-2022-10-03-01"
LAUNCHED_AT = UtcNs(1_664_835_720_000_000_000)  # 2022-10-03T22:22:00Z
START = after_seconds(LAUNCHED_AT, -30.0)

SCENARIO = """
name = "EXERCISE small"
realm = "exercise"
made_up = true
seed = 7
start = "2022-10-03T22:21:30Z"

[[flights]]
published_id = "NK-2022-10-03-01"

[[nations]]
id = "KR"
node = "KR-1"

[[nations]]
id = "US"
node = "US-1"

[[links]]
between = ["KR", "US"]

[[sensors]]
id = "KR-RADAR-1"
nation = "KR"
kind = "radar"
latitude_deg = 36.5
longitude_deg = 127.5
height_m = 500.0
sigma_range_m = 30.0
sigma_azimuth_mrad = 1.0
sigma_elevation_mrad = 2.0
scan_interval_s = 2.0
scan_offset_s = 0.5
delay_s = 0.3
detection_probability = 0.9
clutter_per_scan = 5.0
maximum_range_km = 2000.0
minimum_elevation_deg = 3.0

[[sensors]]
id = "US-IR-1"
nation = "US"
kind = "infrared"
longitude_deg = 105.0
sigma_angle_urad = 30.0
scan_interval_s = 1.0
detection_probability = 0.9
clutter_per_scan = 1.0
cloud_height_km = 10.0

[[sensors]]
id = "US-SHIP-1"
nation = "US"
kind = "radar"
latitude_deg = 34.69
longitude_deg = 177.61
height_m = 20.0
sigma_range_m = 40.0
sigma_azimuth_mrad = 1.0
sigma_elevation_mrad = 1.0
scan_interval_s = 1.0
detection_probability = 1.0
clutter_per_scan = 0.0
maximum_range_km = 1500.0
minimum_elevation_deg = 1.0
near_fall_point = true

[[places]]
name = "Seoul"
nation = "KR"
latitude_deg = 37.57
longitude_deg = 126.98
radius_km = 60.0
"""


def published_flight(**changed: object) -> PublishedFlight:
    """The flight of 2022-10-03 over Japan; figures may be changed or taken away."""
    known: dict[str, object] = {
        "id": FLIGHT_ID,
        "date_utc": "2022-10-03T22:22Z",
        "launched_at": LAUNCHED_AT,
        "site": "Mupyong-ni",
        "latitude_rad": radians(40.611208),
        "longitude_rad": radians(126.425743),
        "type": "New IRBM 2022",
        "object_class": ObjectClass.IRBM,
        "apogee_m": 970e3,
        "range_m": 4_500e3,
        "flight_time_s": 1_320.0,
        "outcome": "success",
        "bearing_rad": radians(80.0),
        "source": "made up for tests",
    }
    return PublishedFlight(**{**known, **changed})  # type: ignore[arg-type]


PUBLISHED = {FLIGHT_ID: published_flight()}


def truth(*, launches: int = 1) -> Truth:
    """One arc a launch, 5 s apart: burning for 145 s; a slower stage parts at 150 s."""
    bodies = []
    for number in range(launches):
        launched_at = after_seconds(LAUNCHED_AT, 5.0 * number)
        flight_id = FLIGHT_ID if number == 0 else f"{FLIGHT_ID}-{number}"
        bodies += _bodies(flight_id, launched_at)
    return Truth(start=START, objects=tuple(bodies))


def _bodies(flight_id: str, launched_at: UtcNs) -> list[TruthObject]:
    ascent, state = _ascent()
    slower = np.concatenate([state[:3], 0.9 * state[3:]])
    return [
        TruthObject(
            flight_id=flight_id,
            name=name,
            launched_at=launched_at,
            launch_point=ground_point(ascent[0, :3]),
            path=trajectory(np.concatenate([before, _fall(begin, coefficient)])),
        )
        for name, begin, coefficient, before in (
            (PAYLOAD, state, np.inf, ascent[:-1]),
            ("stage 1", slower, 500.0, ascent[:0]),
        )
    ]


def trajectory(states: Floats, *, burning_s: tuple[tuple[float, float], ...] = ()) -> Trajectory:
    """States (T, 6) at each second; what begins at the launch place burns for 145 s."""
    at_launch = bool(np.all(states[0, 3:] == 0.0))
    time_s = np.arange(len(states), dtype=np.float64) + (0.0 if at_launch else 150.0)
    intervals = burning_s or (((0.0, 145.0),) if at_launch else ())
    burning = np.zeros(len(states), dtype=np.bool_)
    for begin, end in intervals:
        burning |= (begin <= time_s) & (time_s < end)
    return Trajectory(
        time_s=time_s,
        state_ecef=states,
        thrust_acceleration_ecef_mps2=np.zeros((len(states), 3)),
        stage=burning.astype(np.int_),
        burning=burning,
        landed=True,
    )


def _ascent() -> tuple[Floats, Floats]:
    """A parabola from rest at the launch place; (151, 6) at each second, and its end."""
    latitude, longitude = radians(40.611208), radians(126.425743)
    east, north, up = enu_axes(latitude, longitude)
    ahead = np.sin(radians(80.0)) * east + np.cos(radians(80.0)) * north
    acceleration = 16.0 * up + 26.0 * ahead
    time = np.arange(151.0)[:, None]
    place = geodetic_to_ecef(latitude, longitude, 0.0)
    position = place + 0.5 * acceleration * time**2
    states = np.concatenate([position, acceleration * time], axis=1)
    return states, states[-1]


def _fall(state: Floats, coefficient: float) -> Floats:
    impact = propagate_to_impact(state[None], ballistic_coefficient_kgpm2=coefficient)
    states = [state]
    for _ in range(int(impact.time_s[0])):
        states.append(propagate(states[-1], 1.0, ballistic_coefficient_kgpm2=coefficient))
    return np.array(states)
