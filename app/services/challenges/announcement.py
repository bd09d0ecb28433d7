"""A challenge in the feed and in the search, as long as everybody may see it."""

from datetime import datetime

from app.models.challenge import Challenge
from app.models.feed import ALL, FeedKind
from app.models.search import SearchKind
from app.services.feed import index as feed
from app.services.search import index as search_index


def announce(challenge: Challenge, now: datetime) -> None:
    """Show it as new. One that has been announced before comes back to its place, so that nobody gets to the top by
    opening it again."""
    feed.show(FeedKind.CHALLENGE, at=now, scopes=_scopes(challenge), contribution_id=challenge.id)
    show_again(challenge, now)


def show_again(challenge: Challenge, _now: datetime) -> None:
    """Put it back in its place, under what it is about by now; a draft stays where nobody finds it."""
    if not challenge.is_draft:
        feed.put_back(challenge.id, _scopes(challenge))
    search_index.refresh(SearchKind.CHALLENGE, [challenge.id])


def take_down(challenge: Challenge, _now: datetime) -> None:
    """Take it out of everybody's feed and search."""
    feed.take_down(challenge.id)
    search_index.refresh(SearchKind.CHALLENGE, [challenge.id])


def _scopes(challenge: Challenge) -> set[str]:
    place = {f"m:{challenge.municipality_id}"} if challenge.municipality_id else set()
    return {ALL, f"v:{challenge.value_id}", f"f:{challenge.focus_area_id}", *place}
