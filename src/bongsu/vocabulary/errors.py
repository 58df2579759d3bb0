"""One root; three answers to 'what do I do now?'."""


class BongsuError(Exception):
    """Root of every error that Bongsu raises on purpose; always says how to mend it."""

    def __init__(self, what: str, *, remedy: str) -> None:
        super().__init__(f"{what}. {remedy}")
        self.what = what
        self.remedy = remedy


class LocalMisuse(BongsuError):
    """We broke a rule: mend our call, file or configuration."""


class PeerViolation(BongsuError):
    """A peer, sensor or stored byte broke a rule: refuse it, count it, keep the evidence."""


class Unavailable(BongsuError):
    """Nobody broke a rule: try again later."""
