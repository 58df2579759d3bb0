"""One session of the message engine, opened anew as often as it takes, on a thread of its own."""

import threading
from collections.abc import Callable

import zenoh

OPENED_AGAIN_AFTER_S = 0.2
CLOSED_WITHIN_S = 2.0
CHECKED_EVERY_S = 5.0


class Line:
    """`session` is None while there is none. Nothing here blocks its caller for long."""

    def __init__(
        self,
        open_session: Callable[[], zenoh.Session],
        fits: Callable[[], bool] = lambda: True,
    ) -> None:
        """`fits` is asked now and then whether the session is the right one still."""
        self.session: zenoh.Session | None = None
        self._open_session = open_session
        self._fits = fits
        self._again = threading.Event()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._keep_open, name="bongsu-line", daemon=True)

    def open_now(self) -> None:
        """Open in the caller's thread. Raises zenoh.ZError when that fails."""
        self.session = self._open_session()
        self._thread.start()

    def open_sometime(self) -> None:
        """Begin to open, and go on trying."""
        self._thread.start()

    def reopen(self) -> None:
        """Replace the session by a new one; asked twice, done once."""
        self._again.set()

    def end(self) -> None:
        """Begin to close for good."""
        self._closing.set()
        self._again.set()

    def has_ended(self, within_s: float) -> bool:
        """Wait until it is closed; a dead link may hold it up, and it returns False."""
        if self._thread.is_alive():
            self._thread.join(within_s)
        return not self._thread.is_alive()

    def _keep_open(self) -> None:
        while not self._closing.is_set():
            if self.session is None:
                self._try_to_open()
            elif self._again.wait(CHECKED_EVERY_S) or not self._fits():
                self._close_session()
        self._close_session()

    def _try_to_open(self) -> None:
        self._again.clear()
        try:
            self.session = self._open_session()
        except zenoh.ZError:
            # Nobody answers yet, or the port is still held by the session before.
            self._closing.wait(OPENED_AGAIN_AFTER_S)

    def _close_session(self) -> None:
        """A dead link may hold `close` up for ever: then it is left behind."""
        session, self.session = self.session, None
        if session is None:
            return
        closing = threading.Thread(target=_close, args=(session,), daemon=True)
        closing.start()
        closing.join(CLOSED_WITHIN_S)


def _close(session: zenoh.Session) -> None:
    try:
        session.close()  # type: ignore[no-untyped-call]
    except zenoh.ZError:
        return  # a dead link may refuse to be closed; there is nothing left to do with it
