"""What is kept for a time only is gone after it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models.sign_in import SESSION_LIFE, DeviceSession
from app.services.upkeep.retention import KEEP_FOR, delete_expired
from tests.cast import Cast
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("app")


def test_devices_are_forgotten_a_month_after_signing_out_or_when_their_cookie_is_over(cast: Cast) -> None:
    moments = {
        "here": (NOW - SESSION_LIFE + timedelta(days=1), None),
        "just out": (NOW - timedelta(days=40), NOW - KEEP_FOR + timedelta(days=1)),
        "long out": (NOW - timedelta(days=40), NOW - KEEP_FOR - timedelta(days=1)),
        "run out": (NOW - SESSION_LIFE - timedelta(days=1), None),
    }
    for label, (begun, ended) in moments.items():
        device = DeviceSession(
            person=cast.alice, token_hash=label, label=label, created_at=begun, seen_at=begun, ended_at=ended
        )
        db.session.add(device)
    db.session.commit()
    delete_expired(NOW)
    db.session.commit()
    assert set(db.session.scalars(select(DeviceSession.label))) == {"here", "just out"}
