from flask import Blueprint

blueprint = Blueprint("survey", __name__)

from app.blueprints.survey import results_routes, routes  # noqa: E402,F401  the routes need the blueprint
