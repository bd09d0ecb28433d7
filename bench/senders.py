"""Sends in one of several ways, in a process of its own so that its CPU time can be measured.

Run as `python -m bench.senders HOW DEVICES CERTIFICATE`; prints JSON {"sent", "seconds", "cpu"}. DEVICES is a file of
JSON subscriptions; HOW is `eldsjal`, `pywebpush` or `encryption`.
"""

import gc
import json
import os
import resource
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

from py_vapid import Vapid
from pywebpush import webpush

from app.gateways.push.encryption import encrypt
from app.gateways.push.vapid import VapidKeys
from app.gateways.push.webpush import PushMessage, deliver

PAYLOAD = json.dumps(
    {"id": 4711, "title": "Hur gick fikan?", "body": "Tre ord och en bild räcker. Berätta medan du minns.",
     "url": "/activities/4711/outcome", "tag": "n4711", "lang": "sv"}
).encode()  # fmt: skip
_SUBJECT = "mailto:bench@example.se"
_DAY = 24 * 3600


def eldsjal(devices: list[dict[str, Any]], certificate: Path, key: str) -> int:
    """As our worker sends."""
    hosts = frozenset({devices[0]["endpoint"].split("/")[2]})
    messages = (
        PushMessage(n, d["endpoint"], d["keys"]["p256dh"], d["keys"]["auth"], PAYLOAD, _DAY, topic=f"n{n}")
        for n, d in enumerate(devices)
    )
    results = deliver(messages, vapid=VapidKeys.load(key, _SUBJECT), extra_hosts=hosts, ca_bundle=certificate)
    return sum(result.kind == "delivered" for result in results)


def plain_pywebpush(devices: list[dict[str, Any]], certificate: Path, key: str) -> int:
    """As pywebpush's README shows: one call after the other."""
    os.environ["REQUESTS_CA_BUNDLE"] = str(certificate)
    vapid = Vapid.from_pem(key.encode())
    return sum(
        webpush(
            device, PAYLOAD, vapid_private_key=vapid, vapid_claims={"sub": _SUBJECT}, ttl=_DAY, timeout=10
        ).status_code
        == 201
        for device in devices
    )


def encryption_alone(devices: list[dict[str, Any]], _certificate: Path, _key: str) -> int:
    """Without sending: the least that our own sending can cost, by which machines can be compared."""
    bodies = [encrypt(PAYLOAD, p256dh=d["keys"]["p256dh"], auth=d["keys"]["auth"]) for d in devices]
    return len(bodies)


def _measure(send: Callable[[], int]) -> dict[str, float]:
    # As in wsgi.py: the garbage collector need not look at the loaded modules again and again.
    gc.collect()
    gc.freeze()
    before, begin = _cpu(), perf_counter()
    sent = send()
    return {"sent": sent, "seconds": perf_counter() - begin, "cpu": _cpu() - before}


def _cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    how, devices_file, certificate = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    subscriptions = json.loads(devices_file.read_text())
    pem = devices_file.with_name("vapid.pem").read_text()
    send = {"eldsjal": eldsjal, "pywebpush": plain_pywebpush, "encryption": encryption_alone}[how]
    print(json.dumps(_measure(lambda: send(subscriptions, certificate, pem))))
