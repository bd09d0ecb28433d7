from flask import Blueprint

blueprint = Blueprint("media", __name__)

from app.blueprints.media import routes  # noqa: E402,F401  the routes need the blueprint
