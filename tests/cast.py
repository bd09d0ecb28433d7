"""The people of the tests. Alice and Bob are participants in Bjuv; Charlie comes from Klippan.

Bjuv's coordinator is Cora, Klippan's is Kim; Lena leads the programme; Stig sits in the steering group. Nobody exists
until a test names them.
"""

from functools import cached_property

from app.models.person import Person, Role
from tests.factories import make_person


class Cast:
    @cached_property
    def alice(self) -> Person:
        return make_person("Alice Ahl", "bjuv")

    @cached_property
    def bob(self) -> Person:
        return make_person("Bob Berg", "bjuv")

    @cached_property
    def charlie(self) -> Person:
        return make_person("Charlie Ceder", "klippan")

    @cached_property
    def cora(self) -> Person:
        return make_person("Cora Coster", "bjuv", Role.COORDINATOR)

    @cached_property
    def kim(self) -> Person:
        return make_person("Kim Krook", "klippan", Role.COORDINATOR)

    @cached_property
    def lena(self) -> Person:
        return make_person("Lena Lind", "helsingborg", Role.LEAD)

    @cached_property
    def stig(self) -> Person:
        return make_person("Stig Strand", "helsingborg", Role.STEERING)
