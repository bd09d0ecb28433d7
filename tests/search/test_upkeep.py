"""What is wrong in the index is found, and it can be written anew."""

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from app.extensions import db
from app.models.programme import Municipality
from app.models.search import SearchDocument, SearchKind, SearchPosting, SearchWord
from app.services.search import index
from app.services.search.find import search
from app.services.upkeep.audit import repair, verify
from tests.cast import Cast
from tests.factories import make_activity


@pytest.mark.parametrize(
    "damage",
    [
        delete(SearchPosting).where(SearchPosting.stem == "fik"),
        delete(SearchDocument).where(SearchDocument.kind == SearchKind.ACTIVITY),
        update(SearchDocument).values(stems="annat"),
        delete(SearchWord).where(SearchWord.stem == "fik"),
    ],
)
def test_a_damaged_index_is_found_and_repaired(damage: object, cast: Cast) -> None:
    make_activity(cast.alice, title="Fika")
    assert verify() == []
    db.session.execute(damage)  # type: ignore[call-overload]
    assert {one.of.split()[0] for one in verify()} <= {"search_document", "search_posting"}
    assert verify()
    repair()
    assert verify() == []
    assert search("fika", cast.alice).total == 1


def test_the_command_writes_the_index_anew_and_forgets_old_words(app: Flask, cast: Cast) -> None:
    make_activity(cast.alice, title="Fika")
    db.session.add(SearchWord(word="gammalt", plain="gammalt", stem="gammalt", plain_stem="gammalt"))
    db.session.execute(delete(SearchPosting))
    db.session.commit()
    result = app.test_cli_runner().invoke(args=["search", "rebuild"])
    assert result.output == "Everything can be found again.\n"
    assert search("fika", cast.alice).total == 1
    assert db.session.get(SearchWord, "gammalt") is None


def test_a_second_refresh_writes_nothing(cast: Cast, queries: list[str]) -> None:
    activity = make_activity(cast.alice)
    queries.clear()
    index.refresh(SearchKind.ACTIVITY, [activity.id])
    assert [query for query in queries if not query.startswith("SELECT")] == []


def test_a_changed_word_touches_that_word_alone(cast: Cast) -> None:
    activity = make_activity(cast.alice, title="Fika med grannar", place="", audience="", success_sign="")
    before = _stems(activity.id)
    activity.title = "Fika med kollegor"
    index.refresh(SearchKind.ACTIVITY, [activity.id])
    assert before ^ _stems(activity.id) == {"grann", "kolleg"}


def test_what_is_gone_is_taken_out(cast: Cast) -> None:
    activity = make_activity(cast.alice)
    db.session.add(SearchDocument(kind=SearchKind.TIP.value, thing_id=activity.id + 1000, stems="borta"))
    db.session.add(SearchPosting(kind=SearchKind.TIP.value, thing_id=activity.id + 1000, stem="borta"))
    db.session.flush()
    index.refresh(SearchKind.TIP, [activity.id + 1000])
    assert verify() == []


def _stems(activity_id: int) -> set[str]:
    its = select(SearchPosting.stem).where(
        SearchPosting.kind == SearchKind.ACTIVITY, SearchPosting.thing_id == activity_id
    )
    return set(db.session.scalars(its))


def test_everything_is_found_by_the_new_name_of_its_municipality(cast: Cast) -> None:
    make_activity(cast.alice)
    db.session.execute(update(Municipality).where(Municipality.slug == "bjuv").values(name="Nybjuv"))
    assert verify()
    index.rebuild()
    assert search("nybjuv", cast.alice).hits[SearchKind.ACTIVITY].places
