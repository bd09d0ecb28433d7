"""The commands: `flask --app wsgi …`."""

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext

from app import clock, jobs
from app.config import Settings
from app.extensions import db
from app.models.stage import Stage
from app.services import push_sender, stages

stage_commands = AppGroup("stage", help="The stages of the programme.")
push_commands = AppGroup("push", help="Web push.")


def init_app(app: Flask) -> None:
    """Register the commands."""
    app.cli.add_command(stage_commands)
    app.cli.add_command(push_commands)
    app.cli.add_command(worker)


@stage_commands.command("advance")
@click.argument("number", type=int, required=False)
def advance(number: int | None) -> None:
    """Move a stage (the present one, unless NUMBER is given) into its next phase, and tell everyone concerned."""
    now = clock.now()
    stage = Stage.numbered(number) if number else Stage.current(stages.local_today(now))
    if stage is None:
        raise click.ClickException("There is no such stage.")
    event = stages.advance_stage(stage, by=None, now=now)
    db.session.commit()
    if event is None:
        raise click.ClickException(f"Stage {stage.number} has ended; there is no further phase.")
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
        path = push_sender.make_keys(settings.data_dir, replace=replace)
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
    jobs.run_worker(current_app._get_current_object())  # type: ignore[attr-defined]
