from flask import Blueprint

blueprint = Blueprint("lessons", __name__)

from app.blueprints.lessons import (  # noqa: E402  the routes need the blueprint
    edit_routes,  # noqa: F401
    gap_routes,  # noqa: F401
    routes,  # noqa: F401
)
