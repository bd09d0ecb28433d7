from flask import Blueprint

blueprint = Blueprint("conversation", __name__)

from app.blueprints.conversation import (  # noqa: E402  the routes need the blueprint
    cheer_routes,  # noqa: F401
    mention_routes,  # noqa: F401
    mute_routes,  # noqa: F401
    routes,  # noqa: F401
    withdrawal_routes,  # noqa: F401
    writing_routes,  # noqa: F401
)
