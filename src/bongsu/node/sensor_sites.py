"""Where our own sensors stand, as our configuration says: for people's maps."""

from typing import Any

from bongsu.node.control import NoBody
from bongsu.node.services import Services
from bongsu.vocabulary.sensor import SensorSite


class SensorSites:
    """Answers from the configuration; nothing of it leaves the node otherwise."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def as_seen(self, _: NoBody) -> object:
        """Every site as plain values; none where the configuration names none."""
        services = self._services
        return {
            "node": services.me.node,
            "realm": services.me.realm.value,
            "sites": [_plain(site) for site in services.sites],
        }


def _plain(site: SensorSite) -> dict[str, Any]:
    return {
        "sensor": site.sensor_id,
        "nation": site.nation,
        "kind": site.kind.value,
        "latitude_rad": site.latitude_rad,
        "longitude_rad": site.longitude_rad,
        "height_m": site.height_m,
        "maximum_range_m": site.maximum_range_m or None,
        "minimum_elevation_rad": site.minimum_elevation_rad,
        "moves": site.greatest_speed_mps > 0.0,
    }
