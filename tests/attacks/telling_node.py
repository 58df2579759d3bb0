"""A node's process that tells a test every short-lived private key that it makes.

    python -m tests.attacks.telling_node --config node.json

Nothing else about it differs from `bongsu node`. The keys go to standard error, which is a pipe.
"""

import sys
from unittest.mock import patch

from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from bongsu.adapters.keys.cryptography_keys import CryptographyOpener
from bongsu.main import node_process, run


class TellingOpener(CryptographyOpener):
    """A short-lived key that is no secret."""

    def __init__(self) -> None:
        ml_kem, x25519 = MLKEM768PrivateKey.generate(), X25519PrivateKey.generate()
        super().__init__(ml_kem, x25519)
        told = ml_kem.private_bytes_raw().hex(), x25519.private_bytes_raw().hex()
        sys.stderr.write(f"short-lived {' '.join(told)}\n")
        sys.stderr.flush()


if __name__ == "__main__":
    sys.argv[1:1] = ["node"]
    with patch.object(node_process, "CryptographyOpener", TellingOpener):
        run()
