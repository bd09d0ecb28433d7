from flask import Blueprint

blueprint = Blueprint("insights", __name__)

from app.blueprints.insights import routes  # noqa: E402,F401  the routes need the blueprint
