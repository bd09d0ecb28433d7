"""Every place where an activity of somebody else's is shown, or is counted. A test fails when one is missing."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from tests.factories import NOW
from tests.moderation.shown_world import DUE, LESSON, PLANNED, REPORTED, SAID, SENTENCE, STORY, THANKED

#: A morning after the last day of stage 2.
AFTERWARDS: Final = datetime(2026, 12, 20, 9, tzinfo=UTC)
#: A regular expression.
MAIN: Final = "<main.*?</main>"


@dataclass(frozen=True)
class Place:
    """An address as somebody sees it: Charlie of another municipality, unless it says who else. Names in braces are
    those of the world."""

    name: str
    address: str
    #: What stands there of the activity; without any, the page counts it, and says something else without it.
    mark: str = ""
    who: str = "charlie"
    is_part: bool = False
    #: The part of the page that counts.
    part: str = MAIN
    at: datetime = NOW
    #: It says how many points somebody has.
    counts_points: bool = False
    #: Its makers alone see it, and go on with it while it waits to be published.
    is_for_makers: bool = False


_P = Place
#: Where Alice's comment about what is reported stands, which mentions Charlie.
COMMENT_PLACES: Final = (
    _P("a comment, with what it is about", "/activities/{reported}", SAID),
    _P("all comments", "/activities/{reported}/comments", SAID),
    _P("more comments", "/activities/{reported}/comments", SAID, is_part=True),
    _P("a comment's thread", "/comments/{comment}", SAID),
    _P("a comment alone", "/comments/{comment}", SAID, is_part=True),
    _P("answering a comment", "/comments/{comment}/answer", SAID),
    _P("changing a comment", "/comments/{comment}/edit", SAID, "alice", is_for_makers=True),
    _P("reporting a comment", "/moderation/report/{comment}", SAID),
    _P("how many comments there are, on the card in the feed", "/"),
    _P("how many comments there are", "/activities/{reported}", part='<h2 id="comment-count".*?</h2>'),
    _P("the inbox: who has mentioned one", "/inbox"),
)
#: Where Alice's thanks to Bob stand, who shows them.
THANKS_PLACES: Final = (
    _P("thanks on somebody's page", "/people/{thanked}", THANKED),
    _P("all thanks to somebody", "/people/{thanked}/thanks", THANKED),
    _P("all thanks to oneself", "/people/{thanked}/thanks", THANKED, "bob"),
    _P("more thanks", "/people/{thanked}/thanks", THANKED, is_part=True),
    _P("thanks alone", "/thanks/{thanks}", THANKED),
    _P("reporting thanks", "/moderation/report/{thanks}", THANKED),
    _P("what others see of one", "/me/page", THANKED, "bob"),
    _P("the inbox: who has thanked one", "/inbox", THANKED, "bob"),
)
PLACES: Final = (
    *COMMENT_PLACES,
    _P("the feed", "/", REPORTED),
    _P("the feed: its story", "/", STORY),
    _P("the feed: why it is a model", "/", SENTENCE),
    _P("the feed: a plan", "/", PLANNED),
    _P("the feed, everything", "/?show=all", REPORTED),
    _P("the feed, what is for oneself", "/?show=you", REPORTED),
    _P("the feed, what is for oneself: a plan", "/?show=you", PLANNED),
    _P("the feed: how many are new for oneself", "/feed/new?since=1-1&show=you", is_part=True),
    _P("pinned on top of the feed", "/", REPORTED, "bob"),
    _P("what one follows", "/follows", PLANNED),
    _P("the feed, of one's municipality", "/?show=m:1", REPORTED),
    _P("the feed, what is reported", "/?show=reported", REPORTED),
    _P("the feed: how many are new", "/feed/new?since=1-1", is_part=True),
    _P("its own page", "/activities/{reported}", REPORTED),
    _P("a plan's own page", "/activities/{planned}", PLANNED),
    _P("where its idea has spread", "/activities/{reported}/spread", REPORTED),
    _P("the page of what borrowed it: whose idea it is", "/activities/{borrowed}", "Alice Ahl"),
    _P("where the idea has spread, from what borrowed it", "/activities/{borrowed}/spread", REPORTED),
    _P("the page of what takes its lesson into account", "/activities/{alike}", LESSON),
    _P("the report of what takes its lesson into account", "/activities/{alike}/outcome", LESSON),
    _P("the form of what takes its lesson into account", "/activities/{alike}/edit", LESSON),
    _P("the page of a plan alike", "/activities/{borrowed}", PLANNED, "bob"),
    _P(
        "plans alike in the plan form",
        "/activities/alike?focus_area={area}&planned_for=2026-11-12",
        PLANNED,
        "bob",
        is_part=True,
    ),
    _P(
        "ideas in the plan form",
        "/activities/ideas?focus_area={area}&value=valkomnande",
        REPORTED,
        is_part=True,
    ),
    _P(
        "the idea that was chosen",
        "/activities/ideas?focus_area={area}&value=valkomnande&idea={reported}",
        REPORTED,
        is_part=True,
    ),
    _P("the plan form that begins from it", "/activities/new?like={reported}", REPORTED),
    _P("tips in the plan form", "/activities/new?focus_area={area}", LESSON),
    _P("tips beside the plan", "/activities/peers?focus_area={area}", LESSON, is_part=True),
    _P("a tip that was ticked", "/activities/peers?focus_area={area}&heeding={lesson}", LESSON, is_part=True),
    _P("who comes along", "/activities/{planned}/coming", PLANNED),
    _P("a file for one's calendar", "/activities/{planned}.ics", PLANNED),
    _P("the calendar of who does it too", "/calendar/{calendar}.ics", PLANNED, "nobody"),
    _P("closing out", "/close/{close}", DUE, "nobody", is_for_makers=True),
    _P("one's invitations", "/activities/mine", PLANNED),
    _P("the inbox", "/inbox", PLANNED),
    _P("the journey: what is expected", "/stages", PLANNED),
    _P("the journey of a stage", "/stages/2", PLANNED),
    _P("reporting it", "/moderation/report/{reported}", REPORTED),
    _P("putting it right", "/activities/{reported}/care", REPORTED, "cora"),
    _P("search", "/search?q=krusbär", REPORTED),
    _P("search, activities alone", "/search?q=krusbär&kind=activities", REPORTED),
    _P("search by its story", "/search?q=slånbär", REPORTED),
    _P("search, its lesson", "/search?q=nypon", LESSON),
    _P("its lesson among the tips", "/tips", LESSON),
    _P("its lesson's own page", "/tips/{lesson}", LESSON),
    _P("the page of whose it is", "/people/{owner}", REPORTED),
    _P("thanks for it, on the page of whose it is", "/people/{owner}", REPORTED, "bob"),
    _P("thanks for it", "/people/{owner}/thanks", REPORTED, "bob"),
    _P("thanking for it", "/people/{owner}/thanks/new?about={reported}", REPORTED),
    _P("what others see of its owner", "/me/page", REPORTED, "alice"),
    _P("its picture", "/media/{photo}"),
    _P("its picture, shown with a link", "/pictures/{photo}", who="nobody"),
    _P(
        "its link, for whoever has not signed in",
        "/login?next=/activities/{reported}",
        REPORTED,
        "nobody",
        part="<head.*?</head>",
    ),
    _P("a square of the quilt", "/challenges?value=valkomnande&focus_area={area}", REPORTED),
    _P("a challenge that it takes on", "/challenges/{challenge}", REPORTED),
    _P("a challenge: what was learned", "/challenges/{challenge}", LESSON),
    _P("a challenge: who takes it on", "/challenges/{challenge}/activities", REPORTED),
    _P(
        "a square of the quilt, everything",
        "/challenges/carried-out?value=valkomnande&focus_area={area}",
        REPORTED,
    ),
    _P("a municipality's score", "/leaderboard/bjuv", REPORTED),
    _P("one's own municipality", "/leaderboard", REPORTED, "bob"),
    _P("a stage's lessons", "/stages/2/lessons", LESSON),
    _P("choosing a stage's lessons", "/stages/2/lessons/edit", LESSON, "kim", is_part=True),
    _P("a stage's end", "/stages/2/end", REPORTED, at=AFTERWARDS),
    _P("a stage's end: why it is a model", "/stages/2/end", SENTENCE, at=AFTERWARDS),
    _P("the screen in a lobby", "/screen/{screen}", REPORTED, "nobody"),
    _P("the screen's next turn", "/screen/{screen}/now", STORY, "nobody"),
    _P("the screen's picture", "/screen/{screen}/pictures/{photo}", who="nobody"),
    _P("its picture for everybody", "/pictures/{photo}", who="nobody"),
    _P("saying no to its picture", "/pictures/{key}/objection", who="nobody"),
    _P("the analysis", "/insights/stages/2", who="stig"),
    _P("the analysis for other tools", "/insights/stages/2.json", who="stig"),
    _P("the board", "/leaderboard"),
    _P("whose points are near", "/leaderboard/people", who="bob", counts_points=True),
    _P("the owner's points", "/me/points", who="alice", part="<h1.*?</h1>", counts_points=True),
    _P("the owner's badges", "/badges", who="alice"),
    _P("a badge", "/badges/first-report", who="alice"),
    _P("the quilt", "/challenges"),
    _P("the example among the rules of points", "/points", who="bob", counts_points=True),
    _P("how far all challenges have come", "/challenges/all"),
    _P("how far a challenge has come", "/challenges/{challenge}"),
)


@dataclass(frozen=True)
class PicturePlace:
    """Where the picture of what is reported is shown, and to whom. What `is_outside` is shown to whoever comes by: from
    there it goes at once when somebody in it does not want it; from elsewhere by a decision."""

    address: str
    who: str = "charlie"
    is_outside: bool = False
    at: datetime = NOW


PICTURE_PLACES: Final = (
    PicturePlace("/"),
    PicturePlace("/activities/{reported}"),
    PicturePlace("/media/{photo}"),
    PicturePlace("/media/{photo}", "alice"),
    PicturePlace("/activities/{reported}/outcome", "alice"),
    PicturePlace("/stages/2/end", at=AFTERWARDS),
    PicturePlace("/moderation/report/{reported}"),
    PicturePlace("/pictures/{key}/objection"),
    PicturePlace("/pictures/{key}/objection", "nobody", is_outside=True),
    PicturePlace("/pictures/{photo}", "nobody", is_outside=True),
    PicturePlace("/screen/{screen}", "nobody", is_outside=True),
    PicturePlace("/screen/{screen}/now", "nobody", is_outside=True),
    PicturePlace("/screen/{screen}/pictures/{photo}", "nobody", is_outside=True),
)
