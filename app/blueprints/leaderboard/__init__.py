from flask import Blueprint

blueprint = Blueprint("leaderboard", __name__)

# The routes need the blueprint.
from app.blueprints.leaderboard import people_routes, points_routes, routes  # noqa: E402,F401
