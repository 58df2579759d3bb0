"""What seeing and missing do to rows of the table."""

import numpy as np

from bongsu.tracking.arrays import Floats, Indices, Mask
from bongsu.tracking.association.gating import Pairs
from bongsu.tracking.flight.filtering import Innovations, update
from bongsu.tracking.flight.manoeuvre import judge
from bongsu.tracking.flight.track_table import LOG_ODDS_CEILING, Rows, remember
from bongsu.tracking.radar.look import Look
from bongsu.tracking.radar.measurement import covered, linear_within_m
from bongsu.tracking.radar.range_rate import updated_by_range_rate


def updated(rows: Rows, pairs: Pairs, gain: Floats, innovation: Innovations, look: Look) -> Rows:
    """Copies of the rows of the pairs (p,), each updated with its plot.

    gain: (p,), of log-odds. innovation: of all rows.
    """
    copies = rows.take(pairs.track)
    if len(copies) == 0:
        return copies
    radar = look.station.radar
    plots = look.scan.plots[pairs.plot]
    copies["state"], copies["covariance"] = update(
        copies["state"],
        copies["covariance"],
        innovation.of(pairs.track),
        plots,
        sensing=look.sensing,
        noise=radar.noise,
        linear_within_m=linear_within_m(radar, plots),
    )
    if look.scan.rates is not None:
        copies["state"], copies["covariance"] = updated_by_range_rate(
            copies["state"],
            copies["covariance"],
            look.scan.rates[pairs.plot],
            radar,
            since_s=look.scan.since_s,
        )
    copies["log_odds"] = np.minimum(copies["log_odds"] + gain, LOG_ODDS_CEILING)
    copies["hits"] += 1
    judge(copies, pairs.squared, look.settings)
    remember(copies, look.scan.serials[pairs.plot])
    _mark_seen(copies, look)
    return copies


def note_plots(
    rows: Rows, plot: Indices, squared: Floats, gain: Floats, owns: Mask, look: Look
) -> None:
    """Note plots of the scan (k,) that these rows (k,), already updated with them, share.

    squared: (k,), how well each plot fits; gain: (k,), of log-odds. Only where a row `owns` its
    plot does that count as one of its own.
    """
    rows["log_odds"] = np.minimum(rows["log_odds"] + gain, LOG_ODDS_CEILING)
    rows["hits"] += owns
    judge(rows, squared, look.settings)
    owned = rows[owns]
    remember(owned, look.scan.serials[plot[owns]])
    rows[owns] = owned
    _mark_seen(rows, look)


def miss(rows: Rows, innovation: Innovations, look: Look) -> None:
    """Count not being seen against the rows that the radar should have seen."""
    should = covered(look.station.radar, innovation.expected.plots, innovation.covariance)
    rows["log_odds"] += look.around.log_missed * should


def _mark_seen(rows: Rows, look: Look) -> None:
    scan, station = look.scan, look.station
    np.minimum(rows["first_observed_ns"], scan.observed_ns, out=rows["first_observed_ns"])
    np.maximum(rows["last_observed_ns"], scan.observed_ns, out=rows["last_observed_ns"])
    rows["last_emitted_ns"] = scan.emitted_ns
    rows["interval_ns"] = station.interval_ns
    rows["sensors"] |= 1 << station.index
