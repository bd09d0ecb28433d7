from flask import Blueprint

blueprint = Blueprint("tips", __name__)

from app.blueprints.tips import cheer_routes, routes, writing_routes  # noqa: E402, F401  the routes need the blueprint
