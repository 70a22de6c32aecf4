"""The posts and demonstration accounts of the real city pack; what is wrong in a pack is said with its place."""

from pathlib import Path

import pytest
import yaml
from django.conf import settings as django_settings

from tongban.base.pack import Pack
from tongban.directory.pack.section import DirectorySection
from tongban.identity import commands, queries
from tongban.identity.models import Account, Company, Post
from tongban.identity.pack import IdentitySection
from tongban.identity.problems import IdentityRefusal
from tongban.identity.tests import cast
from tongban.kernel.actor import SYSTEM, Role
from tongban.kernel.chinese import mask_name

ZHUZHOU = Path(django_settings.ROOT) / "cities" / "zhuzhou"


def findings(pack: Pack) -> list[str]:
    found = [str(one) for one in DirectorySection().check(pack)]
    return found + [str(one) for one in IdentitySection().check(pack)] + [str(one) for one in pack.faults]


@pytest.mark.django_db
def test_the_citys_posts_load_twice_without_change_and_its_demonstration_can_begin():
    pack = Pack(ZHUZHOU)
    assert findings(pack) == []
    DirectorySection().load(pack, SYSTEM)
    first = IdentitySection().load(pack, SYSTEM)
    again = IdentitySection().load(pack, SYSTEM)
    assert len(first.added) == Post.objects.count() == again.unchanged
    assert not again.total
    table = commands.create_demo_accounts(root=ZHUZHOU)
    assert [row.account_id for row in commands.create_demo_accounts(root=ZHUZHOU)] == [row.account_id for row in table]
    by_login = {row.login: cast.as_actor(Account.objects.get(pk=row.account_id)) for row in table}
    head = by_login["lukou.shenhe"]
    assert head.roles() == {Role.SECTION_HEAD, Role.CASE_OFFICER}
    assert {ref.organisation_name for ref in head.appointments} == {"渌口区市场监督管理局"}
    assert by_login["smzx.zonghe"].appointments[0].division_code == "430200000000"
    owner = by_login["19900000001"]
    company = Company.objects.get(name="渌口区陈记面馆")
    assert queries.access_company(owner, company.pk) == company
    person = queries.person_of(by_login["19900000002"])
    assert person is not None
    assert (person.name, mask_name(person.name), person.assurance_level) == ("王小䶮", "王**", 2)
    assert all(row.totp_seed for row in table if not row.login.isdigit())
    assert all(Account.objects.get(pk=row.account_id).check_password(row.password) for row in table)


@pytest.mark.django_db
def test_a_real_installation_makes_no_demonstration_accounts(settings):
    settings.DEMO = False
    with pytest.raises(IdentityRefusal):
        commands.create_demo_accounts(root=ZHUZHOU)
    assert not Account.objects.exists()


@pytest.mark.parametrize(
    ("file", "change", "said"),
    [
        ("posts.yaml", lambda d: d["extra"][0].update(organisation="430200:nobody"), "找不到机构 430200:nobody"),
        ("posts.yaml", lambda d: d["extra"][0].update(role="king"), "不在允许的值之内"),
        ("posts.yaml", lambda d: d["extra"].append(d["extra"][1] | {"title": "别的"}), "重复"),
        ("demo-accounts.yaml", lambda d: d["staff"][0].update(posts=["430200:sjj/zongh"]), "430200:sjj/zonghe"),
        ("demo-accounts.yaml", lambda d: d["citizens"][0].update(document_number="430212197803120022"), "校验"),
        ("demo-accounts.yaml", lambda d: d["companies"].pop(0), "companies 里没有"),
        ("demo-accounts.yaml", lambda d: d.update(totp_seed="1"), "格式不对"),
    ],
    ids=["unknown body", "unknown role", "twice", "misspelt post", "wrong check digit", "missing company", "bad seed"],
)
def test_what_is_wrong_in_a_pack_is_said(tmp_path, file, change, said):
    for source in ZHUZHOU.glob("*.*"):
        if source.suffix in {".yaml", ".csv"}:
            (tmp_path / source.name).write_bytes(source.read_bytes())
    data = yaml.safe_load((ZHUZHOU / file).read_text(encoding="utf-8"))
    change(data)
    (tmp_path / file).write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    found = [str(one) for one in _identity_findings(Pack(tmp_path))]
    assert any(one.startswith(file) and said in one for one in found), found


def _identity_findings(pack: Pack):
    list(DirectorySection().check(pack))
    yield from IdentitySection().check(pack)
