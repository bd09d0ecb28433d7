"""A picture is prepared in a process of its own, and whatever happens to that, it is only that picture."""

import os
import signal
import threading
import time
from multiprocessing.connection import Connection

import pytest

from app.gateways.images import Bomb, ImageRefused, Interrupted, NotAnImage, apart, prepare, prepare_apart
from app.gateways.images.apart import Limits
from tests.pictures import bomb, jpeg, picture_file, scans

pytestmark = pytest.mark.house  # needs no database

#: Enough for any picture of these tests, so that a test of one limit does not meet another.
_AMPLE = Limits(cpu_seconds=30, seconds=30)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF", "AVIF"])
def test_it_is_prepared_as_it_would_be_here(kind: str) -> None:
    data = picture_file(kind)
    assert prepare_apart(data) == prepare(data)


@pytest.mark.parametrize(
    ("data", "refusal"),
    [(b"hello", NotAnImage), (jpeg()[:900], NotAnImage), (bomb(), Bomb), (scans(500), NotAnImage)],
)
def test_a_refusal_comes_back_as_what_it_is(data: bytes, refusal: type[ImageRefused]) -> None:
    with pytest.raises(refusal):
        prepare_apart(data)


@pytest.mark.parametrize(
    "limits", [Limits(seconds=0.2), Limits(memory=100 * 1024 * 1024)], ids=["time", "memory"]
)
def test_what_oversteps_a_limit_is_refused(limits: Limits) -> None:
    data = picture_file("JPEG", (8_000, 6_000), progressive=True, quality=30)
    with pytest.raises((NotAnImage, Bomb)):
        prepare_apart(data, limits)
    assert prepare_apart(jpeg()).width == 640


def test_what_takes_more_than_its_share_of_the_processor_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "_prepare_and_answer", _spin)
    began = time.perf_counter()
    with pytest.raises(NotAnImage):
        prepare_apart(jpeg(), Limits(cpu_seconds=1))
    assert time.perf_counter() - began < 15


def _spin(_answers: Connection, limits: Limits) -> None:
    apart._limit(limits)
    while True:
        pass


@pytest.mark.parametrize(
    "number", [signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGFPE, signal.SIGXCPU]
)
def test_a_decoder_that_crashes_is_the_pictures_fault(
    monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    monkeypatch.setattr(apart, "_prepare_and_answer", _Crash(number))
    with pytest.raises(NotAnImage):
        prepare_apart(jpeg(), _AMPLE)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_who_ends_the_process_from_outside_does_not_blame_the_picture(
    monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    monkeypatch.setattr(apart, "_prepare_and_answer", _Crash(number))
    with pytest.raises(Interrupted):
        prepare_apart(jpeg(), _AMPLE)


class _Crash:
    """In place of what the process does."""

    def __init__(self, number: signal.Signals) -> None:
        self._number = number

    def __call__(self, *_arguments: object) -> None:
        os.kill(os.getpid(), self._number)


def test_several_at_once_do_not_disturb_each_other() -> None:
    hostile = picture_file("JPEG", (6_000, 6_000), progressive=True, quality=30)
    refused: list[str] = []

    def send() -> None:
        try:
            prepare_apart(hostile, Limits(seconds=0.2))
        except NotAnImage as refusal:
            refused.append(refusal.code)

    threads = [threading.Thread(target=send) for _ in range(4)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    assert prepare_apart(jpeg(), _AMPLE).width == 640
    for thread in threads:
        thread.join()
    assert refused == ["not_an_image"] * 4
    assert time.perf_counter() - began < 20
