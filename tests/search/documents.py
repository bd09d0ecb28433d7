"""A fixed set of things to be found, and what is found among them: the same on both engines, in the same order."""

from typing import Any

from sqlalchemy import select

from app.extensions import db
from app.models.person import Role
from app.models.search import SearchKind
from app.models.tip import Tip, TipKind
from tests.cast import Cast
from tests.challenge_makers import make_challenge
from tests.factories import make_activity, make_outcome, make_person, make_tip, municipality

#: The oldest first: the answers are by these names.
_ACTIVITIES: dict[str, dict[str, str]] = {
    "giro": {
        "title": "Familjegirot genom regionen",
        "place": "Kullahalvön",
        "audience": "Alla som kan cykla",
    },
    "fika": {
        "title": "Fika med nyinflyttade",
        "place": "Biblioteket i Klippan",
        "success_sign": "Åtta kommer",
    },
    "sago": {"title": "Låna varandras sagostunder", "audience": "Barn på biblioteken"},
    "mote": {"title": "Möten utan dagordning", "place": "Torget"},
    "motell": {"title": "Motell för humlor", "place": "Skolgården"},
    "lax": {"title": "Läxhjälp på stadsbiblioteket", "audience": "Högstadiet"},
    "ang": {"title": "Ängen blommar", "place": "Vid ån"},
    "anga": {"title": "Ånga över dammen", "place": "Kvarnen"},
    "natur": {"title": "Naturvandring med näringslivet", "audience": "Företagens chefer"},
    "ping": {"title": "Ping-pong mellan kontoren", "place": "Café Röda längan"},
    "kok": {"title": "Kök utan gränser", "success_sign": "Alla lagar mat ihop"},
    "kaka": {"title": "Kakor till grannarna", "audience": "Förskolan Ärlan"},
}


def make_documents(cast: Cast) -> dict[tuple[SearchKind, int], str]:
    """The name of each, by its kind and number."""
    empty = {"place": "", "audience": "", "success_sign": ""}
    made: dict[str, Any] = {
        name: make_activity(cast.charlie, **empty | texts) for name, texts in _ACTIVITIES.items()
    }
    report = {"success": "", "pitfall": "Kolla hörslingan på biblioteket först."}
    make_outcome(made["natur"], story="Vi gick längs ån och talade om vilka möten som behövs.", **report)
    made["tips"] = make_tip(cast.charlie, text="Börja på biblioteket. Salen är gratis.")
    made["falla"] = make_tip(cast.charlie, text="Boka inte torget. Det blåste.", kind=TipKind.PITFALL)
    made["flytta"] = make_challenge(
        title="Flytta ett möte till biblioteket", why="Fler hittar dit.", done_when=["Ni var där"]
    )
    here = municipality("bjuv").id
    made["bjuvs"] = make_challenge(
        title="Cykla till jobbet", why="Luften blir renare.", done_when=["En vecka"], municipality_id=here
    )
    made["anna"] = make_person("Anna Wallin", "helsingborg", title="Bibliotekarie")
    made["karin"] = make_person("Karin Möller", "klippan", title="Bibliotekschef")
    made["orjan"] = make_person("Örjan Ångström", "klippan", Role.COORDINATOR, title="Cykelsamordnare")
    made["alice"] = cast.alice
    made["horslinga"] = db.session.scalars(select(Tip).where(Tip.activity_id == made["natur"].id)).one()
    return {(SearchKind[type(thing).__name__.upper()], thing.id): name for name, thing in made.items()}


