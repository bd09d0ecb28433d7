"""Firefox over raw WebDriver BiDi: as much of it as a push needs."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect

from tests.browser.live import free_port

_PREFERENCES = {
    "dom.push.testing.allowInsecureServerURL": True,
    "dom.push.connection.enabled": True,
    "dom.push.retryBaseInterval": 200,
    "permissions.default.desktop-notification": 1,
    "alerts.useSystemBackend": False,
    "dom.webnotifications.requireuserinteraction": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "toolkit.telemetry.enabled": False,
    "app.update.enabled": False,
    "browser.safebrowsing.downloads.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
}


def path() -> str | None:
    """Debian's or anyone's Firefox."""
    return shutil.which("firefox-esr") or shutil.which("firefox")


class Firefox:
    """One tab."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._number = 0
        self.command("session.new", capabilities={})
        self._tab = self.command("browsingContext.getTree")["contexts"][0]["context"]

    def command(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send a command and wait for its answer; an error answer fails the test."""
        self._number += 1
        self._socket.send(json.dumps({"id": self._number, "method": method, "params": parameters}))
        deadline = monotonic() + 60  # events come meanwhile, however long the answer takes
        while True:
            answer = json.loads(self._socket.recv(max(0, deadline - monotonic())))
            if answer.get("id") != self._number:
                continue
            assert answer["type"] == "success", answer
            result: dict[str, Any] = answer["result"]
            return result

    def go(self, url: str) -> None:
        self.command("browsingContext.navigate", context=self._tab, url=url, wait="complete")

    def run(self, script: str) -> Any:
        """The value of a JavaScript expression, awaited, as after a person's tap."""
        answer = self.command(
            "script.evaluate",
            expression=f"(async () => JSON.stringify(await ({script})))()",
            target={"context": self._tab},
            awaitPromise=True,
            userActivation=True,
        )
        assert answer["type"] == "success", answer
        text = answer["result"].get("value")
        return None if text is None else json.loads(text)

    def wait_for(self, script: str, seconds: float = 20) -> Any:
        """The expression's first true value."""
        deadline = monotonic() + seconds
        while monotonic() < deadline:
            value = self.run(script)
            if value:
                return value
            sleep(0.2)
        raise AssertionError(f"never true: {script}")


@contextmanager
def firefox(profile: Path, push_port: int) -> Iterator[Firefox]:
    """A headless Firefox with a profile of its own whose pushes come from that port."""
    profile.mkdir()
    preferences = {**_PREFERENCES, "dom.push.serverURL": f"ws://127.0.0.1:{push_port}/"}
    lines = (f'user_pref("{name}", {json.dumps(value)});' for name, value in preferences.items())
    (profile / "user.js").write_text("\n".join(lines))
    port = free_port()
    program = path()
    assert program
    process = subprocess.Popen(
        [
            program,
            "--headless",
            "--no-remote",
            "--profile",
            str(profile),
            "--remote-debugging-port",
            str(port),
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        with _connect(port) as socket:
            yield Firefox(socket)
    finally:
        process.terminate()
        process.wait(20)


def _connect(port: int) -> ClientConnection:
    deadline = monotonic() + 40
    while True:
        try:
            return connect(f"ws://127.0.0.1:{port}/session", max_size=None)
        except (OSError, WebSocketException):
            if monotonic() > deadline:
                raise
            sleep(0.2)
