"""Reading and writing comments in the browser's terms: pages, fragments, and what is refused."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.extensions import db
from app.models.comment import Comment
from app.models.contribution import Contributed
from app.models.paging import PAGE_SIZE
from app.models.person import Person
from app.services.conversation.thread import FIRST_ANSWERS
from app.services.conversation.write import withdraw_comment
from app.services.moderation.decide import hide, restore
from tests.cast import Cast
from tests.challenge_makers import make_challenge, whole
from tests.comment_makers import make_comment
from tests.factories import NOW, make_activity, make_person, make_tip
from tests.unchanged import unchanged

pytestmark = pytest.mark.usefixtures("at_now")

As = Callable[[Person], FlaskClient]


def said(body: str, key: str = "first") -> dict[str, str]:
    return {"body": body, "request_key": key}


def newest() -> Comment:
    return db.session.scalars(select(Comment).order_by(Comment.id.desc())).first()  # type: ignore[return-value]


def test_the_pages_of_all_three_show_what_is_said(cast: Cast, as_: As) -> None:
    things: list[Contributed] = [make_activity(cast.alice), make_tip(cast.alice), make_challenge()]
    alice, bob = as_(cast.alice), as_(cast.bob)
    for thing in things:
        assert "Säg det första ordet" in bob.get(thing.path).text
        answer = bob.post(f"{thing.path}/comments", data=said("Räcker det med gympaskor?"))
        assert (answer.status_code, answer.location) == (303, f"{thing.path}#comment-{newest().id}")
        page = alice.get(thing.path).text
        assert "Räcker det med gympaskor?" in page
        assert "1 kommentar" in page
        assert "Bob Berg" in page


def test_for_htmx_the_comment_comes_where_it_belongs_and_the_form_is_blank_again(
    cast: Cast, as_: As, hx: dict[str, str]
) -> None:
    activity = make_activity(cast.alice)
    answer = as_(cast.bob).post(f"{activity.path}/comments", data=said("Vad roligt!"), headers=hx)
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert 'hx-swap-oob="beforeend:#threads"' in answer.text
    assert f'data-draft-done="comment-{activity.id}"' in answer.text
    form = answer.text.partition("</form>")[0]
    assert "Vad roligt!" not in form
    assert 'value="first"' not in form, "what is said next is something new"


def test_sent_twice_it_is_one_and_the_same_words_elsewhere_are_another(cast: Cast, as_: As) -> None:
    one, other = make_activity(cast.alice), make_activity(cast.alice)
    bob = as_(cast.bob)
    for thing in (one, one, other):
        assert bob.post(f"{thing.path}/comments", data=said("Heja!")).status_code == 303
    assert len(db.session.scalars(select(Comment)).all()) == 2


@pytest.mark.parametrize("body", ["", "  \n ", "x" * 1001])
def test_what_cannot_be_said_comes_back_as_it_was_written(
    body: str, cast: Cast, as_: As, hx: dict[str, str]
) -> None:
    activity, bob = make_activity(cast.alice), as_(cast.bob)
    with unchanged():
        page = bob.post(f"{activity.path}/comments", data=said(body))
        fragment = bob.post(f"{activity.path}/comments", data=said(body), headers=hx)
    assert (page.status_code, fragment.status_code) == (422, 422)
    assert 'aria-invalid="true"' in page.text
    assert body.strip() in page.text
    assert "<html" not in fragment.text


def test_newcomers_are_told_about_links_and_keep_their_text(cast: Cast, as_: As) -> None:
    activity = make_activity(cast.alice)
    newcomer = as_(make_person("Ny Nilsson", signed_in_at=NOW))
    page = newcomer.post(f"{activity.path}/comments", data=said("https://a.example.se https://b.example.se"))
    assert page.status_code == 422
    assert "högst en länk" in page.text
    assert "https://a.example.se https://b.example.se" in page.text


def test_one_answers_on_a_page_of_its_own_or_in_the_thread(cast: Cast, as_: As, hx: dict[str, str]) -> None:
    activity = make_activity(cast.alice)
    opening, alice = make_comment(activity, cast.bob, "Går bussen hem?"), as_(cast.alice)
    page = alice.get(f"{opening.path}/answer")
    assert "Svara Bob Berg" in page.text
    assert "Går bussen hem?" in page.text
    assert "<html" not in alice.get(f"{opening.path}/answer", headers=hx).text
    answer = alice.post(f"{opening.path}/answer", data=said("Ja, klockan sex."))
    assert (answer.status_code, answer.location) == (303, newest().path)
    thread = alice.get(answer.location, follow_redirects=True)
    assert "Ja, klockan sex." in thread.text
    fragment = alice.post(f"{opening.path}/answer", data=said("Och sju.", "second"), headers=hx)
    assert f'hx-swap-oob="beforeend:#answers-{opening.id}"' in fragment.text
    assert alice.post(f"{opening.path}/answer", data=said(" ")).status_code == 422


def test_its_author_changes_it_and_others_see_that(cast: Cast, as_: As, hx: dict[str, str]) -> None:
    activity = make_activity(cast.alice)
    comment, bob = make_comment(activity, cast.bob, "Sex lampor."), as_(cast.bob)
    assert "Sex lampor." in bob.get(f"{comment.path}/edit").text
    assert bob.post(f"{comment.path}/edit", data=said("")).status_code == 422
    fragment = bob.post(f"{comment.path}/edit", data=said("Sju lampor."), headers=hx)
    assert "Sju lampor." in fragment.text
    assert bob.post(f"{comment.path}/edit", data=said("Åtta lampor.")).location == comment.path
    page = as_(cast.alice).get(activity.path).text
    assert "Åtta lampor." in page
    assert "ändrad" in page


def test_after_a_quarter_of_an_hour_the_text_is_kept_and_one_is_told(cast: Cast, as_: As) -> None:
    comment = make_comment(make_activity(cast.alice), cast.bob, now=NOW - timedelta(minutes=16))
    bob = as_(cast.bob)
    assert f"{comment.path}/edit" not in bob.get(comment.path).text
    with unchanged():
        page = bob.post(f"{comment.path}/edit", data=said("Något helt annat."))
    assert page.status_code == 422
    assert "15 minuter" in page.text
    assert "Något helt annat." in page.text


def test_others_cannot_change_it_or_take_it_back(cast: Cast, as_: As, client: FlaskClient) -> None:
    comment = make_comment(make_activity(cast.alice), cast.bob)
    for who in (cast.alice, cast.cora, cast.lena):
        browser = as_(who)
        with unchanged():
            for act in ("edit", "withdrawal", "return"):
                assert browser.post(f"{comment.path}/{act}", data=said("x")).status_code == 404
            assert browser.get(f"{comment.path}/edit").status_code == 404
    with unchanged():
        for path in (f"{comment.path}/answer", f"/activities/{comment.about_id}/comments"):
            assert "/login" in client.post(path, data=said("x")).location


def test_it_is_taken_back_and_put_back(cast: Cast, as_: As, hx: dict[str, str]) -> None:
    activity = make_activity(cast.alice)
    comment, bob = make_comment(activity, cast.bob, "Hoppsan."), as_(cast.bob)
    gone = bob.post(f"{comment.path}/withdrawal")
    assert gone.location == f"{activity.path}?withdrawn={comment.id}#comments"
    page = bob.get(gone.location.partition("#")[0]).text
    assert "Kommentaren är borta." in page
    assert "Hoppsan." not in page
    assert bob.post(f"{comment.path}/return").location == comment.path
    assert "Kommentaren är borta." in bob.post(f"{comment.path}/withdrawal", headers=hx).text
    assert "Hoppsan." in bob.post(f"{comment.path}/return", headers=hx).text
    assert "Hoppsan." in as_(cast.alice).get(activity.path).text


def test_ones_words_are_taken_back_also_when_what_they_are_about_is_hidden(
    cast: Cast, as_: As, hx: dict[str, str]
) -> None:
    activity = make_activity(cast.alice)
    comments = [make_comment(activity, cast.bob, words) for words in ("Oj.", "Hoppsan.")]
    hide(activity, cast.cora, "tone", "", NOW)
    db.session.commit()
    bob = as_(cast.bob)
    plain = bob.post(f"{comments[0].path}/withdrawal")
    assert (plain.status_code, plain.location) == (303, "/")
    assert bob.post(f"{comments[1].path}/withdrawal", headers=hx).headers["HX-Redirect"] == "/"
    assert "Kommentaren är borta." in bob.get("/").text
    restore(whole(activity.id), cast.cora, NOW)
    db.session.commit()
    page = as_(cast.alice).get(activity.path).text
    assert [words in page for words in ("Oj.", "Hoppsan.")] == [False, False]


def test_what_others_answered_leaves_a_trace_with_its_reason(cast: Cast, as_: As) -> None:
    activity = make_activity(cast.alice)
    hidden, withdrawn = make_comment(activity, cast.bob, "Bertil."), make_comment(activity, cast.bob, "Oj.")
    for opening, words in ((hidden, "Frågan var bra."), (withdrawn, "Också bra.")):
        make_comment(activity, cast.charlie, words, to=opening)
    hide(hidden, cast.cora, "personal_data", "Skriv utan namn.", NOW)
    withdraw_comment(withdrawn, cast.bob, now=NOW)
    db.session.commit()
    reader, author, moderator = (
        as_(who).get(activity.path).text for who in (cast.alice, cast.bob, cast.cora)
    )
    answers = ("Frågan var bra.", "Också bra.")
    for words in ("En kommentar är dold", "personuppgifter", "En kommentar är borttagen", *answers):
        assert words in reader
    assert [text in reader for text in ("Bertil.", "Oj.", "Skriv utan namn.")] == [False] * 3
    assert "Bara du ser den här" in author
    assert "Skriv utan namn." in author
    assert "Bertil." in author
    assert "Bertil." in moderator


def test_a_hidden_one_leads_its_moderator_there_and_nobody_else(cast: Cast, as_: As) -> None:
    comment = make_comment(make_activity(cast.alice), cast.bob, "Bertil.")
    hide(comment, cast.cora, "tone", "", NOW)
    db.session.commit()
    assert "Bertil." in as_(cast.cora).get(comment.path).text
    assert as_(cast.bob).get(f"/moderation/answer/{comment.id}").status_code == 200
    alice = as_(cast.alice)
    for path in (comment.path, f"{comment.path}/answer", f"/moderation/report/{comment.id}"):
        assert alice.get(path).status_code == 404


def test_about_something_hidden_it_is_not_reachable(cast: Cast, as_: As) -> None:
    activity = make_activity(cast.alice)
    comment = make_comment(activity, cast.bob)
    answer = make_comment(activity, cast.alice, to=comment)
    hide(activity, cast.cora, "tone", "", NOW)
    db.session.commit()
    for browser in (as_(cast.bob), as_(cast.cora)):
        for path in (f"{activity.path}/comments", comment.path, answer.path, f"{comment.path}/answer"):
            assert browser.get(path).status_code == 404
        with unchanged():
            for path in (f"{activity.path}/comments", f"{comment.path}/answer", f"{comment.path}/cheer"):
                assert browser.post(path, data=said("x")).status_code == 404
    assert 'id="comments"' not in as_(cast.alice).get(activity.path).text


@pytest.mark.parametrize(
    "path", ["/tips/{id}/comments", "/activities/99999/comments", "/people/{id}/comments"]
)
def test_what_is_not_there_is_not_found(path: str, cast: Cast, as_: As) -> None:
    assert as_(cast.alice).get(path.format(id=make_activity(cast.alice).id)).status_code == 404


def test_threads_and_answers_come_page_by_page(cast: Cast, as_: As, hx: dict[str, str]) -> None:
    activity, bob = make_activity(cast.alice), as_(cast.bob)
    openings = [make_comment(activity, cast.bob, f"Tråd {number:02}") for number in range(PAGE_SIZE + 2)]
    first = openings[0]
    answers = [make_comment(activity, cast.alice, f"Svar {n:02}", to=first) for n in range(PAGE_SIZE + 2)]
    page = bob.get(activity.path).text
    assert [len(re.findall(rf">{word} \d\d<", page)) for word in ("Tråd", "Svar")] == [
        PAGE_SIZE,
        FIRST_ANSWERS,
    ]
    more = bob.get(f"{activity.path}/comments?after={openings[PAGE_SIZE - 1].id}", headers=hx).text
    assert re.findall(r">Tråd (\d\d)<", more) == ["20", "21"]
    rest = bob.get(f"{first.path}?after={answers[FIRST_ANSWERS - 1].id}", headers=hx).text
    assert re.findall(r">Svar (\d\d)<", rest) == [f"{n:02}" for n in range(3, 22)]
    assert "<html" not in more + rest
    last = bob.get(answers[-1].path)
    assert last.location == f"{first.path}?after={answers[-1].id - 1}#comment-{answers[-1].id}"
    assert "Tidigare svar" in bob.get(last.location.partition("#")[0]).text
    assert "Tråd 21" in bob.get(openings[-1].path).text


def test_it_is_given_a_spark_once_and_never_ones_own(cast: Cast, as_: As, hx: dict[str, str]) -> None:
    comment = make_comment(make_activity(cast.alice), cast.bob)
    alice, bob = as_(cast.alice), as_(cast.bob)
    for _ in range(2):
        assert 'aria-pressed="true"' in alice.post(f"{comment.path}/cheer", headers=hx).text
    assert alice.post(f"{comment.path}/cheer").location == f"{comment.path}#comment-{comment.id}"
    assert "1 gnista" in bob.get(comment.path).text
    assert bob.post(f"{comment.path}/cheer").status_code == 403
    assert 'aria-pressed="false"' in alice.post(f"{comment.path}/cheer/withdrawal", headers=hx).text


def test_what_is_pasted_is_shown_as_text(cast: Cast, as_: As) -> None:
    activity, bob = make_activity(cast.alice), as_(cast.bob)
    payload = "<script>alert(1)</script><img src=x onerror=alert(1)> {{ 7 * 7 }}"
    assert bob.post(f"{activity.path}/comments", data=said(payload)).status_code == 303
    for path in (activity.path, newest().path, f"{newest().path}/edit"):
        page = bob.get(path).text
        assert "&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt; {{ 7 * 7 }}" in page
        assert "<script>alert" not in page
    assert "<script>alert" not in as_(cast.alice).get("/inbox").text
