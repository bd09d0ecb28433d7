"""The commands: `flask --app wsgi …`."""

from collections.abc import Iterable
from pathlib import Path

import click
import flask_migrate
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext

from app import clock
from app.cli.survey import survey_commands
from app.config import Settings
from app.demo.play import NotEmptyError, play
from app.extensions import db
from app.gateways.media import MediaStore
from app.gateways.survey_keys import SurveyKeys
from app.models.programme import Programme, municipalities
from app.models.stage import Stage
from app.services.delivery import sender
from app.services.moderation.publishing import publish_what_no_longer_waits
from app.services.people import csv_import
from app.services.programme import file as programme_file
from app.services.programme.clock import local_today
from app.services.programme.encoding import decoded
from app.services.programme.file_faults import FileError
from app.services.search import index as search_index
from app.services.stages.advance import advance_stage
from app.services.upkeep import audit, settings_check
from app.services.upkeep.running_figures import RunningFigure
from app.worker import run_worker

SHIPPED_PROGRAMME = Path(__file__).resolve().parents[2] / "programmes" / "familjen-helsingborg.toml"

programme_commands = AppGroup("programme", help="The programme: its strategy as a file.")
people_commands = AppGroup("people", help="Those who take part.")
stage_commands = AppGroup("stage", help="The stages of the programme.")
push_commands = AppGroup("push", help="Web push.")
points_commands = AppGroup("points", help="The points ledger.")
figures_commands = AppGroup("figures", help="The figures of the stages.")
search_commands = AppGroup("search", help="The index of the search.")


def init_app(app: Flask) -> None:
    """Register the commands."""
    app.cli.add_command(programme_commands)
    app.cli.add_command(people_commands)
    app.cli.add_command(dev_prepare)
    app.cli.add_command(demo)
    app.cli.add_command(stage_commands)
    app.cli.add_command(push_commands)
    app.cli.add_command(points_commands)
    app.cli.add_command(figures_commands)
    app.cli.add_command(search_commands)
    app.cli.add_command(survey_commands)
    app.cli.add_command(worker)
    app.cli.add_command(check)


@click.command("check")
@with_appcontext
def check() -> None:
    """Say everything that is wrong with the settings, as a start in production would; exit 1 if anything is."""
    faults = settings_check.faults_of(current_app.config["SETTINGS"], production=True)
    if faults:
        raise settings_check.UnsafeSettingError(faults)
    click.echo("Every setting can be used.")


@programme_commands.command("load")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def load(file: Path) -> None:
    """Make this installation's programme what FILE says. A wrong file changes nothing and says what is wrong."""
    try:
        result = programme_file.load_programme(
            decoded(file.read_bytes(), str(file)), clock.now(), file_name=str(file)
        )
    except FileError as error:
        raise _command_error(error) from error
    db.session.commit()
    publish_what_no_longer_waits(clock.now(), commit=db.session.commit)
    for note in result.notes:
        click.echo(note)
    pools = sum(place.pool for place in municipalities())
    click.echo(
        f"{result.programme.name['sv']} is loaded: {len(municipalities())} municipalities with {pools} people agreed, "
        f"{result.added} entries new, {result.removed} removed."
    )


