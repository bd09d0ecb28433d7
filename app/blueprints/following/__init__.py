from flask import Blueprint

blueprint = Blueprint("following", __name__)

from app.blueprints.following import routes  # noqa: E402,F401  the routes need the blueprint
