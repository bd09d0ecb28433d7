"""The figures of a stage as plain JSON values. Other tools rely on the shape, so keys may be added but not changed."""

from typing import Any

from app.blueprints.insights.measurement import (
    associations,
    associations_in,
    indices,
    indices_in,
    other_municipalities,
)
from app.services.insights.figures import Figures, StageFigures
from app.services.survey.publication import Published
from app.web.catalogue import Catalogue
from app.web.language import local_text


def document(figures: StageFigures, programme: Catalogue, released: Published | None) -> dict[str, Any]:
    """Shares are 0 to 1; null where there is nothing to divide by, and for what has not been measured. `released` is
    what was released of the stage's survey."""
    stage = figures.stage
    return {
        "stage": {
            "number": stage.number,
            "name": local_text(stage.name),
            "measure_on": stage.measure_on.isoformat(),
            "activate_on": stage.activate_on.isoformat(),
            "learn_on": stage.learn_on.isoformat(),
            "end_on": stage.end_on.isoformat(),
            "so_far": figures.so_far,
        },
        **_group(figures.total),
        "associations": associations(released),
        "indices": indices(released),
        "other_municipalities": other_municipalities(released),
        "municipalities": {
            place.slug: {
                **_group(figures.municipalities[place.id]),
                "associations": associations_in(released, place.slug),
                "indices": indices_in(released, place.slug),
            }
            for place in programme.municipalities.values()
        },
        "values": {v.slug: _group(figures.values.get(v.id, Figures())) for v in programme.values.values()},
        "focus_areas": {
            a.slug: _group(figures.focus_areas.get(a.id, Figures())) for a in programme.focus_areas.values()
        },
        "matrix": _matrix(figures, programme, "planned"),
        "matrix_carried_out": _matrix(figures, programme, "carried_out"),
    }


def _group(figures: Figures) -> dict[str, Any]:
    return {
        "planned": figures.planned,
        "carried_out": figures.carried_out,
        "completion_rate": figures.completion_rate,
        "concreteness": figures.concreteness,
        "outcome": {
            "ratings": {str(rating): n for rating, n in figures.ratings.items()},
            "top_share": figures.top_share,
        },
        "participation": figures.participation,
        "reach": figures.reach,
    }


def _matrix(figures: StageFigures, programme: Catalogue, count: str) -> dict[str, dict[str, int]]:
    return {
        value.slug: {
            area.slug: getattr(figures.matrix.get((value.id, area.id), Figures()), count)
            for area in programme.focus_areas.values()
        }
        for value in programme.values.values()
    }
