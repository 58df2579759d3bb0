"""Where a nation's keys are: one folder for each machine or person that needs some of them.

root/                   take it offline: the root's keys and the authority of the links
nodes/KR-1/             to the node's machine, and nothing else
trackers/KR-TRACKER-1/  to the tracker's machine
sensors/KR-RADAR-1/     to each sensor's machine
officers/KR-OFFICER-1/  to the officer; never to a node
public/                 the only part to give out
trust/                  the public parts of every nation that this one believes
"""

from dataclasses import dataclass
from pathlib import Path

from bongsu.records.certificate import Role
from bongsu.vocabulary.realm import Realm
from bongsu.vocabulary.units import NationId, NodeId


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyFolders:
    """Where a nation's keys are; each subject has a folder of its own."""

    folder: Path
    nation: NationId

    @property
    def root(self) -> Path:
        return self.folder / "root"

    @property
    def public(self) -> Path:
        return self.folder / "public"

    @property
    def trust(self) -> Path:
        return self.folder / "trust"

    @property
    def certificates(self) -> Path:
        return self.public / certificates_file(self.nation)

    @property
    def revocations(self) -> Path:
        return self.public / revocations_file(self.nation)

    def of(self, role: Role, subject: str) -> Path:
        """The folder of one node, tracker, sensor or officer."""
        return self.root if role is Role.ROOT else self.folder / f"{role.value}s" / subject


@dataclass(frozen=True, slots=True, kw_only=True)
class NationPlan:
    """Whose keys to make."""

    nation: NationId
    realm: Realm
    site: int
    sensors: tuple[str, ...]
    officers: tuple[str, ...]
    hosts: tuple[str, ...] = ()

    @property
    def node(self) -> NodeId:
        return NodeId(f"{self.nation}-{self.site}")

    @property
    def tracker(self) -> str:
        return tracker_name(self.nation, self.site)

    @property
    def subjects(self) -> tuple[tuple[Role, str], ...]:
        """Everything to certify, in order."""
        return (
            (Role.NODE, self.node),
            (Role.TRACKER, self.tracker),
            *((Role.SENSOR, sensor) for sensor in self.sensors),
            *((Role.OFFICER, officer) for officer in self.officers),
        )


def tracker_name(nation: NationId, site: int) -> str:
    """The name under which a site's tracker signs its pictures."""
    return f"{nation}-TRACKER-{site}"


def certificates_file(nation: NationId) -> str:
    """The name of a nation's public certificate file."""
    return f"{nation}.certificates"


def revocations_file(nation: NationId) -> str:
    """The name of the file of a nation's keys that have ended."""
    return f"{nation}.revocations"
