"""A person gives a running node a nation's newest public part."""

from tests.node.made_up_world import KeptKeys, Machine
from tests.records.made_up_key_changes import next_node_key
from tests.records.made_up_nations import KR, nation

from bongsu.records.certificate import SIGNED_CERTIFICATE, SignedCertificate
from bongsu.records.revocation import SIGNED_REVOCATION, SignedRevocation

USB = "/media/usb/KR-1"


async def publish(
    machine: Machine,
    *statements: SignedCertificate | SignedRevocation,
    private: str | None = None,
) -> dict[str, object]:
    """What the command of that name does."""
    answer = await machine.node.control.call(
        "keys_publish",
        {
            "certificates": [
                SIGNED_CERTIFICATE.encode(one)
                for one in statements
                if isinstance(one, SignedCertificate)
            ],
            "revocations": [
                SIGNED_REVOCATION.encode(one)
                for one in statements
                if isinstance(one, SignedRevocation)
            ],
            "private": private,
        },
    )
    assert isinstance(answer, dict)
    return answer


def brought_along(machine: Machine) -> None:
    """The folder of Korea's next private key is at the machine."""
    kept = KeptKeys(own=nation(KR, machine.realm).node, folders={USB: next_node_key()})
    machine.kept_keys = kept
    machine.services.keyring.keeper = kept
