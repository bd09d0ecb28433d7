"""The link and the QR code that bring people in."""

from collections.abc import Callable
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient

from app.models.person import Person
from tests.cast import Cast

As = Callable[[Person], FlaskClient]


def test_a_coordinator_sees_the_own_municipality_s_link(as_: As, cast: Cast) -> None:
    page = as_(cast.cora).get("/people/invite").text
    assert "http://localhost/join/join-bjuv" in page
    assert "/join/join-klippan" not in page


def test_a_lead_sees_every_link(as_: As, cast: Cast) -> None:
    page = as_(cast.lena).get("/people/invite").text
    assert "/join/join-bjuv" in page
    assert "/join/join-klippan" in page


def test_the_qr_code_is_a_drawing_without_inline_style(as_: As, cast: Cast) -> None:
    answer = as_(cast.cora).get("/join/join-bjuv/qr.svg")
    assert answer.mimetype == "image/svg+xml"
    assert ET.fromstring(answer.data).tag.endswith("svg")  # noqa: S314 - our own drawing
    assert "style=" not in answer.text


def test_a_coordinator_gets_no_other_municipality_s_code(as_: As, cast: Cast) -> None:
    refused = as_(cast.cora).get("/join/join-klippan/qr.svg")
    assert (refused.status_code, refused.mimetype) == (404, "text/html")
    assert as_(cast.lena).get("/join/join-klippan/qr.svg").mimetype == "image/svg+xml"
    assert as_(cast.lena).get("/join/nonsense/qr.svg").status_code == 404


@pytest.mark.parametrize("path", ["/people/invite", "/join/join-bjuv/qr.svg"])
def test_others_are_refused(as_: As, cast: Cast, client: FlaskClient, path: str) -> None:
    assert as_(cast.alice).get(path).status_code == 403
    assert as_(cast.stig).get(path).status_code == 403
    assert client.get(path).location.startswith("/login")
