from flask import Blueprint

blueprint = Blueprint("challenges", __name__)

from app.blueprints.challenges import making_routes, routes, state_routes  # noqa: E402, F401  the routes need the blueprint
