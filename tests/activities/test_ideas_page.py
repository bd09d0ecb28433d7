"""Borrowing on the pages: from an activity to the plan form, what the form offers, and the idea's way."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.extensions import db
from app.models.activity import Activity, CoOwner
from app.models.adoption import Adoption
from app.models.person import Person
from app.services.activities.adoption import adopt
from app.services.activities.best_practice import lift
from app.services.activities.ideas import proven_ideas
from app.services.activities.visibility import whole_activity
from app.services.moderation.decide import hide
from tests.cast import Cast
from tests.factories import NOW, TODAY, focus_area, make_activity, make_outcome, make_person, value

pytestmark = pytest.mark.usefixtures("at_now")

As = Callable[[Person], FlaskClient]

CHOSEN = {"value": "valkomnande", "focus_area": "larande"}
PLAN = {**CHOSEN, "request_key": "k", "title": "Soppa med nyinflyttade på torget"}


@pytest.fixture
def idea(cast: Cast) -> Activity:
    """Alice's in Bjuv, carried out."""
    return done(make_activity(cast.alice))


def done(activity: Activity, **over: object) -> Activity:
    make_outcome(activity, **over)
    return _whole(activity)


def _whole(activity: Activity) -> Activity:
    loaded = whole_activity(activity.id)
    assert loaded
    return loaded


def borrow(origin: Activity, person: Person, **over: object) -> Activity:
    activity = make_activity(person, **over)
    adopt(activity, origin, now=NOW)
    db.session.commit()
    return activity


def origin_of(title: str) -> int | None:
    query = select(Adoption.origin_id).join(Adoption.activity).where(Activity.title == title)
    return db.session.scalar(query)


def test_what_others_carried_out_is_borrowed_and_all_else_copied(cast: Cast, as_: As, idea: Activity) -> None:
    planned = make_activity(cast.alice)
    assert "Låna idén" in as_(cast.charlie).get(f"/activities/{idea.id}").text
    for person, activity in ((cast.alice, idea), (cast.charlie, planned)):
        page = as_(person).get(f"/activities/{activity.id}").text
        assert "Låna idén" not in page
        assert "Gör något liknande" in page


def test_the_form_is_filled_with_its_content_and_says_whose_it_is(
    cast: Cast, as_: As, idea: Activity
) -> None:
    second = done(borrow(idea, cast.bob, title="Soppa med nyinflyttade"))
    page = as_(cast.charlie).get(f"/activities/new?like={second.id}").text
    assert "Soppa med nyinflyttade</textarea>" in page
    assert re.search(
        r'Lånat av\s+<b><a href="/people/\d+">Bob Berg</a></b>, Bjuv\.\s+Först: Alice i Bjuv\.', page
    )
    assert f'name="borrowed_from" value="{second.id}"' in page
    assert "Bestäm i förväg vem som låser efteråt" in page  # its lessons
    assert 'value="Nya kollegor"' in page
    assert "Biblioteket i Bjuv" not in page.partition("<form")[2].partition("placeholder")[0]


def test_sent_it_is_tied_and_removed_it_is_not(cast: Cast, as_: As, idea: Activity) -> None:
    client, address = as_(cast.charlie), f"/activities/new?like={idea.id}"
    tied = PLAN | {"borrowed_from": str(idea.id)}
    assert client.post(address, data=tied).status_code == 303
    assert origin_of(PLAN["title"]) == idea.id
    looked = client.post(address, data=PLAN | {"borrowed_from": str(idea.id), "look": "own"}).text
    assert 'name="borrowed_from" value=""' in looked
    assert "Lånat av" not in looked
    assert client.post(address, data=PLAN | {"title": "Min egen", "borrowed_from": ""}).status_code == 303
    assert origin_of("Min egen") is None


def test_a_choice_among_the_ideas_rules_over_what_the_form_had(cast: Cast, as_: As, idea: Activity) -> None:
    other, client = done(make_activity(cast.bob)), as_(cast.charlie)
    chosen = {"borrowed_from": str(idea.id), "idea": str(other.id)}
    assert client.post("/activities/new", data=PLAN | chosen).status_code == 303
    assert origin_of(PLAN["title"]) == other.id
    own = {"title": "Min egen", "borrowed_from": str(idea.id), "idea": ""}
    assert client.post("/activities/new", data=PLAN | own).status_code == 303
    assert origin_of("Min egen") is None


