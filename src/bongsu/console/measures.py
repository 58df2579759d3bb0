"""Times, places and lengths in words: one way to write each, everywhere.

English texts are ASCII so that every terminal can show them. Digits follow the uncertainty: a
place known to 50 km is not written to ten metres.
"""

from math import degrees, isfinite

from bongsu.console.languages import Language, say
from bongsu.vocabulary.estimates import Ellipse, GeoPoint
from bongsu.vocabulary.units import NS_PER_S, UtcNs, seconds_between

KOREA_AND_JAPAN_S = 9 * 3600  # KST and JST: the same, the whole year
_DAY_S = 86_400
_DAY_OF_1970_FROM_0000_03_01 = 719_468


def clock_text(at: UtcNs) -> str:
    """Time of day in UTC, to the second below: 22:22:04Z."""
    of_day_s = at // NS_PER_S % _DAY_S
    return f"{of_day_s // 3600:02d}:{of_day_s // 60 % 60:02d}:{of_day_s % 60:02d}Z"


def korea_japan_text(at: UtcNs) -> str:
    """Time of day in Korea and Japan: 07:22:04 KST/JST."""
    there = UtcNs(at + KOREA_AND_JAPAN_S * NS_PER_S)
    return f"{clock_text(there).removesuffix('Z')} KST/JST"


def date_text(at: UtcNs) -> str:
    """Date in the proleptic Gregorian calendar: 2022-10-03.

    Source: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days.
    """
    days = at // NS_PER_S // _DAY_S + _DAY_OF_1970_FROM_0000_03_01
    era, day_of_era = divmod(days, 146_097)
    year_of_era = (
        day_of_era - day_of_era // 1460 + day_of_era // 36_524 - day_of_era // 146_096
    ) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    shifted_month = (5 * day_of_year + 2) // 153
    day = day_of_year - (153 * shifted_month + 2) // 5 + 1
    month = shifted_month + 3 if shifted_month < 10 else shifted_month - 9
    year = year_of_era + era * 400 + (1 if month <= 2 else 0)
    return f"{year:04d}-{month:02d}-{day:02d}"


def utc_text(at: UtcNs) -> str:
    """ISO 8601 in UTC, cut to the second: 2022-10-03T22:22:04Z."""
    return f"{date_text(at)}T{clock_text(at)}"


def elapsed_text(at: UtcNs, launched_at: UtcNs) -> str:
    """Scenario time since the true launch: T+02:25, T-00:10."""
    return elapsed_seconds_text(seconds_between(at, launched_at))


def elapsed_seconds_text(elapsed_s: float) -> str:
    """The same from seconds: T+02:25."""
    sign = "-" if elapsed_s < 0 else "+"
    whole_s = int(abs(elapsed_s))
    return f"T{sign}{whole_s // 60:02d}:{whole_s % 60:02d}"


def duration_text(duration_s: float, language: Language = Language.ENGLISH) -> str:
    """A span that is not negative: 12 min 04 s, or 42 s."""
    minutes, seconds = divmod(int(duration_s), 60)
    if not minutes:
        return say(language, "measure.seconds", seconds=seconds)
    return say(language, "measure.minutes", minutes=minutes, seconds=f"{seconds:02d}")


def length_km_text(length_m: float, language: Language = Language.ENGLISH) -> str:
    """A length in km with two or three digits that count, without the unit."""
    length_km = length_m / 1000
    if not isfinite(length_km):
        return say(language, "measure.not_known")
    return f"{length_km:.1f}" if abs(length_km) < 9.95 else f"{length_km:,.0f}"


def place_text(
    point: GeoPoint, *, within_m: float = 0.0, language: Language = Language.ENGLISH
) -> str:
    """Latitude and longitude in degrees; fewer digits the less it is known."""
    latitude_deg, longitude_deg = degrees(point.latitude_rad), degrees(point.longitude_rad)
    if not (isfinite(latitude_deg) and isfinite(longitude_deg)):
        return say(language, "measure.place_not_known")
    return place_deg_text(latitude_deg, longitude_deg, digits=_digits(within_m))


def place_deg_text(latitude_deg: float, longitude_deg: float, *, digits: int = 2) -> str:
    """The same from degrees: 40.61N 126.43E; longitudes beyond 180 are turned back."""
    longitude_deg = (longitude_deg + 180) % 360 - 180
    north = "S" if latitude_deg < 0 else "N"
    east = "W" if longitude_deg < 0 else "E"
    return f"{abs(latitude_deg):.{digits}f}{north} {abs(longitude_deg):.{digits}f}{east}"


def _digits(within_m: float) -> int:
    if within_m < 5_000:
        return 2
    return 1 if within_m < 100_000 else 0


def ellipse_text(ellipse: Ellipse, language: Language = Language.ENGLISH) -> str:
    """Semi-axes and probability: within 14 x 6.2 km (95 %)."""
    return say(
        language,
        "measure.ellipse",
        major=length_km_text(ellipse.semi_major_m, language),
        minor=length_km_text(ellipse.semi_minor_m, language),
        share=percent_text(ellipse.probability, language),
    )


def percent_text(probability: float, language: Language = Language.ENGLISH) -> str:
    """A probability; never rounded up to certainty or down to none."""
    if not 0.0 <= probability <= 1.0:
        return say(language, "measure.probability_not_known")
    if probability in (0.0, 1.0):
        return f"{probability:.0%}".replace("%", " %")
    if probability > 0.995:
        return ">99 %"
    return "<1 %" if probability < 0.005 else f"{100 * probability:.0f} %"
