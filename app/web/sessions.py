"""The signed cookie that carries the session."""

from time import time
from typing import Any, Final

from flask import Flask
from flask.json.tag import TaggedJSONSerializer
from flask.sessions import SecureCookieSessionInterface, session_json_serializer
from itsdangerous import URLSafeTimedSerializer

from app.web.cache import Cache

_HOUR: Final = 3600
#: A cookie is under a kilobyte.
_CHECKED: Cache[str] = Cache("session cookies", key="the cookie, how old it may be, the hour", at_most=2000)


class _UnreadJSON(TaggedJSONSerializer):
    """Flask's own, but reading is left to whoever wants a session of their own, which they may change."""

    def loads(self, value: str) -> str:
        return value


class _Cookies(URLSafeTimedSerializer):
    """Browsers send the same cookie with each request: who signed it, and when, is looked at once an hour. So it ends
    within the last hour of its life, and never after."""

    def loads(self, s: str | bytes, max_age: int) -> Any:  # type: ignore[override]
        key = (s, max_age, int(time()) // _HOUR)
        return session_json_serializer.loads(_CHECKED.get(key, lambda: self._check(s, max_age)))

    def _check(self, cookie: str | bytes, max_age: int) -> str:
        text: str = super().loads(cookie, max_age - _HOUR)
        return text


class OneSerializerSessions(SecureCookieSessionInterface):
    """Flask's own, but with one serializer for all requests instead of one or two for each. Its keys come from the
    environment and change only with a new start, so they are derived once too, and not for each cookie."""

    serializer = _UnreadJSON()
    _serializer: URLSafeTimedSerializer | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        if self._serializer is None and (serializer := super().get_signing_serializer(app)):
            signer = serializer.make_signer()
            self._serializer = _Cookies(
                [signer.derive_key(key) for key in signer.secret_keys],
                salt=serializer.salt,
                serializer=serializer.serializer,
                signer_kwargs={**serializer.signer_kwargs, "key_derivation": "none"},
            )
        return self._serializer


def init_app(app: Flask) -> None:
    app.session_interface = OneSerializerSessions()
