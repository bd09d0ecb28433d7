"""The signed cookie that carries the session."""

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer


class OneSerializerSessions(SecureCookieSessionInterface):
    """Flask's own, but with one serializer for all requests instead of one or two for each. Its keys come from the
    environment and change only with a new start."""

    _serializer: URLSafeTimedSerializer | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        if self._serializer is None:
            self._serializer = super().get_signing_serializer(app)
        return self._serializer


def init_app(app: Flask) -> None:
    app.session_interface = OneSerializerSessions()
