from app.blueprints.stages import blueprint  # noqa: F401
