"""Every step of every item of Zhuzhou can be done by somebody: the body has a post with the step's role."""

from tongban.base.pack import Pack
from tongban.catalogue.pack.section import CatalogueSection
from tongban.catalogue.tests.factories import CITY
from tongban.directory.pack.section import DirectorySection
from tongban.identity.pack import IdentitySection


def test_each_step_of_each_body_has_a_post_that_may_do_it():
    pack = Pack(CITY)
    assert not [one for section in (DirectorySection(), IdentitySection()) for one in section.check(pack)]
    codes = {row.ref: row.code for ref, row in pack.names("organisation").items() if ref == row.ref}
    held = {(codes[post.organisation], post.role) for post in pack.names("post").values()}
    assert not list(CatalogueSection().check(pack))
    plan = pack.resolve("catalogue.plan", "catalogue.plan")
    assert plan
    missing = {
        f"{item.shape.slug}: {body.row.name}：{step.name}（{step.role}）"
        for item in plan
        for body, it in item.bodies
        for step in it.steps
        if (step.unit or body.row.code, step.role) not in held
    }
    assert missing == set()
