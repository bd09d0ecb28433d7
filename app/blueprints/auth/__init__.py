from flask import Blueprint

blueprint = Blueprint("auth", __name__)

from app.blueprints.auth import demo_routes, join_routes, routes, sign_out_routes  # noqa: E402,F401  need the blueprint
