"""A joining link leads in however it was pasted."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.extensions import db
from app.models.programme import Municipality
from tests.accounts.test_join_page import FORM
from tests.factories import municipality

CODE = "aB3-_xY9zQ1w"


@pytest.fixture(autouse=True)
def _a_code_as_they_are_made(client: FlaskClient) -> None:
    municipality("bjuv").join_code = CODE
    db.session.commit()


@pytest.mark.parametrize(
    "pasted",
    [
        f"/join/{CODE}/", f"/join/{CODE}//", f"/join/{CODE}.", f"/join/{CODE},", f"/join/{CODE})", f"/join/{CODE}%3E",
        f"/join/{CODE}%22", f"/join/{CODE}'", f"/join/{CODE}%E2%80%9D", f"/join/{CODE}%20", f"/join/{CODE}%2520",
        f"/join/{CODE}%0A", f"/join/{CODE}%E2%80%8B", f"/join/%E2%80%8B{CODE}", f"/join/{CODE}!?)", f"/join/{CODE}-",
        f"/join/{CODE}_", f"/join/*{CODE}*", f"/join/{CODE}.)/", f"/join/{CODE}/.", f"/join/{CODE}&amp;utm=x",
        f"/join/{CODE},%20v%C3%A4lkommen!", f"/join/{CODE[:5]}%0A{CODE[5:]}", f"/join/{CODE[:5]}=%0D%0A{CODE[5:]}",
        f"/join/{CODE[:5]}%C2%AD{CODE[5:]}", f"/join/{CODE[:5]}%20{CODE[5:]}", f"/join/{CODE.upper()}",
        f"/join/{CODE.lower()}", f"/JOIN/{CODE.upper()}", f"/Join/{CODE}", f"/JOIN/{CODE.upper()}/",
        f"/join/%20{CODE}",
    ],
)  # fmt: skip
def test_a_pasted_link_leads_in(client: FlaskClient, pasted: str) -> None:
    answer = client.get(pasted, follow_redirects=True)
    assert answer.status_code == 200
    assert answer.request.path == f"/join/{CODE}"
    assert 'value="bjuv" checked' in answer.text


@pytest.mark.parametrize(
    "wrong", [CODE[:-1], CODE + "x", "x" + CODE, "%C3%28", ".", "%25", "-", f"x/{CODE}x"]
)
def test_a_code_that_nobody_has_says_what_to_do(client: FlaskClient, wrong: str) -> None:
    answer = client.get(f"/join/{wrong}", follow_redirects=True)
    assert answer.status_code == 404
    assert "samordnare" in answer.text


def test_a_link_that_may_be_two_leads_nowhere(client: FlaskClient) -> None:
    municipality("klippan").join_code = CODE.swapcase()
    db.session.commit()
    assert client.get(f"/join/{CODE}").status_code == 200
    assert client.get(f"/join/{CODE.lower()}").status_code == 404


def test_a_form_sent_to_a_pasted_link_is_taken(client: FlaskClient) -> None:
    assert client.post(f"/join/{CODE}.", data=FORM).status_code == 303
    assert f'href="/join/{CODE}"' in client.get("/login/code").text


def test_every_code_leads_to_its_own_municipality(client: FlaskClient) -> None:
    for place in db.session.scalars(select(Municipality)):
        assert f'value="{place.slug}" checked' in client.get(f"/join/{place.join_code}").text
