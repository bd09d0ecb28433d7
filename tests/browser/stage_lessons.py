"""The lessons of stage 1 in the running installation: published, in a focus area that no other test plans in."""

from datetime import UTC, datetime, time, timedelta

from app.extensions import db
from app.models.person import Role
from app.models.tip import TipKind
from app.services.activities.cheer import cheer
from app.services.stages.lesson_draft import draft_lessons
from app.services.stages.lesson_publishing import publish_lessons
from app.services.stages.lessons import lessons_of_stage, set_of
from tests.factories import focus_area, make_person, make_tip, stage

HEADINGS = ("Ta med skolan", "Ett datum slår en plan", "Byt arbetsplats en dag")


def make_stage_lessons() -> int:
    """Three that worked and a trap; the number of the first. Nobody is told, since other tests look at what is pushed.
    There once, however often it is called."""
    first, now = stage(1), datetime.now(UTC)
    lessons = set_of(first)
    if lessons is None or lessons.published_at is None:
        authors = [make_person(place="klippan") for _ in HEADINGS]
        written_at = datetime.combine(first.activate_on + timedelta(days=2), time(9), UTC)
        about = {"now": written_at, "focus_area": focus_area("naringsliv")}
        texts = [(TipKind.SUCCESS, f"{heading}. Det blev av, och fler kom.") for heading in HEADINGS]
        for author, (kind, text) in zip(
            [*authors, authors[0]], [*texts, (TipKind.PITFALL, "Boka inte en lördag.")], strict=True
        ):
            cheer(make_tip(author, kind=kind, text=text, **about), make_person(), now=now)
        draft_lessons(first, now)
        publish_lessons(first, by=make_person("Lisa Ledare", "helsingborg", Role.LEAD), now=now)
        published = set_of(first)
        assert published
        published.told_at = now
        db.session.commit()
    return lessons_of_stage(first).successes[0].id
