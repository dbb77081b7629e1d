"""One background thread per process that draws and signs what waits.

A row that waits is the queue: the thread only shortens the wait. What a killed process left
undone, the next start or the next look finds.
"""

import logging
import threading

from django.db import close_old_connections

from inspections.records import addenda, lifecycle

LOOK_EVERY_S = 15.0

logger = logging.getLogger(__name__)
_wake = threading.Event()
_stop = threading.Event()


def start() -> threading.Thread:
    """Begin to issue records, first of all those that an earlier process left."""
    _stop.clear()
    _wake.set()
    thread = threading.Thread(target=_run, name="issue-records", daemon=True)
    thread.start()
    return thread


def wake() -> None:
    """There is something to draw. Cheap, and harmless where no thread runs."""
    _wake.set()


def stop() -> None:
    """Let the thread end after the record at hand."""
    _stop.set()
    _wake.set()


def _run() -> None:
    while not _stop.is_set():
        _wake.wait(LOOK_EVERY_S)
        _wake.clear()
        if _stop.is_set():
            return
        close_old_connections()
        try:
            lifecycle.issue_waiting(_stop.is_set)
            addenda.issue_waiting(_stop.is_set)
        except Exception:
            logger.exception("records could not be issued")
        finally:
            close_old_connections()
