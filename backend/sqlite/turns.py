"""Whose turn it is to write: first come, first served, within one process."""

import threading
from collections import deque


class Turns:
    """A lock that threads get in the order in which they asked for it."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._taken = False
        self._waiting: deque[threading.Lock] = deque()

    def take(self, timeout: float) -> bool:
        """Wait for the turn; False when it did not come within ``timeout`` seconds."""
        with self._mutex:
            if not self._taken:
                self._taken = True
                return True
            own = threading.Lock()
            own.acquire()
            self._waiting.append(own)
        if own.acquire(timeout=timeout):
            return True
        with self._mutex:
            if own not in self._waiting:  # handed over just now
                return True
            self._waiting.remove(own)
            return False

    def pass_on(self) -> None:
        """Hand the turn to whoever has waited longest."""
        with self._mutex:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False
