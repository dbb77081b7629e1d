"""What each server process does besides answering."""


def start_background() -> None:
    """Start the threads of this process; called once, after a fork and before the first request."""
