"""Make and change a challenge: who may, what the form asks for, and what it keeps."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.extensions import db
from app.models.challenge import Challenge
from app.models.challenge_template import ChallengeTemplate
from app.models.person import Person
from tests.cast import Cast
from tests.challenge_makers import make_draft, make_open, take_on
from tests.factories import TODAY, make_activity, value
from tests.unchanged import unchanged

pytestmark = pytest.mark.usefixtures("at_now")

As = Callable[[Person], FlaskClient]
ACTIONS = ("opening", "closing", "draft", "withdrawal")


def form(**over: Any) -> dict[str, Any]:
    answers = {
        "request_key": "one-tap", "title": "Bjud in en granne", "why": "Det är roligare så.", "value": "valkomnande",
        "focus_area": "larande", "kind": "individual", "goal": "", "points": "40",
        "done_when": "- någon har varit hos er\r\n\r\ndu har delat en lärdom",
        "opens_on": str(TODAY), "closes_on": str(TODAY + timedelta(days=14)), "municipality": "",
    }  # fmt: skip
    return answers | over


def made() -> list[Challenge]:
    return list(db.session.scalars(select(Challenge)))


def test_a_lead_makes_a_draft_for_everybody(cast: Cast, as_: As) -> None:
    answer = as_(cast.lena).post("/challenges/new", data=form(needs_photo="y"))
    (challenge,) = made()
    assert (answer.status_code, answer.location) == (303, challenge.path)
    assert (challenge.municipality_id, challenge.owner_id, challenge.is_draft) == (None, cast.lena.id, True)
    assert challenge.done_when == ["någon har varit hos er", "du har delat en lärdom"]
    assert (challenge.needs_photo, challenge.needs_approval, challenge.goal) == (True, False, None)
    page = as_(cast.lena).get(answer.location).text
    assert 'action="/challenges' in page


def test_a_draft_that_was_taken_away_is_not_said_to_be_saved_when_the_form_is_sent_again(
    cast: Cast, as_: As
) -> None:
    lena = as_(cast.lena)
    first = lena.post("/challenges/new", data=form()).location
    assert lena.post(f"{first}/withdrawal").status_code == 303
    with unchanged():
        page = lena.post("/challenges/new", data=form())
    assert page.status_code == 422
    assert "Du har tagit bort det utkastet." in page.text
    assert "Det är roligare så." in page.text, "what was written is kept"
    key = re.search(r'name="request_key"[^>]* value="([^"]+)"', page.text)
    assert key
    after_all = lena.post("/challenges/new", data=form(request_key=key[1]))
    assert (after_all.status_code, after_all.location == first) == (303, False)


def test_a_lead_may_make_it_for_one_municipality(cast: Cast, as_: As) -> None:
    as_(cast.lena).post("/challenges/new", data=form(municipality="klippan"))
    assert made()[0].municipality_id == cast.charlie.municipality_id


def test_a_coordinator_makes_it_for_their_own_whatever_is_sent(cast: Cast, as_: As) -> None:
    cora = as_(cast.cora)
    assert "Den är för Bjuv, din kommun." in cora.get("/challenges/new").text
    cora.post("/challenges/new", data=form(municipality="klippan"))
    assert made()[0].municipality_id == cast.cora.municipality_id


@pytest.mark.parametrize("who", ["alice", "stig"])
def test_others_are_refused(cast: Cast, as_: As, who: str) -> None:
    number = make_open(cast.lena).id
    client = as_(getattr(cast, who))
    with unchanged():
        assert client.get("/challenges/new").status_code == 403
        assert client.post("/challenges/new", data=form()).status_code == 403
        assert client.get(f"/challenges/{number}/edit").status_code == 403
        assert client.post(f"/challenges/{number}/edit", data=form()).status_code == 403
        for action in ACTIONS:
            assert client.post(f"/challenges/{number}/{action}").status_code == 403


def test_a_coordinator_changes_only_what_is_for_their_own_municipality(cast: Cast, as_: As) -> None:
    others = [make_open(cast.lena), make_draft(cast.kim, municipality_id=cast.kim.municipality_id)]
    cora = as_(cast.cora)
    with unchanged():
        for challenge in others:
            assert cora.get(f"{challenge.path}/edit").status_code == 404
            assert cora.post(f"{challenge.path}/edit", data=form()).status_code == 404
            for action in ACTIONS:
                assert cora.post(f"{challenge.path}/{action}").status_code == 404


def test_strangers_are_sent_to_sign_in(cast: Cast, client: FlaskClient) -> None:
    number = make_open(cast.lena).id
    for path in ("new", f"{number}/edit", *(f"{number}/{action}" for action in ACTIONS)):
        assert client.post(f"/challenges/{path}", data=form()).location.startswith("/login")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"title": " "}, "title"), ({"title": "x" * 121}, "title"), ({"why": ""}, "why"), ({"value": "mars"}, "value"),
     ({"focus_area": ""}, "focus_area"), ({"kind": "solo"}, "kind"), ({"kind": "municipality"}, "goal"),
     ({"kind": "municipality", "goal": "0"}, "goal"), ({"points": "många"}, "points"), ({"points": "1001"}, "points"),
     ({"done_when": "\n \n"}, "done_when"), ({"done_when": "\n".join("abcdefg")}, "done_when"),
     ({"done_when": "x" * 161}, "done_when"), ({"opens_on": "i morgon"}, "opens_on"), ({"closes_on": ""}, "closes_on"),
     ({"closes_on": "AAAA"}, "closes_on"), ({"opens_on": "AAAA", "closes_on": "AAAA"}, "closes_on"),
     ({"closes_on": str(TODAY - timedelta(days=1))}, "closes_on"), ({"closes_on": "2027-01-01"}, "closes_on"),
     ({"municipality": "mars"}, "municipality")],
)  # fmt: skip
def test_a_form_that_lacks_something_comes_back_filled(
    cast: Cast, as_: As, wrong: dict[str, str], field: str
) -> None:
    lena = as_(cast.lena)
    with unchanged():
        answer = lena.post("/challenges/new", data=form(**wrong))
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert "input value" not in answer.text
    assert 'value="one-tap"' in answer.text
    assert ("Det är roligare så." in answer.text) is (field != "why")


def test_a_goal_counts_for_the_municipality_together_alone(cast: Cast, as_: As) -> None:
    lena = as_(cast.lena)
    lena.post("/challenges/new", data=form(kind="joint", goal="många"))
    lena.post("/challenges/new", data=form(kind="municipality", goal="5", title="Ihop"))
    assert {challenge.title: challenge.goal for challenge in made()} == {"Bjud in en granne": None, "Ihop": 5}


def test_a_double_tap_makes_one_and_another_title_another(cast: Cast, as_: As) -> None:
    lena = as_(cast.lena)
    first, again = (lena.post("/challenges/new", data=form()) for _ in range(2))
    assert first.location == again.location
    lena.post("/challenges/new", data=form(title="En annan"))
    assert len(made()) == 2


def test_a_template_and_an_empty_square_fill_the_form(cast: Cast, as_: As) -> None:
    db.session.add(
        ChallengeTemplate(
            slug="mall", title="Nå målet", why="Tillsammans syns det.", done_when=["ett", "två"], points=30, goal=5,
            kind_of_challenge="municipality", needs_photo=True, needs_approval=False, position=1,
            value_id=value("kreativt").id,
        )
    )  # fmt: skip
    db.session.commit()
    lena = as_(cast.lena)
    page = lena.get("/challenges/new").text
    assert 'href="/challenges/new?template=mall#from-mall"' in page
    assert f'value="{TODAY}"' in page
    assert 'value="2026-11-29"' in page, "until the stage begins to learn"
    filled = lena.get("/challenges/new?template=mall&value=manskligt&focus_area=miljo").text
    for part in (
        "Tillsammans syns det.", "ett\ntvå", 'value="30"', 'value="municipality" checked', 'value="manskligt" checked',
        'value="miljo" checked', 'key="challenge-template-mall-value-manskligt-focus_area-miljo"',
    ):  # fmt: skip
        assert part in filled.replace("\r\n", "\n"), part
    assert lena.get("/challenges/new?template=borta&value=mars").status_code == 200


def test_a_change_says_what_is_kept_and_to_whom(cast: Cast, as_: As) -> None:
    challenge = make_open(cast.lena)
    for person in (cast.alice, cast.bob, cast.charlie):
        take_on(challenge, make_activity(person))
    lena = as_(cast.lena)
    page = lena.get(f"{challenge.path}/edit").text
    assert "3 har antagit den" in page
    assert "De behåller vad de lovades." in page
    answer = lena.post(
        f"{challenge.path}/edit", data=form(title="Nytt", seen=challenge.changed_at.isoformat())
    )
    assert (answer.status_code, answer.location) == (303, challenge.path)
    assert db.session.get_one(Challenge, challenge.id).title == "Nytt"


def test_a_change_that_somebody_overtook_comes_back_and_can_be_sent_again(cast: Cast, as_: As) -> None:
    challenge = make_draft(cast.lena)
    lena = as_(cast.lena)
    with unchanged():
        answer = lena.post(
            f"{challenge.path}/edit", data=form(title="Mitt", seen="2020-01-01T00:00:00+00:00")
        )
    assert answer.status_code == 422
    assert "Någon har ändrat den under tiden" in answer.text
    assert f'value="{challenge.changed_at.isoformat()}"' in answer.text


def test_what_people_can_have_taken_on_stays_in_its_stage(cast: Cast, as_: As) -> None:
    earlier = {"opens_on": "2026-03-01", "closes_on": "2026-03-31"}
    opened, draft = make_open(cast.lena), make_draft(cast.lena)
    lena = as_(cast.lena)
    assert lena.post(f"{opened.path}/edit", data=form(**earlier)).status_code == 422
    assert lena.post(f"{draft.path}/edit", data=form(**earlier)).status_code == 303


def test_a_draft_is_opened_closed_and_opened_again(cast: Cast, as_: As) -> None:
    challenge = make_draft(cast.lena)
    number, path = challenge.id, challenge.path
    lena = as_(cast.lena)
    for action, words in (
        ("opening", "Öppnad. Nu syns den i flödet."), ("closing", "De som har antagit den får göra klart"),
        ("opening", "Öppnad."), ("draft", "Den är ett utkast igen"), ("withdrawal", "Utkastet är borttaget."),
    ):  # fmt: skip
        answer = lena.post(f"{path}/{action}")
        assert answer.status_code == 303
        assert words in lena.get(answer.location).text
    assert lena.get(path).status_code == 404
    with unchanged():
        assert lena.post(f"{path}/withdrawal").location == answer.location, "a second tap"
    assert db.session.get(Challenge, number), "what was made stays in the archive"


def test_what_somebody_has_taken_on_is_neither_withdrawn_nor_a_draft(cast: Cast, as_: As) -> None:
    challenge = make_open(cast.lena)
    take_on(challenge, make_activity(cast.alice))
    path, lena = challenge.path, as_(cast.lena)
    with unchanged():
        assert "så den är kvar" in lena.post(f"{path}/draft", follow_redirects=True).text
        assert "ändrats under tiden" in lena.post(f"{path}/withdrawal", follow_redirects=True).text
    assert f"{path}/draft" not in lena.get(path).text


def test_one_whose_last_day_has_passed_is_given_a_new_one_first(cast: Cast, as_: As) -> None:
    challenge = make_draft(cast.lena, closes_on=TODAY - timedelta(days=1))
    lena = as_(cast.lena)
    with unchanged():
        answer = lena.post(f"{challenge.path}/opening")
    assert answer.location == f"{challenge.path}/edit"
    assert "Ge den en ny först." in lena.get(answer.location).text


def test_what_is_a_draft_again_is_not_said_to_be_closed(cast: Cast, as_: As) -> None:
    lena, draft = as_(cast.lena), make_draft(cast.lena)
    with unchanged():
        page = lena.post(f"{draft.path}/closing", follow_redirects=True).text
    assert "ändrats under tiden" in page


def test_htmx_is_sent_on_by_a_header(cast: Cast, as_: As, hx: dict[str, str]) -> None:
    challenge = make_draft(cast.lena)
    answer = as_(cast.lena).post(f"{challenge.path}/opening", headers=hx)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, challenge.path)
