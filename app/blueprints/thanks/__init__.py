from flask import Blueprint

blueprint = Blueprint("thanks", __name__)

from app.blueprints.thanks import place_routes, routes, writing_routes  # noqa: E402,F401  they need the blueprint
