"""What roots stated about keys, exactly as they signed it: to be kept and passed on.

Each statement is known by its own bytes, without signatures: the same said twice is one.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from bongsu.records.certificate import CERTIFICATE, SignedCertificate
from bongsu.records.revocation import REVOCATION, SignedRevocation
from bongsu.vocabulary.units import NationId

_Wanted = Callable[[bytes], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyStatements:
    """Signed certificates and revocations, by their own bytes; not verified by this."""

    certificates: Mapping[bytes, SignedCertificate] = field(
        default_factory=lambda: MappingProxyType({})
    )
    revocations: Mapping[bytes, SignedRevocation] = field(
        default_factory=lambda: MappingProxyType({})
    )

    def __bool__(self) -> bool:
        return bool(self.certificates or self.revocations)

    def with_all(self, others: "KeyStatements") -> "KeyStatements":
        """These and the others; what was here stays as it was signed first."""
        return KeyStatements(
            certificates={**others.certificates, **self.certificates},
            revocations={**others.revocations, **self.revocations},
        )

    def without(self, others: "KeyStatements") -> "KeyStatements":
        """What the others lack."""
        return self._those(
            lambda data: data not in others.certificates,
            lambda data: data not in others.revocations,
        )

    def about(self, subject: str) -> "KeyStatements":
        """Those that speak of one name; PeerViolation for bytes that are no statement."""
        return self._those(
            lambda data: CERTIFICATE.decode(data).subject == subject,
            lambda data: REVOCATION.decode(data).subject == subject,
        )

    def of_nation(self, nation: NationId) -> "KeyStatements":
        """Those of one nation; PeerViolation for bytes that are no statement."""
        return self._those(
            lambda data: CERTIFICATE.decode(data).nation == nation,
            lambda data: REVOCATION.decode(data).nation == nation,
        )

    def _those(self, certificate: _Wanted, revocation: _Wanted) -> "KeyStatements":
        return KeyStatements(
            certificates={d: one for d, one in self.certificates.items() if certificate(d)},
            revocations={d: one for d, one in self.revocations.items() if revocation(d)},
        )


NO_STATEMENTS = KeyStatements()


def key_statements(
    certificates: Iterable[SignedCertificate] = (), revocations: Iterable[SignedRevocation] = ()
) -> KeyStatements:
    """Statements as they came from a file or a record."""
    return KeyStatements(
        certificates={one.certificate: one for one in certificates},
        revocations={one.revocation: one for one in revocations},
    )
