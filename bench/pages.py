"""Every main page, signed in, on the demonstration's data, beside a bare "hello" on the same server."""

import tempfile
from pathlib import Path
from statistics import median
from typing import NamedTuple

from app.models.person import Role
from bench.demonstration import Demonstration, demonstrate
from bench.load import Load, burst
from bench.server import gunicorn
from bench.targets import at_least

_TARGET = 0.12
#: In each turn. The search gets fewer, since a person may search 300 times in five minutes: the more requests, the less
#: the end weighs, where one server waits for the other.
_REQUESTS, _SEARCHES = 60, 20
_PEOPLE, _COORDINATORS, _LEADS, _STEERING = Role.PARTICIPANT, Role.COORDINATOR, Role.LEAD, Role.STEERING
#: What is read, by whom, and where. A page that is new gets its line here.
_PAGES = {
    "feed": (_PEOPLE, "/"),
    "feed, everything": (_PEOPLE, "/?show=all"),
    "feed, for oneself": (_PEOPLE, "/?show=you"),
    "what one follows": (_PEOPLE, "/follows"),
    "activity of one's own": (_PEOPLE, "/activities/{done}"),
    "activity of somebody else": (_PEOPLE, "/activities/{others}"),
    "plan form": (_PEOPLE, "/activities/new"),
    "plan form of a challenge": (_PEOPLE, "/activities/new?challenge={challenge}"),
    "plan form, changing": (_PEOPLE, "/activities/{planned}/edit"),
    "mine": (_PEOPLE, "/activities/mine"),
    "report form": (_PEOPLE, "/activities/{planned}/outcome"),
    "spread of an idea": (_PEOPLE, "/activities/{done}/spread"),
    "challenges, quilt": (_PEOPLE, "/challenges"),
    "challenges, all": (_PEOPLE, "/challenges/all"),
    "challenge": (_PEOPLE, "/challenges/{challenge}"),
    "form of a challenge": (_LEADS, "/challenges/new"),
    "tips": (_PEOPLE, "/tips"),
    "tip": (_PEOPLE, "/tips/{tip}"),
    "leaderboard": (_PEOPLE, "/leaderboard"),
    "leaderboard, in total": (_PEOPLE, "/leaderboard?stage=all"),
    "leaderboard, frozen": (_PEOPLE, "/leaderboard?stage=1"),
    "leaderboard, one opened": (_PEOPLE, "/leaderboard/bjuv"),
    "leaderboard, people": (_PEOPLE, "/leaderboard/people"),
    "policy of points": (_PEOPLE, "/points"),
    "me": (_PEOPLE, "/me"),
    "me, a coordinator's": (_COORDINATORS, "/me"),
    "own points": (_PEOPLE, "/me/points"),
    "question about points": (_PEOPLE, "/me/points/{entry}/question"),
    "badges": (_PEOPLE, "/badges"),
    "badge": (_PEOPLE, "/badges/{badge}"),
    "search, before a word": (_STEERING, "/search"),
    "search, results": (_PEOPLE, "/search?q=fika"),
    "search, people": (_LEADS, "/search?q=anna&kind=people"),
    "inbox": (_PEOPLE, "/inbox"),
    "journey": (_PEOPLE, "/stages"),
    "stage": (_PEOPLE, "/stages/2"),
    "person": (_PEOPLE, "/people/{person}"),
    "settings": (_PEOPLE, "/settings"),
    "analysis of a stage": (_STEERING, "/insights/stages/1"),
    "review": (_COORDINATORS, "/moderation"),
    "review, log": (_COORDINATORS, "/moderation/log"),
    "challenges to approve": (_COORDINATORS, "/challenges/reviews"),
    "questions about points": (_COORDINATORS, "/points/questions"),
    "invite colleagues": (_COORDINATORS, "/people/invite"),
    "programme": (_LEADS, "/admin"),
    "stages of the programme": (_LEADS, "/admin/stages"),
    "stage of the programme": (_LEADS, "/admin/stages/2"),
}


class _Turn(NamedTuple):
    """A page, and hello right before it: what else the machine does hits both."""

    hello: Load
    page: Load

    @property
    def ratio(self) -> float:
        """Pages/s ÷ hello/s, which is hello's time ÷ the page's."""
        return self.page.rate / self.hello.rate


def run(*, quick: bool = False) -> bool:
    """Rounds through all pages, so that a slow minute of the machine falls on all of them."""
    rounds = 4 if quick else 12
    with tempfile.TemporaryDirectory() as folder:
        shown = demonstrate(Path(folder))
        with (
            gunicorn("bench.hello:app", {}) as hello_port,
            gunicorn("wsgi:app", shown.environment) as port,
        ):
            turns: dict[str, list[_Turn]] = {name: [] for name in _PAGES}
            for number in range(rounds + 1):
                for name in _PAGES:
                    turn = _turn(name, shown, hello_port, port)
                    if number:  # the first round warms up
                        turns[name].append(turn)
    return _print_results(turns)


def _turn(name: str, shown: Demonstration, hello_port: int, port: int) -> _Turn:
    role, address = _PAGES[name]
    path = address.format(**shown.numbers)
    count = _SEARCHES if path.startswith("/search") else _REQUESTS
    hello = burst(hello_port, "/", count=count * 4)
    return _Turn(hello, burst(port, path, cookie=shown.cookies[role], count=count))


def _print_results(turns: dict[str, list[_Turn]]) -> bool:
    hello = median(turn.hello.rate for of_page in turns.values() for turn in of_page)
    print("pages: signed in, demonstration, gunicorn sync × 2, SQLite, 16 connections")
    print(f"  hello {hello:,.0f}/s; below: median of pages/s ÷ hello/s, each pair measured side by side")
    reached = []
    for name, of_page in turns.items():
        size = of_page[0].page.body_bytes / 1000
        ratio = median(turn.ratio for turn in of_page)
        reached.append(at_least(f"{name:<26} {size:5.1f} kB  ÷ hello", ratio, _TARGET))
    return all(reached)