#: What is typed, and what Alice of Bjuv finds: kind by kind, and in each kind in order.
ANSWERS: tuple[tuple[str, str], ...] = (
    # as it is written, in whatever letters
    ("fika", "fika"), ("FIKA", "fika"), ("  fika  ", "fika"), ("sagostunder", "sago"), ("dagordning", "mote"),
    ("café", "ping"), ("cafe", "ping"), ("læxhjælp", "lax"), ("fıka", "fika"), ("fika 😀", "fika"),
    # the latest first, of each kind
    ("bibliotek", "sago fika lax tips horslinga flytta karin anna"), ("cykla", "giro bjuvs"), ("flytta", "fika flytta"),
    # Swedish stems
    ("fikor", "fika"), ("granne", "kaka"), ("grannarnas", "kaka"), ("ängar", "ang"), ("bibliotekarien", "anna"),
    ("möte", "natur mote flytta"), ("mötet", "natur mote flytta"), ("mötena", "natur mote flytta"),
    ("biblioteket", "sago fika lax tips horslinga flytta karin anna"),
    ("bibliotekets", "sago fika lax tips horslinga flytta karin anna"),
    ("näringsliv", "natur"), ("näringslivets", "natur"),
    # å, ä and ö are letters of their own, and are found when they are typed plainly
    ("möten", "natur mote flytta"), ("moten", "natur mote flytta"), ("motet", "natur mote flytta"),
    ("motell", "motell"), ("mot", "motell natur mote flytta"),
    ("naringslivet", "natur"), ("kök", "kok"), ("kok", "kok"), ("kak", "kaka"),
    ("äng", "ang"), ("ång", "anga orjan"), ("ang", "anga ang orjan"), ("ån", "natur anga ang orjan"),
    ("ärlan", "kaka"), ("arlan", "kaka"), ("åtta", "fika"), ("atta", "fika"), ("roda langan", "ping"),
    ("möller", "karin"), ("moller", "karin"), ("orjan", "orjan"), ("örjan ångström", "orjan"), ("angstrom", "orjan"),
    # while it is typed
    ("bi", "sago fika tips horslinga flytta karin anna"), ("bib", "sago fika tips horslinga flytta karin anna"),
    ("bibl", "sago fika lax tips horslinga flytta karin anna"), ("hörsling", "horslinga"), ("horsling", "horslinga"),
    ("bibliotekar", "sago fika lax tips horslinga flytta anna karin"), ("förskol", "kaka"), ("ann", "anna"),
    # parts of compounds, after what is written so
    ("giro", "giro"), ("girot", "giro"), ("slinga", "horslinga"), ("stund", "sago"), ("vandring", "natur"),
    ("samordnare", "orjan"), ("anna", "kaka anna"), ("cykel", "orjan"),
    # one slip, when there is nothing else
    ("bibiotek", "sago fika tips horslinga flytta karin anna"),
    ("bilbiotek", "sago fika tips horslinga flytta karin anna"),
    ("bibliitek", "sago fika tips horslinga flytta karin anna"),
    ("famijegiro", "giro"), ("fikka", "fika"), ("motellet", "motell"), ("grannrna", "kaka"), ("muller", "karin"),
    # several words are all there, in whatever order; what every text has is not asked for
    ("fika biblioteket", "fika"), ("biblioteket fika", "fika"), ("fika bibl", "fika"), ("fika på biblioteket", "fika"),
    ("fika torget", ""), ("kök kaka", ""), ("sal gratis", "tips"), ("torget blåste", "falla"),
    ("natur vandring", "natur"),
    ("anna wallin", "anna"), ("wallin anna", "anna"), ("bibliotekarie helsingborg", "anna"), ("lagar mat", "kok"),
    ("ping-pong", "ping"), ("pingpong", "ping"), ("pong kontor", "ping"), ("en vecka", "bjuvs"),
    # the municipality is one of the words
    ("bjuv", "bjuvs alice"), ("helsingborg", "anna"), ("anna klippan", "kaka"),
    # nothing, or too little to look for
    ("xylofon", ""), ("b", ""), ("å", ""), ("på", ""), ("", ""), ("   ", ""),
    # nothing of what engines make something of
    ('"fika"', "fika"), ("fika*", "fika"), ("fika:*", "fika"), ("fika & biblioteket", "fika"), ("!fika", "fika"),
    ("-fika", "fika"), ("fika AND biblioteket", ""), ("fika OR torget", ""), ("NEAR(fika, biblioteket)", ""),
    ("title:fika", ""), ("%", ""), ("_", ""), ("fi_a", ""), ("fi%a", ""), ("*", ""), ('"', ""), ("(", ""), ("\\", ""),
    ("'; drop table person; --", ""), ("fika\x00", "fika"), ("\x00", ""), ("😀", ""),
)  # fmt: skip
