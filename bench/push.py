"""Push fan-out to 5,000 devices over TLS on loopback, beside a plain pywebpush loop and npm web-push."""

import base64
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from app.gateways.push.webpush import IN_FLIGHT
from bench.senders import PAYLOAD
from bench.targets import at_least, at_most
from tests.certificate import write_certificate

_DEVICES = 5_000
#: How many devices the plain loop sends to, by latency: all of them, one by one, would take minutes, and its rate does
#: not depend on their number.
_PLAIN_SAMPLE = {0: 600, 40: 150}
_PEERS = Path(__file__).with_name("peers")

Measure = dict[str, float]


def run(*, quick: bool = False) -> bool:
    """Measure both latencies. The best of each sender's rounds counts. Senders take turns, since the machine's slow
    moments last seconds and should affect all of them alike."""
    if not _web_push_is_there():
        print("push: npm is needed for the peer web-push; install Node.js 20 or later.")
        return False
    rounds = 2 if quick else 7
    reached = True
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        certificate = write_certificate(folder)
        for latency in (0, 40):
            with _sink(certificate, latency) as port:
                _write_devices(folder, port)
                reached &= _compare(folder, certificate, latency, rounds)
    return reached


def _compare(folder: Path, certificate: Path, latency: int, rounds: int) -> bool:
    devices, few = folder / "devices.json", folder / "few.json"
    few.write_text(json.dumps(json.loads(devices.read_text())[: _PLAIN_SAMPLE[latency]]))
    python = [sys.executable, "-m", "bench.senders"]
    node = ["node", str(_PEERS / "web_push.mjs")]
    commands = {
        "Eldsjäl": [*python, "eldsjal", str(devices), str(certificate)],
        "npm web-push, keep-alive": [*node, str(devices), str(certificate), str(IN_FLIGHT)],
        "plain pywebpush loop": [*python, "pywebpush", str(few), str(certificate)],
        "encryption alone": [*python, "encryption", str(devices), str(certificate)],
    }
    print(f"push: {_DEVICES:,} devices over TLS on loopback, latency {latency} ms")
    turns = [{name: _run(command) for name, command in commands.items()} for _ in range(rounds)]
    best = {name: min((turn[name] for turn in turns), key=_seconds_each) for name in commands}
    for name, measure in best.items():
        per_thousand = measure["cpu"] / measure["sent"] * 1000
        print(
            f"  {name:<26} {1 / _seconds_each(measure):7,.0f} messages/s   {per_thousand:.2f} CPU-s per 1,000"
        )
    ours, npm, plain, _floor = (1 / _seconds_each(measure) for measure in best.values())
    return all(
        [
            at_least("÷ plain pywebpush loop", ours / plain, 8),
            at_least("÷ npm web-push", ours / npm, 3.5),
            at_most("CPU-seconds per 1,000", best["Eldsjäl"]["cpu"] / best["Eldsjäl"]["sent"] * 1000, 0.35),
        ]
    )


def _run(command: list[str]) -> Measure:
    process = subprocess.run(command, check=False, capture_output=True, text=True)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} failed: {process.stderr[-2000:]}")
    measure: Measure = json.loads(process.stdout)
    if not measure["sent"]:
        raise RuntimeError(f"{' '.join(command)} sent nothing: {process.stderr[-2000:]}")
    return measure


def _seconds_each(measure: Measure) -> float:
    return measure["seconds"] / measure["sent"]


@contextmanager
def _sink(certificate: Path, latency: int) -> Iterator[int]:
    command = [sys.executable, "-m", "bench.sink", str(certificate), str(latency)]
    sink = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert sink.stdout is not None
    try:
        yield int(sink.stdout.readline())
    finally:
        sink.terminate()
        sink.wait()


def _write_devices(folder: Path, port: int) -> None:
    """Write subscriptions, each with its own keys, and one VAPID key in the formats that the senders read."""
    devices = [_device(port, number) for number in range(_DEVICES)]
    (folder / "devices.json").write_text(json.dumps(devices))
    (folder / "payload.json").write_bytes(PAYLOAD)
    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "vapid.pem").write_bytes(pem)
    private = key.private_numbers().private_value.to_bytes(32, "big")
    (folder / "vapid.json").write_text(
        json.dumps({"publicKey": _b64(_point(key)), "privateKey": _b64(private)})
    )


def _device(port: int, number: int) -> dict[str, Any]:
    keys = {"p256dh": _b64(_point(ec.generate_private_key(ec.SECP256R1()))), "auth": _b64(os.urandom(16))}
    return {"endpoint": f"https://127.0.0.1:{port}/push/{number}", "keys": keys}


def _point(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _web_push_is_there() -> bool:
    if not (shutil.which("npm") and shutil.which("node")):
        return False
    if not (_PEERS / "node_modules").is_dir():
        subprocess.run(["npm", "ci", "--silent", "--no-audit", "--no-fund"], cwd=_PEERS, check=True)
    return True