@people_commands.command("import")
@click.argument("csv", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_csv(csv: Path) -> None:
    """Add or update people from CSV: columns email, name, municipality, and perhaps role, title, language.

    Rows with a fault are left out and named; then the exit code is 1."""
    try:
        text = decoded(csv.read_bytes(), str(csv))
        result = csv_import.import_people(text, clock.now(), file_name=str(csv))
    except FileError as error:
        raise _command_error(error) from error
    db.session.commit()
    click.echo(
        f"{result.added} added, {result.updated} updated, {result.skipped} left out because they have left."
    )
    if result.left_out:
        click.echo("\n".join([_left_out_sentence(result.left_out), *result.faults]), err=True)
        raise SystemExit(1)


def _left_out_sentence(count: int) -> str:
    rows, them = ("1 row was", "it") if count == 1 else (f"{count} rows were", "them")
    return f"{rows} left out. Mend {them} and import the file again; nobody is added twice."


@click.command("dev-prepare", hidden=True)
@with_appcontext
@click.pass_context
def dev_prepare(context: click.Context) -> None:
    """Prepare all that bin/dev needs, in one process: tables, keys, programme, demonstration."""
    flask_migrate.upgrade()
    context.invoke(keys, if_missing=True)
    if Programme.current() is None:
        context.invoke(load, file=SHIPPED_PROGRAMME)
    if current_app.config["SETTINGS"].demo:
        context.invoke(demo, if_empty=True)


@click.command("demo")
@click.option("--if-empty", is_flag=True, help="Do nothing, and say nothing, where people have joined.")
@with_appcontext
def demo(if_empty: bool) -> None:
    """Fill an installation that has a programme and no people with a demonstration: people, two stages, pictures."""
    try:
        store = MediaStore.from_url(current_app.config["MEDIA_URL"])
        activity_count = play(clock.now(), store, SurveyKeys(current_app.config["SURVEY_DIR"]))
    except NotEmptyError as error:
        if if_empty:
            return
        raise click.ClickException(str(error)) from error
    click.echo(f"The demonstration has {activity_count} activities.")


def _command_error(error: FileError) -> click.ClickException:
    count = len(error.faults)
    head = "Nothing has been changed: " + (
        "there is a fault." if count == 1 else f"there are {count} faults."
    )
    return click.ClickException("\n".join([head, *error.faults]))


@stage_commands.command("advance")
@click.argument("number", type=int, required=False)
def advance(number: int | None) -> None:
    """Move a stage (the present one, unless NUMBER is given) into its next phase, and tell everyone concerned."""
    now = clock.now()
    stage = Stage.numbered(number) if number else Stage.current(local_today(now))
    if stage is None:
        raise click.ClickException("There is no such stage.")
    event = advance_stage(stage, by=None, now=now)
    db.session.commit()
    if event is None:
        raise click.ClickException(
            f"Stage {stage.number} has ended, or waits for the one before it to end; there is no phase to move it into."
        )
    click.echo(f"Stage {stage.number} is now in the phase “{event.phase}”.")


@push_commands.command("keys")
@click.option("--replace", is_flag=True, help="Make new ones; every device must then subscribe anew.")
@click.option("--if-missing", is_flag=True, help="Say nothing and do nothing when there are keys.")
def keys(replace: bool, if_missing: bool) -> None:
    """Make the key that signs pushes, in DATA_DIR."""
    settings: Settings = current_app.config["SETTINGS"]
    if if_missing and settings.vapid_private_key:
        return
    try:
        path = sender.make_keys(settings.data_dir, replace=replace)
    except FileExistsError as error:
        raise click.ClickException(
            f"{error.filename} is there already. With --replace every device must subscribe anew."
        ) from error
    click.echo(f"Made {path}.")
    click.echo(
        f"It is found there by itself; elsewhere set VAPID_PRIVATE_KEY={path}, or to what is in the file."
    )
    if not settings.vapid_subject:
        click.echo("Set VAPID_SUBJECT to a contact for the push services, for example mailto:it@example.se.")


@click.command("worker")
@with_appcontext
def worker() -> None:
    """Deliver pushes and mail, and let the stages enter their phases. Ends with SIGTERM."""
    run_worker(current_app._get_current_object())  # type: ignore[attr-defined]


@points_commands.command("verify")
@click.option("--repair", is_flag=True, help="Write every figure anew from its rows.")
def verify(repair: bool) -> None:
    """Compute every running figure again, and say where it differs from what is kept; exit 1 if any does."""
    _verify(audit.FIGURES, repair)


@figures_commands.command("verify")
@click.option("--repair", is_flag=True, help="Write every figure anew from its rows.")
def verify_figures(repair: bool) -> None:
    """The same for what the analysis of a stage and its quilt read. Stages that have ended are left as they stand."""
    _verify(audit.OF_STAGES, repair)


def _verify(figures: Iterable[RunningFigure], repair: bool) -> None:
    differences = audit.verify(figures)
    for difference in differences:
        click.echo(f"{difference.of}: kept {difference.stored}, counted {difference.recomputed}")
    if not differences:
        click.echo("Every figure agrees with its rows.")
        return
    if not repair:
        raise SystemExit(1)
    audit.repair(figures)
    db.session.commit()
    click.echo(f"{len(differences)} figures repaired.")


@search_commands.command("rebuild")
def rebuild_index() -> None:
    """Write the whole index of the search anew, and forget words that stand nowhere any more."""
    search_index.rebuild()
    db.session.commit()
    click.echo("Everything can be found again.")
