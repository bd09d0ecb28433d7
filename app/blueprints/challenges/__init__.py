from flask import Blueprint

blueprint = Blueprint("challenges", __name__)

from app.blueprints.challenges import (  # noqa: E402  the routes need the blueprint
    making_routes,  # noqa: F401
    pin_routes,  # noqa: F401
    routes,  # noqa: F401
    state_routes,  # noqa: F401
)
