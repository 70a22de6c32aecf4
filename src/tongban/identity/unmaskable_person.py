"""Persons as something that staff may see in clear."""

from __future__ import annotations

from tongban.identity import policy
from tongban.identity.models import Person
from tongban.identity.registries import Revealed, Unmaskable
from tongban.kernel.actor import Actor
from tongban.kernel.problems import NotFound

FIELDS = frozenset({"name", "document_number", "phone"})


class UnmaskablePerson(Unmaskable):
    """A person's name, document number or phone, for staff who do casework."""

    kind = "person"

    def reveal(self, actor: Actor, subject_id: str, field: str) -> Revealed:
        """Return the field in clear."""
        if field not in FIELDS or not subject_id.isdecimal() or not policy.may_unmask_persons(actor):
            raise NotFound
        person = Person.objects.filter(pk=int(subject_id)).first()
        if person is None:
            raise NotFound
        return Revealed(value=str(getattr(person, field)), person_id=person.pk)
