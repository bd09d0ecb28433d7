"""One run at a time in this process, however many threads ask for one."""

import threading
from collections.abc import Callable


class SingleRun:
    """Runs a piece of work that takes all there is to do. Whoever asks while it runs does not wait: when it is
    through, it runs once more, since there may be news that it had passed already."""

    def __init__(self) -> None:
        self._asked = threading.Event()
        self._running = threading.Lock()

    def __call__(self, work: Callable[[], int]) -> int:
        """The sum of what `work` returns; 0 when another thread does it."""
        self._asked.set()
        total = 0
        while self._asked.is_set() and self._running.acquire(blocking=False):
            try:
                self._asked.clear()
                total += work()
            finally:
                self._running.release()
        return total
