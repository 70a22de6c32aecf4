"""What nobody came back for is forgotten, with its files; what is in use stays."""

from datetime import UTC, datetime, timedelta

import pytest

from tongban.cases import commands
from tongban.cases.models import Case, Draft
from tongban.cases.tests import story
from tongban.files.models import StoredFile

pytestmark = pytest.mark.usefixtures("city")
AT = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)


def test_a_draft_of_ninety_days_and_its_files_are_forgotten_but_neither_newer_ones_nor_cases(cast, freeze):
    with freeze(AT - timedelta(days=91)):
        old = story.draft(cast.citizen)
        case = story.submitted(cast.citizen)
        loose = story.upload(cast.citizen)
    with freeze(AT - timedelta(days=3)):
        fresh = story.draft(cast.citizen)
        young = story.upload(cast.citizen)
    files = [one.file_id for one in old.materials.all()]

    with freeze(AT):
        gone = commands.forget_drafts()
        again = commands.forget_drafts()

    assert (gone, again) == (2, 0)
    assert not Draft.objects.filter(pk=old.pk).exists()
    assert not StoredFile.objects.filter(pk__in=[*files, loose.pk]).exists()
    assert Draft.objects.filter(pk=fresh.pk).exists()
    assert StoredFile.objects.filter(pk=young.pk).exists()
    assert all(one.file is None or StoredFile.objects.filter(pk=one.file_id).exists() for one in case.materials.all())
    assert Case.objects.filter(pk=case.pk).exists()
