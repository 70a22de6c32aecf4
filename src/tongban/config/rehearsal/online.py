"""What the sample citizens do online: an application filled in and signed, as the pages do it."""

from collections.abc import Iterable
from uuid import UUID

from tongban.cases import commands, queries
from tongban.catalogue.queries import definition_of
from tongban.config.rehearsal.samples import Sample, implementation_for, sample_file
from tongban.files import commands as files
from tongban.identity.commands import DemoAccount
from tongban.identity.models import Account, Company
from tongban.kernel.actor import Actor


def citizen_of(sample: Sample, accounts: Iterable[DemoAccount]) -> tuple[Account, str]:
    """The sample account of whoever applies in the sample, and its password.

    Raises:
        LookupError: the pack has no such account.
    """
    found = next((one for one in accounts if one.login == sample.phone), None)
    if found is None:
        raise LookupError(f"{sample.slug}: no sample account has the phone {sample.phone}")
    return Account.objects.get(pk=found.account_id), found.password


def fill_in(actor: Actor, sample: Sample) -> UUID:
    """Fill in the sample, with every material and the way of delivery; gives the draft, ready to be signed."""
    implementation, holder = implementation_for(sample), str(sample.applicant["name"])
    assert implementation.current_id is not None
    company = Company.objects.filter(uscc=sample.company_code).first()
    draft = commands.start_draft(
        actor=actor, version_id=implementation.current_id, company_id=company.pk if company else None
    )
    key = draft.public_id
    commands.save_answers(actor=actor, draft_id=key, answers=sample.answers)
    commands.save_form(actor=actor, draft_id=key, data=sample.form, partial=False)
    for one in commands.look_over(queries.access_draft(actor, key)).states:
        if one.how == "missing":
            handed_in = sample_file(one.material.name, holder)
            stored = files.store(
                actor=actor,
                stream=handed_in.stream,
                filename=handed_in.name,
                owner_kind="draft",
                owner_ref=str(key),
            )
            commands.attach(actor=actor, draft_id=key, material_key=one.material.key, file=stored)
    delivery = definition_of(draft.item_version).delivery
    commands.save_service(
        actor=actor,
        draft_id=key,
        service=commands.Service(
            address="株洲市天元区神农大道399号（示例）" if "mail" in delivery else "示例地址1号",
            recipient=holder,
            phone=sample.phone,
            electronic_consent=True,
            delivery=delivery[0],
        ),
    )
    return key


def sign(actor: Actor, draft: UUID, password: str) -> commands.Submitted:
    """Sign the draft with the citizen's password, and submit it."""
    application = commands.look_over(queries.access_draft(actor, draft))
    proof = commands.SignatureProof(method="password", sha256=application.sha256, secret=password)
    return commands.submit(actor=actor, draft_id=draft, proof=proof)
