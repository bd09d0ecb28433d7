from flask import Blueprint

blueprint = Blueprint("leaderboard", __name__)

from app.blueprints.leaderboard import routes  # noqa: E402,F401  the routes need the blueprint
