"""The signed cookie that carries the session."""

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer


class KeptSerializer(SecureCookieSessionInterface):
    """Flask's own, but the serializer is made once instead of once or twice for every request; the keys that it holds
    come from the environment and change only with a new start."""

    _kept: URLSafeTimedSerializer | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        if self._kept is None:
            self._kept = super().get_signing_serializer(app)
        return self._kept


def init_app(app: Flask) -> None:
    app.session_interface = KeptSerializer()
