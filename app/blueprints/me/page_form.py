"""What colleagues see on one's page."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField

from app.models.person import Person
from app.services.people.shown import Shown
from app.web.forms import Form


class PageForm(Form):
    title = BooleanField(_l("What I work with"))
    done = BooleanField(_l("What I do"))
    badges = BooleanField(_l("Badges"))
    thanks = BooleanField(_l("Thanks that I have had"))

    @classmethod
    def of(cls, person: Person) -> "PageForm":
        """Filled with what the person has chosen."""
        return cls(formdata=None, obj=Shown.of(person))

    def shown(self) -> Shown:
        return Shown(
            title=bool(self.title.data),
            done=bool(self.done.data),
            badges=bool(self.badges.data),
            thanks=bool(self.thanks.data),
        )
