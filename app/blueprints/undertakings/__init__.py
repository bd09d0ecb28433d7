from flask import Blueprint

blueprint = Blueprint("undertakings", __name__)

from app.blueprints.undertakings import review_routes, routes  # noqa: E402,F401  the routes need the blueprint
