"""A lead reads the words before anybody else sees them, and releases the result once."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import time_machine
from flask.testing import FlaskClient

from app.extensions import db
from app.gateways.survey_keys import SurveyKeys
from app.models.person import Person, Role
from app.models.survey import Sentiment, Survey
from app.services.survey.ballot import Association
from app.services.survey.closing import close_due
from app.services.survey.reviewing import (
    ReleasedError,
    in_circles,
    keep_review,
    likely_spellings,
    shown_words,
)
from app.services.survey.tending import tend
from app.services.survey.words import Review, tallies
from tests.cast import Cast
from tests.factories import make_person
from tests.survey.box import text_of
from tests.survey_makers import AFTERWARDS, answer_as, make_survey
from tests.unchanged import unchanged

As = Callable[[Person], FlaskClient]
_WORDS = "/admin/surveys/2/words"
_RELEASE = "/admin/surveys/2/release"
#: In the order of the list: so many wrote each.
_WRITTEN = {"Gemenskap": 20, "Otydligt": 8, "Gemenskapp": 6, "Bertil i receptionen": 5, "Otydlig": 4}


@pytest.fixture
def survey(shared_keys: SurveyKeys) -> Iterator[Survey]:
    """Ended this morning; its words wait."""
    survey = make_survey(shared_keys)
    for word, count in _WRITTEN.items():
        for _ in range(count):
            answer_as(survey, make_person(), words=[(word, "negative" if word[0] == "O" else "positive")])
    db.session.commit()
    _tend(shared_keys)
    with time_machine.travel(AFTERWARDS, tick=False):
        yield survey


def _tend(keys: SurveyKeys) -> None:
    tend(keys, AFTERWARDS, commit=db.session.commit)


def _shown(survey: Survey) -> dict[str, int]:
    assert survey.snapshot
    return {one["word"]: one["count"] for one in survey.snapshot["words"]}


def _choices(**same_as: str) -> dict[str, str]:
    """The form's fields: `_choices(Gemenskapp="Gemenskap")`, a word's place being that in `_WRITTEN`."""
    return {f"same_as_{list(_WRITTEN).index(word)}": other for word, other in same_as.items()}


def _seen_in(page: str) -> str:
    """What the form says that it has seen."""
    found = re.search(r'name="seen"[^>]* value="(.*?)"', page)
    assert found
    return found[1]


def test_the_list_names_words_counts_and_moods_and_suggests_spellings(
    survey: Survey, cast: Cast, as_: As
) -> None:
    lena = as_(cast.lena)
    assert 'href="/admin/surveys/2/words"' in lena.get("/admin/surveys/2").text
    page = lena.get(_WORDS).text
    assert all(word in page for word in _WRITTEN)
    assert "20, oftast positivt" in page
    assert "Kanske Gemenskap?" in page
    assert "Kanske Otydligt?" in page
    assert 'value="Gemenskap" ' not in page.replace('<option value="Gemenskap"', ""), (
        "nothing is chosen by itself"
    )


def test_saving_keeps_the_choices_beside_the_key_and_shows_nothing(
    survey: Survey, cast: Cast, as_: As, shared_keys: SurveyKeys
) -> None:
    lena = as_(cast.lena)
    with unchanged():
        answer = lena.post(_WORDS, data=_choices(Gemenskapp="gemenskap ") | {"hidden_3": "y"})
    assert (answer.status_code, answer.location) == (303, _WORDS)
    assert shared_keys.review(2) == {
        "same_as": {"gemenskapp": "gemenskap"},
        "blanked": ["bertil i receptionen"],
    }
    page = lena.get(_WORDS).text
    assert 'id="same_as_2"' in page
    assert 'value="Gemenskap"' in page
    assert "<p>Gemenskap, Otydligt.</p>" in page, "what would be shown now"
    _tend(shared_keys)
    assert survey.closed_at is None


def test_releasing_closes_it_with_what_was_chosen(
    survey: Survey, cast: Cast, as_: As, shared_keys: SurveyKeys
) -> None:
    lena = as_(cast.lena)
    chosen = _choices(Gemenskapp="Gemenskap", Otydlig="Otydligt") | {"hidden_3": "y"}
    answer = lena.post(_RELEASE, data=chosen)
    assert (answer.status_code, answer.location) == (303, "/admin/surveys/2")
    assert survey.reviewed_by_id == cast.lena.id
    assert "räknas" in lena.get("/admin/surveys/2").text
    _tend(shared_keys)
    assert _shown(survey) == {"Gemenskap": 26, "Otydligt": 12}
    assert not shared_keys.has_secrets(2)


def test_a_second_tap_and_a_later_thought_change_nothing(
    survey: Survey, cast: Cast, as_: As, shared_keys: SurveyKeys
) -> None:
    lena = as_(cast.lena)
    lena.post(_RELEASE, data=_choices(Gemenskapp="Gemenskap"))
    kept = shared_keys.review(2)
    with unchanged():
        for path in (_RELEASE, _WORDS):
            answer = lena.post(path, data={"hidden_0": "y"})
            assert (answer.status_code, answer.location) == (303, "/admin/surveys/2")
        assert lena.get(_WORDS).location == "/admin/surveys/2"
        with pytest.raises(ReleasedError):
            keep_review(survey, Review(), shared_keys, based_on="")
    assert shared_keys.review(2) == kept
    _tend(shared_keys)
    assert lena.post(_RELEASE).location == "/admin/surveys/2"


@pytest.mark.parametrize("path", [_WORDS, _RELEASE])
@pytest.mark.parametrize(
    ("chosen", "sentence"),
    [
        (_choices(Otydlig="Dimmigt"), "finns inte i listan"),
        (_choices(Otydlig="otydlig"), "Det är samma ord"),
        (_choices(Gemenskap="Gemenskapp", Gemenskapp="Gemenskap"), "i en ring"),
        (_choices(Gemenskapp="Gemenskap") | {"hidden_2": "y"}, "Välj det ena"),
        (_choices(Otydlig="o" * 40), "för långt"),
    ],
)
def test_what_cannot_be_is_refused_and_kept_in_the_form(
    survey: Survey,
    cast: Cast,
    as_: As,
    shared_keys: SurveyKeys,
    path: str,
    chosen: dict[str, str],
    sentence: str,
) -> None:
    lena = as_(cast.lena)
    with unchanged():
        answer = lena.post(path, data=chosen | {"hidden_3": "y"})
    assert answer.status_code == 422
    assert sentence in answer.text
    for field, word in chosen.items():
        assert f'value="{word}"' in answer.text or field.startswith("hidden")
    assert "checked" in answer.text
    assert shared_keys.review(2) is None


@pytest.mark.parametrize("path", [_WORDS, _RELEASE])
def test_what_another_lead_has_saved_meanwhile_is_shown_and_not_overwritten_unseen(
    survey: Survey, cast: Cast, as_: As, shared_keys: SurveyKeys, path: str
) -> None:
    lena, leo = as_(cast.lena), as_(make_person("Leo Lund", role=Role.LEAD))
    seen = {"seen": _seen_in(leo.get(_WORDS).text)}
    theirs = _choices(Gemenskapp="Gemenskap") | {"hidden_1": "y", "hidden_3": "y"}
    assert lena.post(_WORDS, data={"seen": _seen_in(lena.get(_WORDS).text)} | theirs).status_code == 303
    kept = shared_keys.review(2)
    ours = _choices(Otydlig="Otydligt") | {"hidden_3": "y"}
    with unchanged():
        answer = leo.post(path, data=ours | seen)
    assert answer.status_code == 422
    assert (shared_keys.review(2), survey.reviewed_at) == (kept, None)
    assert 'value="Otydligt"' in answer.text
    told = text_of(answer)
    assert "En annan programledare har sparat under tiden" in told
    assert "Otydligt : visas inte Gemenskapp : samma som ”Gemenskap” Otydlig : som det är" in told
    assert "Bertil i receptionen :" not in told, "of that both think the same"
    assert leo.post(path, data=ours | {"seen": _seen_in(answer.text)}).status_code == 303
    assert shared_keys.review(2) == {"same_as": {"otydlig": "otydligt"}, "blanked": ["bertil i receptionen"]}


def test_the_same_sent_again_is_no_quarrel(
    survey: Survey, cast: Cast, as_: As, shared_keys: SurveyKeys
) -> None:
    """Its answer was lost on the way, or two chose the same."""
    lena = as_(cast.lena)
    for _ in range(2):
        assert lena.post(_WORDS, data=_choices(Gemenskapp="Gemenskap")).status_code == 303


def test_of_two_who_release_the_first_ones_review_stays(
    survey: Survey, cast: Cast, as_: As, shared_keys: SurveyKeys
) -> None:
    lena, leo = as_(cast.lena), as_(make_person("Leo Lund", role=Role.LEAD))
    lena.post(_RELEASE, data=_choices(Gemenskapp="Gemenskap"))
    kept = shared_keys.review(2)
    assert leo.post(_RELEASE, data=_choices(Otydlig="Otydligt")).location == "/admin/surveys/2"
    assert (shared_keys.review(2), survey.reviewed_by_id) == (kept, cast.lena.id)


def test_a_directory_that_cannot_be_written_is_said_and_nothing_is_lost(
    survey: Survey, cast: Cast, as_: As, shared_keys: SurveyKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError("read-only")

    monkeypatch.setattr(SurveyKeys, "keep_review", refuse)
    lena = as_(cast.lena)
    for path in (_WORDS, _RELEASE):
        with unchanged():
            answer = lena.post(path, data=_choices(Gemenskapp="Gemenskap"))
        assert answer.status_code == 422
        assert "måste få skriva i SURVEY_DIR" in answer.text
        assert 'id="same_as_2"' in answer.text


def test_without_a_lead_it_is_released_after_a_week_with_what_was_saved(
    survey: Survey, cast: Cast, as_: As, shared_keys: SurveyKeys
) -> None:
    as_(cast.lena).post(_WORDS, data=_choices(Gemenskapp="Gemenskap"))
    day = survey.ends_on.replace(day=5, month=10)
    close_due(survey, shared_keys, AFTERWARDS, day, commit=db.session.commit)
    assert _shown(survey)["Gemenskap"] == 26


def test_what_a_lead_chose_lies_in_the_files_alone(
    survey: Survey, cast: Cast, as_: As, tmp_path: Path
) -> None:
    page = as_(cast.lena).get(_WORDS).text
    assert "draft-form" not in page
    assert (tmp_path / "survey" / "stage-2.words.json").is_file()


def test_a_long_list_asks_the_database_no_more_often(
    survey: Survey, cast: Cast, as_: As, shared_keys: SurveyKeys, queries: list[str]
) -> None:
    lena = as_(cast.lena)

    def asks() -> int:
        db.session.remove()
        queries.clear()
        assert lena.get(_WORDS).status_code == 200
        return len(queries)

    asks()
    few = asks()
    words = [{"key": f"ord {n}", "word": f"Ord {n}", "count": 9, "sentiment": "neutral"} for n in range(300)]
    shared_keys.keep_words(2, words)
    assert asks() == few


def test_circles_are_found_however_long() -> None:
    assert in_circles({"a": "b", "b": "c", "c": "a", "d": "a"}) == {"a", "b", "c"}
    assert in_circles({"a": "b", "b": "c"}) == set()


def test_only_near_words_are_suggested() -> None:
    words = [
        {"key": word.lower(), "word": word} for word in ("Kaffe", "Möten", "Möte", "Kafé", "Natt", "Kafffe")
    ]
    assert likely_spellings(words) == {"möte": "Möten", "kafffe": "Kaffe"}


def test_what_is_shown_follows_the_choices() -> None:
    words = [{"key": word.lower(), "word": word, "count": count} for word, count in _WRITTEN.items()]
    assert shown_words(words, Review({"gemenskapp": "otydligt"}, frozenset({"gemenskap"}))) == [
        "Otydligt",
        "Bertil i receptionen",
    ]


def test_a_merged_word_is_spelled_as_the_one_that_it_was_merged_into() -> None:
    ballots = [[Association(word, Sentiment.POSITIVE)] for word in ("Hav", "Havet", "Havet", "Havet")]
    assert tallies(ballots, Review({"havet": "hav"}))["hav"].spelling == "Hav"
