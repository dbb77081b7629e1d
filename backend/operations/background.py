"""What each server process does besides answering."""

from collections.abc import Callable

from inspections.records import worker


def start_background() -> Callable[[float], None]:
    """Issue waiting records; called once per process, after a fork and before it answers.

    Gives the function that ends it, waiting at most so many seconds for the record at hand.
    """
    thread = worker.start()

    def stop(timeout: float) -> None:
        worker.stop()
        thread.join(timeout)

    return stop