def test_a_form_with_mistakes_keeps_its_tie(cast: Cast, as_: As, idea: Activity) -> None:
    answer = as_(cast.charlie).post("/activities/new", data=CHOSEN | {"borrowed_from": str(idea.id)})
    assert answer.status_code == 422
    assert f'name="borrowed_from" value="{idea.id}"' in answer.text


@pytest.mark.parametrize("chosen", ["nonsense", "99999", "99999999999999"])
def test_what_cannot_be_borrowed_makes_no_tie(cast: Cast, as_: As, idea: Activity, chosen: str) -> None:
    assert as_(cast.charlie).post("/activities/new", data=PLAN | {"idea": chosen}).status_code == 303
    own = PLAN | {"title": "Min egen", "idea": str(idea.id)}
    assert as_(cast.alice).post("/activities/new", data=own).status_code == 303
    hide(idea, cast.cora, "tone", "", NOW)
    db.session.commit()
    gone = PLAN | {"title": "Dold", "idea": str(idea.id)}
    assert as_(cast.charlie).post("/activities/new", data=gone).status_code == 303
    assert db.session.scalars(select(Adoption.activity_id)).all() == []


def test_the_best_ideas_are_offered_first(cast: Cast) -> None:
    own = done(make_activity(cast.cora), rating=5)
    low = done(make_activity(cast.alice), rating=2)
    near = done(make_activity(cast.alice), rating=4)
    far = done(make_activity(make_person("", "helsingborg")), rating=5)
    lifted = done(make_activity(cast.bob), rating=3)
    lift(_whole(lifted), "Så gör man.", by=cast.cora, now=NOW)
    done(make_activity(cast.bob, focus_area=focus_area("miljo")), rating=5)
    done(make_activity(cast.bob, value=value("kreativt")), rating=5)
    done(make_activity(cast.bob), carried_out=False)
    ideas = proven_ideas(cast.cora, focus_area().id, value().id, limit=9)
    assert [one.id for one in ideas] == [lifted.id, far.id, near.id, low.id]
    assert own.id not in {one.id for one in ideas}


def test_ideas_are_offered_once_focus_area_and_value_are_chosen(
    cast: Cast, as_: As, idea: Activity, hx: dict[str, str]
) -> None:
    client = as_(cast.charlie)
    asked = client.get("/activities/ideas", query_string=CHOSEN, headers=hx).text
    assert f'value="{idea.id}"' in asked
    assert "Bjuv · betyg 4 · 25 kom" in asked
    assert 'hx-swap-oob="true"' in asked
    chosen = client.get("/activities/ideas", query_string=CHOSEN | {"idea": idea.id}, headers=hx).text
    assert "Lånat av" in chosen
    untied = client.get("/activities/ideas", query_string=CHOSEN | {"look": "own"}, headers=hx).text
    assert "Lånat av" not in untied
    assert "Lånar du" not in client.get("/activities/ideas?value=valkomnande", headers=hx).text
    whole = client.get("/activities/ideas", query_string=CHOSEN)
    assert whole.status_code == 303
    assert whole.location == "/activities/new?value=valkomnande&focus_area=larande"
    looked = client.post("/activities/new", data=CHOSEN | {"look": "peers"}).text
    assert "Lånar du någons idé?" in looked


def test_the_way_of_an_idea_names_places_people_outcomes_and_lessons(
    cast: Cast, as_: As, idea: Activity
) -> None:
    second = done(
        borrow(idea, cast.charlie, title="Soppa klockan 17.30", place="Torget"), rating=2, reached=2
    )
    third = borrow(second, make_person("Hilda Holm", "helsingborg"))
    for number in (idea.id, second.id, third.id):
        page = as_(cast.bob).get(f"/activities/{number}/spread").text
        assert "En idé från Bjuv, på väg i 2 kommuner." in page
        assert re.search(r"Alice Ahl</a> började\.\s+25 kom\.", page)
        assert re.search(r"Charlie Ceder</a> lånade den\.\s+2 kom\.", page)
        assert re.search(r"Hilda Holm</a> lånade av Klippan\.\s+Planeras just nu\.", page)
        assert "Soppa klockan 17.30 · Torget" in page  # what was changed
        assert "Bestäm i förväg vem som låser efteråt." in page  # a low rating teaches the trap
        assert "Jämför sätten, inte personerna." in page
        assert "Alice står med som upphov" in page
    assert "Spridd till 2 kommuner" in as_(cast.bob).get(f"/activities/{idea.id}").text


