"""Random bytes for salts, drawn from the system many at a time; none is given out twice."""

from bongsu.node.ports import Entropy

BLOCK_BYTES = 16 * 1024


class SaltBlock:
    """Gives what it drew, and draws again. For one thread."""

    def __init__(self, entropy: Entropy) -> None:
        self._entropy = entropy
        self._block = b""
        self._given = 0

    def __call__(self, size: int) -> bytes:
        """So many random bytes."""
        if size > len(self._block) - self._given:
            self._block = self._entropy(max(size, BLOCK_BYTES))
            self._given = 0
        begun, self._given = self._given, self._given + size
        return self._block[begun : self._given]
