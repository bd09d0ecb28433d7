"""The survey of a stage: its box of sealed ballots, who has answered, what the programme asks, and what a mail is about."""

import sqlalchemy as sa
from alembic import op

revision = '0026'
down_revision = '0025'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('survey',
    sa.Column('stage_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('statements', sa.JSON(), nullable=False),
    sa.Column('public_key', sa.LargeBinary(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('moved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('moved_by_id', sa.Integer(), nullable=True),
    sa.Column('key_missing_since', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_fives', sa.Integer(), nullable=False),
    sa.Column('words_given_on', sa.Date(), nullable=True),
    sa.Column('reviewed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reviewed_by_id', sa.Integer(), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('snapshot', sa.JSON(none_as_null=True), nullable=True),
    sa.CheckConstraint('(closed_at is null) = (snapshot is null)', name=op.f('ck_survey_closed_with_snapshot')),
    sa.CheckConstraint('(moved_at is null) = (moved_by_id is null)', name=op.f('ck_survey_moved_by_somebody')),
    sa.CheckConstraint('(reviewed_at is null) = (reviewed_by_id is null)', name=op.f('ck_survey_reviewed_by_somebody')),
    sa.CheckConstraint('answered_fives >= 0', name=op.f('ck_survey_answered_fives')),
    sa.ForeignKeyConstraint(['moved_by_id'], ['person.id'], name=op.f('fk_survey_moved_by_id_person')),
    sa.ForeignKeyConstraint(['reviewed_by_id'], ['person.id'], name=op.f('fk_survey_reviewed_by_id_person')),
    sa.ForeignKeyConstraint(['stage_id'], ['stage.id'], name=op.f('fk_survey_stage_id_stage')),
    sa.PrimaryKeyConstraint('stage_id', name=op.f('pk_survey'))
    )
    op.create_table('ballot',
    sa.Column('stage_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.LargeBinary(), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['stage_id'], ['survey.stage_id'], name=op.f('fk_ballot_stage_id_survey')),
    sa.PrimaryKeyConstraint('stage_id', 'key', name=op.f('pk_ballot')),
    sqlite_with_rowid=False
    )
    op.create_table('survey_participation',
    sa.Column('stage_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_survey_participation_person_id_person')),
    sa.ForeignKeyConstraint(['stage_id'], ['survey.stage_id'], name=op.f('fk_survey_participation_stage_id_survey')),
    sa.PrimaryKeyConstraint('stage_id', 'person_id', name=op.f('pk_survey_participation')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('mail', schema=None) as batch_op:
        batch_op.add_column(sa.Column('about', sa.String(), nullable=True))
        batch_op.create_unique_constraint(batch_op.f('uq_mail_about_to'), ['about', 'to'])

    with op.batch_alter_table('programme', schema=None) as batch_op:
        batch_op.add_column(sa.Column('statements', sa.JSON(), nullable=False, server_default="[]"))



def downgrade() -> None:
    with op.batch_alter_table('programme', schema=None) as batch_op:
        batch_op.drop_column('statements')

    with op.batch_alter_table('mail', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('uq_mail_about_to'), type_='unique')
        batch_op.drop_column('about')

    op.drop_table('survey_participation')
    op.drop_table('ballot')
    op.drop_table('survey')