def test_of_a_hidden_idea_nothing_is_shown_but_those_who_borrowed_it(
    cast: Cast, as_: As, idea: Activity
) -> None:
    second = borrow(idea, cast.charlie, title="Soppa")
    hide(idea, cast.cora, "tone", "", NOW)
    db.session.commit()
    assert as_(cast.bob).get(f"/activities/{idea.id}/spread").status_code == 404
    page = as_(cast.bob).get(f"/activities/{second.id}/spread").text
    assert "En idé på väg i 1 kommun." in page
    assert "Alice" not in page
    assert idea.title not in page


def test_a_long_way_goes_on_over_pages(cast: Cast, as_: As, idea: Activity) -> None:
    for _ in range(21):
        borrow(idea, cast.charlie)
    client = as_(cast.bob)
    first = client.get(f"/activities/{idea.id}/spread").text
    assert first.count("Charlie Ceder</a> lånade den.") == 20
    after = re.search(r"after=(\d+-\d+)", first)
    assert after
    rest = client.get(f"/activities/{idea.id}/spread?after={after[1]}").text
    assert rest.count("Charlie Ceder</a> lånade den.") == 1
    assert "började." not in rest
    assert client.get(f"/activities/{idea.id}/spread?after=nonsense").status_code == 400


def test_nobody_but_those_who_are_signed_in_sees_ideas(
    client: FlaskClient, cast: Cast, idea: Activity
) -> None:
    for path in (f"/activities/{idea.id}/spread", "/activities/ideas", "/activities/alike"):
        assert client.get(path).status_code == 303


def test_who_plans_the_same_idea_is_shown_on_its_way_and_in_the_form(
    cast: Cast, as_: As, idea: Activity, hx: dict[str, str]
) -> None:
    day = TODAY + timedelta(days=40)
    theirs = borrow(idea, cast.charlie, title="Soppa hos oss", planned_for=day)
    borrow(idea, cast.kim, title="En annan i dag", planned_for=TODAY - timedelta(days=1))
    borrow(idea, cast.bob, title="Min egen", planned_for=day)
    bob = as_(cast.bob)
    way = bob.get(f"{idea.path}/spread").text
    assert "Klippan planerar samma sak. Gör det ihop?" in way
    assert "Min egen”" not in way
    link = f"/activities/new?like={idea.id}&amp;alike={theirs.id}"
    assert link in way
    form = bob.get(link.replace("&amp;", "&")).text
    assert f'value="{theirs.id}" data-no-draft checked' in form
    assert "En annan i dag" not in form
    asked = {**CHOSEN, "planned_for": "", "borrowed_from": idea.id, "alike": theirs.id}
    fragment = bob.get("/activities/alike", query_string=asked, headers=hx).text
    assert f'value="{theirs.id}" data-no-draft checked' in fragment


def test_who_has_no_day_yet_may_ask_who_plans_the_same_idea(cast: Cast, as_: As, idea: Activity) -> None:
    theirs = borrow(idea, cast.charlie, planned_for=TODAY + timedelta(days=40))
    sent = PLAN | {"borrowed_from": str(idea.id), "alike": str(theirs.id)}
    as_(cast.bob).post(f"/activities/new?like={idea.id}", data=sent)
    invited = select(CoOwner.person_id).join(CoOwner.activity).where(Activity.title == PLAN["title"])
    assert list(db.session.scalars(invited)) == [cast.charlie.id]


def test_who_may_not_borrow_it_is_not_asked_to_plan_it_together(cast: Cast, as_: As, idea: Activity) -> None:
    borrow(idea, cast.charlie, planned_for=TODAY + timedelta(days=40))
    assert "planerar samma sak" not in as_(cast.alice).get(f"{idea.path}/spread").text
