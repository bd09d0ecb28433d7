from flask import Blueprint

blueprint = Blueprint("people", __name__)

from app.blueprints.people import invite_routes, routes  # noqa: E402,F401  they need the blueprint
