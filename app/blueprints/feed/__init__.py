from flask import Blueprint

blueprint = Blueprint("feed", __name__)

from app.blueprints.feed import routes  # noqa: E402,F401  the routes need the blueprint
