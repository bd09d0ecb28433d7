"""The open connections to push services, and which addresses they may lead to."""

import asyncio
import socket
import ssl
from typing import Final

from app.gateways.push_endpoints import Origin, is_public
from app.gateways.push_http import Answer, Connection

#: Seconds after which an idle connection is not used again: the service may be closing it just now.
IDLE: Final = 4.0
#: Seconds for which a name is not looked up again.
RESOLVED_FOR: Final = 60.0


class NotPublic(OSError):
    """A name that has no address on the public internet."""


class Connections:
    """The open connections of one sending; use it within one event loop and `close` it."""

    def __init__(
        self, tls: ssl.SSLContext, extra_hosts: frozenset[str], most_idle: int, timeout: float
    ) -> None:
        """`timeout`: seconds for connecting, and again for the answer."""
        self._tls = tls
        self._timeout = timeout
        self._extra_hosts = extra_hosts
        self._most_idle = most_idle
        self._idle: dict[Origin, list[Connection]] = {}
        self._idle_count = 0
        self._lookups: dict[Origin, tuple[float, asyncio.Task[list[str]]]] = {}

    async def post(self, origin: Origin, request: bytes) -> Answer:
        """Send the request as it stands and await the answer.

        Raises `OSError` (`TimeoutError`, `ssl.SSLError` and `NotPublic` are such) when there is no connection, or when
        it ends without an answer.
        """
        connection = self._take(origin) or await self._connect_in_time(origin)
        try:
            answer = await connection.post(request, self._timeout)
        finally:
            if not connection.reusable:
                connection.abort()
        if connection.reusable:
            self._keep(origin, connection)
        return answer

    async def close(self) -> None:
        for connections in self._idle.values():
            for connection in connections:
                connection.abort()
        self._idle.clear()
        for _, lookup in self._lookups.values():
            lookup.cancel()
        await asyncio.sleep(0)

    def _take(self, origin: Origin) -> Connection | None:
        idle = self._idle.get(origin)
        oldest = asyncio.get_running_loop().time() - IDLE
        while idle:
            connection = idle.pop()
            self._idle_count -= 1
            if connection.reusable and connection.used > oldest:
                return connection
            connection.abort()
        return None

    def _keep(self, origin: Origin, connection: "Connection") -> None:
        if self._idle_count >= self._most_idle:
            connection.abort()
            return
        self._idle.setdefault(origin, []).append(connection)
        self._idle_count += 1

    async def _connect_in_time(self, origin: Origin) -> Connection:
        try:
            async with asyncio.timeout(self._timeout):
                return await self._connect(origin)
        except TimeoutError as error:
            raise TimeoutError("The push service could not be reached in time.") from error

    async def _connect(self, origin: Origin) -> Connection:
        loop = asyncio.get_running_loop()
        secure = origin.scheme == "https"
        for address in (addresses := await self._addresses(origin)):
            try:
                _, connection = await loop.create_connection(
                    Connection,
                    address,
                    origin.port,
                    ssl=self._tls if secure else None,
                    server_hostname=origin.host if secure else None,
                )
            except OSError:
                if address == addresses[-1]:
                    raise
            else:
                return connection
        raise NotPublic(f"{origin.host} has no address.")

    async def _addresses(self, origin: Origin) -> list[str]:
        now = asyncio.get_running_loop().time()
        until, lookup = self._lookups.get(origin, (0.0, None))
        if lookup is None or now > until:
            lookup = asyncio.create_task(self._look_up(origin))
            self._lookups[origin] = (now + RESOLVED_FOR, lookup)
        try:
            return await asyncio.shield(lookup)
        except OSError:
            self._lookups.pop(origin, None)
            raise

    async def _look_up(self, origin: Origin) -> list[str]:
        # Looked at here, and connected to by this address: a name that pointed elsewhere when the endpoint was saved
        # (DNS rebinding) gains nothing. IPv4 first, as broken IPv6 would cost each connection its whole time.
        found = await asyncio.get_running_loop().getaddrinfo(
            origin.host, origin.port, type=socket.SOCK_STREAM
        )
        found.sort(key=lambda info: info[0] != socket.AF_INET)
        addresses = list(dict.fromkeys(str(info[4][0]) for info in found))
        if origin.authority not in self._extra_hosts:
            addresses = [address for address in addresses if is_public(address.partition("%")[0])]
        if not addresses:
            raise NotPublic(f"{origin.host} has no address on the public internet.")
        return addresses
