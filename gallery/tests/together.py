"""How tests do several things at the same moment."""

import threading
from collections.abc import Callable

from django.db import connection


def together(*calls: Callable[[], object]) -> None:
    """All of them in threads of their own, begun together; what one of them raises is raised here."""
    barrier, raised = threading.Barrier(len(calls)), []

    def call(one: Callable[[], object]) -> None:
        try:
            barrier.wait()
            one()
        except Exception as error:  # noqa: BLE001 - a thread's error must not be lost
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=call, args=[one]) for one in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert raised == []
