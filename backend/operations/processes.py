"""Several server processes behind one listening socket; the parent only keeps them alive."""

import logging
import os
import signal
import socket
import time
from contextlib import suppress

from django.db import connections
from django.db.backends.postgresql.base import DatabaseWrapper as PostgresqlConnection

from backend.operations import server

RESTART_S = 1.0
PATIENCE_S = server.STOP_S + 3

logger = logging.getLogger(__name__)


def serve(listener: socket.socket, count: int) -> None:
    """Run ``count`` processes until SIGTERM or SIGINT; one that dies is started again."""
    # A connection, or a pool with its threads, does not survive a fork.
    for connection in connections.all(initialized_only=True):
        connection.close()
        if isinstance(connection, PostgresqlConnection):
            connection.close_pool()
    supervisor = _Supervisor(listener)
    for _ in range(count):
        supervisor.start()
    supervisor.run()


class _Supervisor:
    def __init__(self, listener: socket.socket) -> None:
        self.listener = listener
        self.children: set[int] = set()
        self.stop = server.Stop(self.pass_on)

    def start(self) -> None:
        if self.stop.asked:
            return
        parent = os.getpid()
        # No signal may reach the child while it still has the handlers of its parent.
        signal.pthread_sigmask(signal.SIG_BLOCK, server.STOP_SIGNALS)
        child = os.fork()
        if child:
            self.children.add(child)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, server.STOP_SIGNALS)
            return
        status = 1
        try:
            # Without its parent a child would hold the port against the next start.
            server.serve(self.listener, should_stop=lambda: os.getppid() != parent)
            status = 0
        except BaseException:
            logger.exception("a server process failed")
        finally:
            os._exit(status)  # the parent's own clean-up must not run here

    def pass_on(self) -> None:
        self.listener.close()
        signal.signal(signal.SIGALRM, lambda *_: self.send(signal.SIGKILL))
        signal.alarm(PATIENCE_S)
        self.send(signal.SIGTERM)

    def send(self, number: int) -> None:
        for child in self.children:
            with suppress(ProcessLookupError):
                os.kill(child, number)

    def run(self) -> None:
        try:
            while self.children:
                self.replace(*os.wait())
        except SystemExit:  # the later signal of Stop
            self.send(signal.SIGKILL)
            raise

    def replace(self, child: int, status: int) -> None:
        self.children.discard(child)
        if not self.stop.asked:
            fields = {"pid": child, "status": os.waitstatus_to_exitcode(status)}
            logger.error("a server process ended; starting another", extra={"fields": fields})
            time.sleep(RESTART_S)
            self.start()
