"""Tricks by which somebody might farm points: each is played for a week, as hard as it can be (farm.py)."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Final, NamedTuple

from app.services.activities.best_practice import lift, lower
from app.services.activities.locking import ClosedError
from app.services.activities.plan import change_plan, withdraw_activity
from app.services.challenges import undertake
from app.services.people.membership import move
from app.services.points.history import own_entry
from app.services.points.policy import most_from_one_giver, most_in_a_week
from app.services.points.questions import NotReversibleError, answer, ask
from tests.challenge_makers import make_challenge
from tests.factories import make_plan, municipality, stage
from tests.point_makers import entry_of
from tests.points.farm import POLICY, WEEK, Farm


class Trick(NamedTuple):
    #: What somebody tries, as docs/points.md says it.
    words: str
    play: Callable[[Farm], object]
    #: What it brings one person in a week.
    yields: int
    #: What it must never come to more than.
    bound: int
    #: Why it brings no more.
    why: str
    #: Reasons whose points any honest plan or report earns too, and which are not what is tried here.
    ignoring: tuple[str, ...] = ()


def plans_and_takes_back(farm: Farm) -> None:
    def attempt() -> None:
        withdraw_activity(farm.plan(farm.alice), by=farm.alice, now=farm.a_minute_later())

    farm.every_day_until_nothing_comes(attempt)


def plans_and_never_does(farm: Farm) -> None:
    farm.every_day_until_nothing_comes(lambda: farm.plan(farm.alice))


def does_trivial_things(farm: Farm) -> None:
    farm.every_day_until_nothing_comes(lambda: farm.done(farm.alice))


def does_them_with_a_second_account(farm: Farm) -> None:
    def attempt() -> None:
        for owner, partner in ((farm.alice, farm.charlie), (farm.charlie, farm.alice)):
            farm.report(farm.join(farm.plan(owner), partner))

    farm.every_day_until_nothing_comes(attempt)


def reports_again_after_an_edit(farm: Farm) -> None:
    activity = farm.done(farm.alice)
    farm.from_here()
    for day in farm.days():
        for answers in ({"success": "", "pitfall": ""}, {"carried_out": False, "rating": None}, {}):
            farm.report(activity, story=f"{day}", **answers)


def writes_many_lessons(farm: Farm) -> None:
    activity = farm.done(farm.alice)
    farm.from_here()
    for day in farm.days():
        for number in range(3):
            text = f"Lärdom {number} från {day:%A}, och den är lång nog."
            farm.report(activity, success=text, pitfall=text)


def dates_them_on_other_days(farm: Farm) -> None:
    weeks = iter(range(1, 1000))

    def attempt() -> None:
        day = WEEK[0].date() - timedelta(weeks=next(weeks))
        farm.done(farm.alice, planned_for=day)

    farm.every_day_until_nothing_comes(attempt)


def ticks_own_tips(farm: Farm) -> None:
    for _day in farm.days():
        tip = farm.tip(farm.alice)
        farm.plan(farm.alice, heeded=frozenset({tip.id}))


def joins_the_plan_that_ticks_the_tip(farm: Farm) -> None:
    for _day in farm.days():
        tip = farm.tip(farm.alice)
        farm.join(farm.plan(farm.bob, heeded=frozenset({tip.id})), farm.alice)


def friends_tick_each_others_tips(farm: Farm) -> None:
    def attempt() -> None:
        for giver, receiver in ((farm.bob, farm.alice), (farm.alice, farm.bob)):
            farm.plan(giver, heeded=frozenset({farm.tip(receiver).id}))

    farm.every_day_until_nothing_comes(attempt)


def a_friend_ticks_and_unticks(farm: Farm) -> None:
    tip = farm.tip(farm.alice)
    plan = farm.plan(farm.bob)
    for _day in farm.days():
        for heeded in (frozenset({tip.id}), frozenset[int](), frozenset({tip.id})):
            change_plan(plan, make_plan(heeded=heeded), by=farm.bob, now=farm.a_minute_later())


def friends_take_all_from_each_other(farm: Farm) -> None:
    ideas = {person.id: farm.done(person) for person in (farm.alice, farm.bob)}

    def attempt() -> None:
        for giver, receiver in ((farm.bob, farm.alice), (farm.alice, farm.bob)):
            tip = farm.tip(receiver)
            farm.plan(giver, idea=farm.fresh(ideas[receiver.id]), heeded=frozenset({tip.id}))

    farm.every_day_until_nothing_comes(attempt)


def borrows_from_herself(farm: Farm) -> None:
    idea = farm.done(farm.alice)
    farm.every_day_until_nothing_comes(lambda: farm.plan(farm.alice, idea=farm.fresh(idea)))


def a_ring_of_three_borrows(farm: Farm) -> None:
    ring = (farm.alice, farm.bob, farm.charlie)
    ideas = {person.id: farm.done(person) for person in ring}

    def attempt() -> None:
        for giver in ring:
            for receiver in ring:
                if giver is not receiver:
                    farm.plan(giver, idea=farm.fresh(ideas[receiver.id]))

    farm.every_day_until_nothing_comes(attempt)


def joins_what_is_reported(farm: Farm) -> None:
    for _day in farm.days():
        activity = farm.done(farm.charlie)
        farm.report(farm.join(activity, farm.alice), story="Vi var två.")


def completes_a_challenge_again(farm: Farm) -> None:
    challenge = make_challenge()
    for day in farm.days():
        for number in range(2):
            key = f"{day:%A}-{number}"
            activity = undertake.take_on(
                challenge, farm.alice, make_plan(), stage=stage(), request_key=key, now=farm.a_minute_later()
            )
            with suppress(ClosedError):
                undertake.leave(activity, by=farm.alice, now=farm.a_minute_later())
            activity = undertake.take_on(
                challenge,
                farm.alice,
                make_plan(),
                stage=stage(),
                request_key=f"{key}+",
                now=farm.a_minute_later(),
            )
            farm.report(activity, ticked=(0, 1))
            farm.report(activity, carried_out=False, rating=None)
            farm.report(activity, ticked=(0, 1))


def is_first_in_a_square_again(farm: Farm) -> None:
    where = {"value": make_plan().value, "focus_area": make_plan().focus_area}
    for _day in farm.days():
        activity = farm.done(farm.alice, **where)
        with suppress(ClosedError):
            withdraw_activity(activity, by=farm.alice, now=farm.a_minute_later())
        farm.report(activity, carried_out=False, rating=None)
        farm.report(activity)
        farm.hide_and_show(farm.fresh(activity), farm.cora)


def is_hidden_and_shown(farm: Farm) -> None:
    activity = farm.done(farm.alice)
    farm.plan(farm.bob, idea=farm.fresh(activity))
    farm.from_here()
    for _day in farm.days():
        farm.hide_and_show(farm.fresh(activity), farm.cora)
        for lesson in farm.fresh(activity).tips:
            farm.hide_and_show(lesson, farm.cora)


def is_made_a_model_again(farm: Farm) -> None:
    activity = farm.done(farm.alice)
    farm.from_here()
    for _day in farm.days():
        lift(farm.fresh(activity), "För att alla kan.", by=farm.cora, now=farm.a_minute_later())
        lower(farm.fresh(activity), by=farm.cora, now=farm.a_minute_later())


def moves_every_day(farm: Farm) -> None:
    places = ("klippan", "bjuv")
    for number, _day in enumerate(farm.days()):
        move(farm.alice, municipality(places[number % 2]), now=farm.a_minute_later())
        for _try in range(6):
            farm.done(farm.alice)


def reports_when_the_stage_has_ended(farm: Farm) -> None:
    farm.end_the_stage(WEEK[3].date())
    waiting = []
    for day in farm.days():
        waiting += [farm.plan(farm.alice) for _ in range(2)]
        if day >= WEEK[3]:
            for activity in waiting:
                farm.report(activity)
            waiting = []
        else:
            farm.done(farm.alice)


def has_points_set_right_again(farm: Farm) -> None:
    activity = farm.done(farm.alice)
    farm.from_here()
    for _day in farm.days():
        for reason in ("report", "corrected"):
            with suppress(NotReversibleError):
                line = own_entry(farm.alice.id, entry_of(farm.alice, reason).id)
                assert line
                answer(
                    ask(line, farm.alice, "Det blev fel.", farm.a_minute_later()),
                    farm.cora,
                    "Jaha.",
                    True,
                    farm.a_minute_later(),
                )
        farm.hide_and_show(farm.fresh(activity), farm.cora)


_WEEK: Final = most_in_a_week(POLICY) or 0
_GIVEN: Final = most_from_one_giver(POLICY)
_ONE_SQUARE: Final = POLICY["first"]["points"]
_USUAL: Final = ("plan", "report", "success", "pitfall", "first")

# fmt: off
TRICKS: Final = (
    Trick("plans and takes it back, again and again", plans_and_takes_back, 0, 0,
          "what is taken back gives its points back"),
    Trick("plans, and does none of it", plans_and_never_does, 50, 50, "a plan earns five times a week"),
    Trick("plans and reports trivial things all day, each with two lessons and in a square of its own",
          does_trivial_things, 380, _WEEK, "each reason has its cap; and hidden, all of it is taken back"),
    Trick("does the same with a second account in another municipality", does_them_with_a_second_account, 530, _WEEK,
          "what is joint doubles the report alone, and a report earns five times a week"),
    Trick("reports the same again after each edit", reports_again_after_an_edit, 0, 0,
          "each reason earns once an activity"),
    Trick("writes lesson after lesson in one report", writes_many_lessons, 0, 0,
          "a report has one lesson of each kind, which earns once"),
    Trick("dates what is reported on days of other weeks", dates_them_on_other_days, 380, _WEEK,
          "a cap counts by when it was reported, not by the date in the plan"),
    Trick("takes tips of their own into account", ticks_own_tips, 0, 0, "nobody earns by a plan of their own", _USUAL),
    Trick("joins the plan that takes their tip into account", joins_the_plan_that_ticks_the_tip, 0, 0,
          "nobody earns by a plan that they do too, also when they join it later", _USUAL),
    Trick("two friends take each other's tips into account every day", friends_tick_each_others_tips, 5, _GIVEN,
          "what one gives another earns once a week", _USUAL),
    Trick("a friend takes a tip in and out of a plan every day", a_friend_ticks_and_unticks, 5, _GIVEN,
          "out of the plan, it has earned nothing", _USUAL),
    Trick("two friends take each other's ideas and tips into each plan", friends_take_all_from_each_other, 10, _GIVEN,
          "what one gives another earns once a week, for whichever reason", _USUAL),
    Trick("borrows ideas of their own", borrows_from_herself, 0, 0, "nobody earns by a plan of their own", _USUAL),
    Trick("a ring of three borrows from each other every day", a_ring_of_three_borrows, 20, 2 * _GIVEN,
          "once a week from each of the others", _USUAL),
    Trick("joins what others have reported", joins_what_is_reported, 0, 0, "what is reported takes no more partners"),
    Trick("completes a challenge, gives it up and takes it on again", completes_a_challenge_again, 40, 40,
          "a challenge earns a person once", _USUAL),
    Trick("is first in a square, and reports there again", is_first_in_a_square_again, _ONE_SQUARE, _ONE_SQUARE,
          "a square is empty once in a stage", ("plan", "report", "success", "pitfall")),
    Trick("has a friend hide it and show it again every day", is_hidden_and_shown, 0, 0,
          "shown again, it has the points that it had"),
    Trick("has a friend make it a model for all, and not, every day", is_made_a_model_again, 0, 0,
          "that earns no points"),
    Trick("moves to another municipality every day", moves_every_day, 380, _WEEK, "caps are the person's"),
    Trick("plans before a stage ends, and reports after it", reports_when_the_stage_has_ended, 380, _WEEK,
          "a week's caps hold across stages"),
    Trick("has a friend set points right again and again", has_points_set_right_again, -30, 0,
          "an answer takes, once, and never gives"),
)
# fmt: on


def table() -> str:
    """As docs/points.md has it."""
    rows = [
        f"| {one.words} | {one.yields if one.yields >= 0 else f'−{-one.yields}'} | {one.why} |"
        for one in TRICKS
    ]
    return "\n".join(["| somebody … | points in a week | because |", "| --- | ---: | --- |", *rows])
