"""What every benchmark's server is started with, and the cookie of somebody who is signed in there."""

from pathlib import Path

from flask import Flask, session
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import generate_csrf

from app import clock
from app.extensions import db
from app.models.person import Person
from app.web.identity import sign_in


def environment(folder: Path) -> dict[str, str]:
    """The settings of an installation whose data lies in the folder."""
    return {
        "ELDSJAL_DEV": "1",
        "DATA_DIR": str(folder),
        "SECRET_KEY": "for benchmarks only, long enough to pass",
        "BASE_URL": "http://127.0.0.1",
    }


def cookie_of(person: Person, app: Flask) -> str:
    """Sign the person in, and give the Cookie header. Needs a request of that application, and commits."""
    sign_in(person, "Bench", clock.now())
    generate_csrf()  # as after the first page that a browser sees
    db.session.commit()
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer is not None
    return f"{app.config['SESSION_COOKIE_NAME']}={signer.dumps(dict(session))}"
