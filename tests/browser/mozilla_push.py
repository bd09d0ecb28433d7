"""A push service as Firefox wants it: its websocket protocol on one side, RFC 8030's POST on the other."""

import asyncio
import base64
import threading
import uuid
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web


@dataclass
class MozillaPush:
    """Serves on a free port of loopback in a thread of its own until `stop`."""

    port: int = 0
    #: What browsers said of the messages: "ack" with code 100 when shown to the worker, other codes when not.
    acks: list[dict[str, Any]] = field(default_factory=list)
    nacks: list[dict[str, Any]] = field(default_factory=list)
    posts: int = 0
    _browsers: set[str] = field(default_factory=set)
    _open: set[web.WebSocketResponse] = field(default_factory=set)
    _sockets: dict[str, web.WebSocketResponse] = field(default_factory=dict)

    def start(self) -> "MozillaPush":
        ready = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(ready,), daemon=True)
        self._thread.start()
        assert ready.wait(10)
        return self

    def stop(self) -> None:
        """Hang up and end the thread."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def forget_browsers(self) -> None:
        """Hang up and know nobody: browsers that come back are told so, and find that their subscriptions are gone."""
        asyncio.run_coroutine_threadsafe(self._forget(), self._loop).result(10)

    async def _forget(self) -> None:
        self._browsers.clear()
        self._sockets.clear()
        for socket in list(self._open):
            await socket.close()

    def _run(self, ready: threading.Event) -> None:
        self._loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self._loop)
        runner = self._loop.run_until_complete(self._listen())
        ready.set()
        self._loop.run_forever()
        for socket in self._open:
            self._loop.run_until_complete(socket.close())
        self._loop.run_until_complete(runner.cleanup())
        self._loop.close()

    async def _listen(self) -> web.AppRunner:
        app = web.Application()
        app.router.add_get("/", self._browser)
        app.router.add_post("/push/{channel}", self._message)
        runner = web.AppRunner(app, shutdown_timeout=1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.port = runner.addresses[0][1]
        return runner

    async def _browser(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(protocols=("push-notification",))
        await socket.prepare(request)
        self._open.add(socket)
        async for message in socket:
            if message.type != WSMsgType.TEXT:
                continue
            answer = self._answer(message.json(), socket)
            if answer is not None:
                await socket.send_json(answer)
        return socket

    def _answer(self, said: dict[str, Any], socket: web.WebSocketResponse) -> dict[str, Any] | None:
        match said.get("messageType"):
            case "hello":
                uaid = said.get("uaid")
                if uaid not in self._browsers:
                    uaid = uuid.uuid4().hex
                    self._browsers.add(uaid)
                return {
                    "messageType": "hello",
                    "status": 200,
                    "uaid": uaid,
                    "use_webpush": True,
                    "broadcasts": {},
                }
            case "register":
                channel = said["channelID"]
                self._sockets[channel] = socket
                endpoint = f"http://127.0.0.1:{self.port}/push/{channel}"
                return {
                    "messageType": "register",
                    "status": 200,
                    "channelID": channel,
                    "pushEndpoint": endpoint,
                }
            case "unregister":
                return {"messageType": "unregister", "status": 200, "channelID": said["channelID"]}
            case "ack":
                self.acks += said["updates"]
            case "nack":
                self.nacks.append(said)
            case None:
                return {}
        return None

    async def _message(self, request: web.Request) -> web.Response:
        channel = request.match_info["channel"]
        socket = self._sockets.get(channel)
        if socket is None or socket.closed:
            return web.Response(status=410)
        self.posts += 1
        body = base64.urlsafe_b64encode(await request.read()).rstrip(b"=").decode()
        await socket.send_json(
            {"messageType": "notification", "channelID": channel, "version": uuid.uuid4().hex, "ttl": 60,
             "data": body, "headers": {"encoding": request.headers["Content-Encoding"]}}
        )  # fmt: skip
        return web.Response(status=201, headers={"Location": f"/m/{uuid.uuid4().hex}"})
