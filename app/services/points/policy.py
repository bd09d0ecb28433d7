"""The points policy in a form that can be read: what earns how much, how often, and what one can make of it at most."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from app.services.points.reasons import Reason, names_of_given, place_of, reason_named

_DAYS = 7


class Rule(NamedTuple):
    """What one reason earns. `joint` has no points of its own, but the factor by which a report earns more."""

    reason: str
    points: int
    daily: int | None
    weekly: int | None

    @property
    def words(self) -> Reason:
        return reason_named(self.reason)


def rules_of(policy: Mapping[str, Any]) -> list[Rule]:
    """Every reason of the policy, and what doing it together multiplies, if it does."""
    reasons = {name: rule for name, rule in policy.items() if isinstance(rule, dict)}
    rules = [
        Rule(name, rule["points"], rule.get("daily"), rule.get("weekly")) for name, rule in reasons.items()
    ]
    if (factor := policy.get("joint_factor", 1)) > 1:
        rules.append(Rule("joint", factor, None, None))
    return sorted(rules, key=lambda rule: place_of(rule.reason))


def most_from_one_giver(policy: Mapping[str, Any]) -> int:
    """The most that one person, or a second account, can give another in a week: once, for whichever reason."""
    return max((policy[reason]["points"] for reason in names_of_given() if reason in policy), default=0)


def most_in_a_week(policy: Mapping[str, Any]) -> int | None:
    """The most that a person can earn in a week by the policy, whatever they and their friends do; None where a reason
    has no cap. What challenges promise comes on top."""
    most = 0
    for rule in rules_of(policy):
        if rule.reason == "joint":
            continue
        if (times := _times_a_week(rule)) is None:
            return None
        factor = policy.get("joint_factor", 1) if rule.reason == "report" else 1
        most += rule.points * times * factor
    return most


def _times_a_week(rule: Rule) -> int | None:
    caps = [cap for cap in (rule.weekly, _DAYS * rule.daily if rule.daily else None) if cap]
    return min(caps, default=None)
