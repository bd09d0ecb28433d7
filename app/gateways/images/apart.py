"""Prepares a picture in a process of its own, so that a hostile one can use up neither a worker nor the machine.

The process is forked from a small server (`forkserver`) that has nothing open, ends with the picture, and answers in
bytes and JSON, which cannot do anything to whoever reads them. Measured on one core, at 108 megapixels: JPEG 1.1 s and
0.17 GB, progressive 1.9 s and 0.44 GB, HEIC 4.5 s and 0.95 GB; at 50 megapixels: PNG 2.4 s and 0.64 GB, WebP 1.6 s and
0.83 GB, AVIF 1.8 s and 0.50 GB.
"""

import json
import os
import resource
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from typing import Any, Final

from app.gateways.images.preparing import PreparedImage, Variant, prepare
from app.gateways.images.refusals import LARGEST_FILE, Bomb, ImageRefused, NotAnImage, TooLarge

#: Somebody else ended the process, or the server that it came from (then Python says 255): not the picture's fault.
_FROM_OUTSIDE: Final = frozenset({-signal.SIGKILL, -signal.SIGTERM, -signal.SIGHUP, 255, None})
_REFUSALS: Final = {refusal.code: refusal for refusal in (NotAnImage, TooLarge, Bomb)}
#: Of the answer's parts, each of which is one variant.
_LARGEST_PART: Final = 16 * 1024 * 1024

_processes = get_context("forkserver")
_processes.set_forkserver_preload([__name__])


class Interrupted(Exception):
    """The process was ended from outside, or could not be started. The picture can be tried again."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one picture may cost. The memory is address space: what is reserved counts, used or not."""

    cpu_seconds: int = 30
    #: By the clock; generous, since a busy machine is not the picture's fault.
    seconds: float = 120.0
    memory: int = 1280 * 1024 * 1024


LIMITS: Final = Limits()


def prepare_apart(data: bytes, limits: Limits = LIMITS) -> PreparedImage:
    """`prepare` within these limits; a file that oversteps them, or crashes its decoder, is `NotAnImage`.

    Raises:
        ImageRefused: the file is not accepted.
        Interrupted: nothing is known about the file.
    """
    with _process(limits) as (process, answers, time_is_up):
        try:
            answers.send_bytes(data)
            return _read_answer(answers)
        except (EOFError, OSError) as error:
            process.join(5)
            if process.exitcode in _FROM_OUTSIDE and not time_is_up.is_set():
                raise Interrupted from error
            raise NotAnImage from error


@contextmanager
def _process(limits: Limits) -> Iterator[tuple[ForkServerProcess, Connection, threading.Event]]:
    answers, theirs = _processes.Pipe()
    process = _processes.Process(target=_prepare_and_answer, args=(theirs, limits), daemon=True)
    time_is_up = threading.Event()
    timer = threading.Timer(limits.seconds, _end, (process, time_is_up))
    try:
        with theirs:
            process.start()
    except (OSError, EOFError) as error:
        answers.close()
        raise Interrupted from error
    timer.start()
    try:
        yield process, answers, time_is_up
    finally:
        timer.cancel()
        answers.close()
        process.join(1)
        process.kill()
        process.join()
        process.close()


def _end(process: ForkServerProcess, time_is_up: threading.Event) -> None:
    time_is_up.set()
    process.kill()


def _read_answer(answers: Connection) -> PreparedImage:
    answer: dict[str, Any] = json.loads(answers.recv_bytes(_LARGEST_PART))
    if "refused" in answer:
        raise _REFUSALS[answer["refused"]]
    variants = [Variant(**variant, data=answers.recv_bytes(_LARGEST_PART)) for variant in answer["variants"]]
    return PreparedImage(answer["width"], answer["height"], answer["sha256"], tuple(variants))


def _prepare_and_answer(answers: Connection, limits: Limits) -> None:
    """What the process does. Without its worker, there is nobody to answer."""
    _limit(limits)
    with suppress(EOFError, BrokenPipeError):
        _answer(answers)


def _answer(answers: Connection) -> None:
    try:
        prepared = prepare(answers.recv_bytes(LARGEST_FILE))
    except ImageRefused as refusal:
        answers.send_bytes(json.dumps({"refused": refusal.code}).encode())
        return
    variants = [
        {"name": one.name, "format": one.format, "width": one.width, "height": one.height}
        for one in prepared.variants
    ]
    answer = {
        "width": prepared.width,
        "height": prepared.height,
        "sha256": prepared.sha256,
        "variants": variants,
    }
    answers.send_bytes(json.dumps(answer).encode())
    for variant in prepared.variants:
        answers.send_bytes(variant.data)


def _limit(limits: Limits) -> None:
    os.nice(10)  # pages go first
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the worker, which tries again later
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    # At the first of the two the process is told by a signal that ends it; that is how the overrun is recognized.
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds + 1))
