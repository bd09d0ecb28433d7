from flask import Blueprint

blueprint = Blueprint("activities", __name__)

from app.blueprints.activities import (  # noqa: E402  the routes need the blueprint
    best_practice_routes,  # noqa: F401
    calendar_routes,  # noqa: F401
    care_routes,  # noqa: F401
    coming_routes,  # noqa: F401
    idea_routes,  # noqa: F401
    invitation_routes,  # noqa: F401
    outcome_routes,  # noqa: F401
    peers,  # noqa: F401
    photo_routes,  # noqa: F401
    pin_routes,  # noqa: F401
    plan_routes,  # noqa: F401
    routes,  # noqa: F401
)
