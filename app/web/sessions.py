"""The signed cookie that carries the session."""

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer


class OneSerializerSessions(SecureCookieSessionInterface):
    """Flask's own, but with one serializer for all requests instead of one or two for each. Its keys come from the
    environment and change only with a new start, so they are derived once too, and not for each cookie."""

    _serializer: URLSafeTimedSerializer | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        if self._serializer is None and (serializer := super().get_signing_serializer(app)):
            signer = serializer.make_signer()
            self._serializer = URLSafeTimedSerializer(
                [signer.derive_key(key) for key in signer.secret_keys],
                salt=serializer.salt,
                serializer=serializer.serializer,
                signer_kwargs={**serializer.signer_kwargs, "key_derivation": "none"},
            )
        return self._serializer


def init_app(app: Flask) -> None:
    app.session_interface = OneSerializerSessions()
