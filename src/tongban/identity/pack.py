"""The identity room's part of a city pack: posts by table, and the demonstration's accounts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from tongban.base.pack import Changes, Document, Finding, Pack, PackSection, Shape, parse
from tongban.directory.models import Organisation
from tongban.identity.models import Post
from tongban.kernel.actor import Actor, Role
from tongban.kernel.codes import check

POSTS = "posts.yaml"
ACCOUNTS = "demo-accounts.yaml"
_BATCH_ROWS = 500

_Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,20}$")]
_Text = Annotated[str, Field(min_length=1, max_length=60)]


class PostShape(Shape):
    """One post: `key` names it within its organisation."""

    key: _Key
    role: Role
    title: _Text


class RuleShape(Shape):
    """Every organisation of a kind, on some levels of division, has these posts."""

    kind: _Text
    levels: tuple[str, ...]
    posts: tuple[PostShape, ...]


class ExtraShape(PostShape):
    """A post that only one organisation has; `division` narrows its reach."""

    organisation: _Text
    division: Annotated[str, Field(pattern=r"^[0-9]{4}([0-9]{2}|Z[0-9])[0-9]{6}$")] | None = None


class PostsShape(Shape):
    """`posts.yaml`."""

    by_kind: tuple[RuleShape, ...] = ()
    extra: tuple[ExtraShape, ...] = ()


class CompanyShape(Shape):
    """A sample company of the demonstration."""

    uscc: str
    name: _Text
    legal_representative: str = ""
    address: str = ""


class OperatedShape(Shape):
    """For which company a citizen acts, and as what."""

    uscc: str
    role: Literal["legal_representative", "owner", "agent"]
    valid_from: date
    valid_to: date | None = None


class CitizenShape(Shape):
    """A sample citizen of the demonstration."""

    phone: Annotated[str, Field(pattern=r"^1[3-9][0-9]{9}$")]
    name: _Text
    document_number: str
    purpose: _Text
    operates: tuple[OperatedShape, ...] = ()


class StaffShape(Shape):
    """A sample staff member of the demonstration; `posts` are codes of posts."""

    login: Annotated[str, Field(pattern=r"^[a-z][a-z0-9.-]{2,31}$")]
    name: _Text
    posts: tuple[str, ...]
    purpose: _Text


class AccountsShape(Shape):
    """`demo-accounts.yaml`."""

    password: Annotated[str, Field(min_length=10)]
    totp_seed: Annotated[str, Field(pattern=r"^[A-Z2-7]{16,64}$")]
    companies: tuple[CompanyShape, ...] = ()
    citizens: tuple[CitizenShape, ...] = ()
    staff: tuple[StaffShape, ...] = ()


@dataclass(frozen=True, slots=True)
class PostRow:
    """One post of the pack; `organisation` is a reference."""

    code: str
    organisation: str
    division: str | None
    role: str
    title: str


class IdentitySection(PackSection):
    """Posts; defines `post` (code) for later sections. Checks the demonstration's accounts too."""

    name = "identity"
    title = "岗位"
    order = 30
    files = (POSTS, ACCOUNTS)

    def check(self, pack: Pack) -> Iterable[Finding]:
        """Everything wrong with the posts and the demonstration's accounts."""
        yield from _check_posts(pack)
        document = pack.yaml(ACCOUNTS)
        if document is not None:
            shape, found = parse(document, AccountsShape)
            yield from found
            if shape is not None:
                yield from _check_accounts(pack, document, shape)

    def load(self, pack: Pack, actor: Actor) -> Changes:
        """Bring the posts to what the pack says; a post that is gone stays, because appointments name it."""
        del actor  # The load as a whole is one event of config.citypack.
        rows = list(pack.names("post").values())
        if not rows:
            list(self.check(pack))
            rows = list(pack.names("post").values())
        return _load(rows)


def _check_posts(pack: Pack) -> Iterator[Finding]:
    document = pack.yaml(POSTS)
    if document is None:
        return
    shape, found = parse(document, PostsShape)
    yield from found
    if shape is None:
        return
    for row in _expand(pack, shape):
        pack.define("post", row.code, row)
    for number, extra in enumerate(shape.extra):
        at = ("extra", number)
        if pack.resolve("organisation", extra.organisation) is None:
            yield pack.unknown("organisation", extra.organisation, document, (*at, "organisation"), "机构")
            continue
        if extra.division and pack.resolve("division", extra.division) is None:
            yield pack.unknown("division", extra.division, document, (*at, "division"), "区划")
        row = PostRow(f"{extra.organisation}/{extra.key}", extra.organisation, extra.division, extra.role, extra.title)
        if not pack.define("post", row.code, row) and pack.resolve("post", row.code) != row:
            yield document.finding((*at, "key"), f"岗位 {row.code} 重复", "换一个 key")


def _expand(pack: Pack, shape: PostsShape) -> Iterator[PostRow]:
    bodies = {body.ref: body for body in pack.names("organisation").values()}
    for rule in shape.by_kind:
        for body in bodies.values():
            division: Any = pack.resolve("division", body.division)
            if body.kind != rule.kind or division is None or division.level not in rule.levels:
                continue
            for post in rule.posts:
                yield PostRow(f"{body.ref}/{post.key}", body.ref, None, post.role, post.title)


def _check_accounts(pack: Pack, document: Document, shape: AccountsShape) -> Iterator[Finding]:
    known = {company.uscc for company in shape.companies}
    for number, company in enumerate(shape.companies):
        result = check("uscc", company.uscc)
        if not result.valid:
            yield document.finding(("companies", number, "uscc"), result.error or "代码有误")
    for number, citizen in enumerate(shape.citizens):
        result = check("resident-id", citizen.document_number)
        if not result.valid:
            yield document.finding(("citizens", number, "document_number"), result.error or "号码有误")
        for place, operated in enumerate(citizen.operates):
            if operated.uscc not in known:
                path = ("citizens", number, "operates", place, "uscc")
                yield document.finding(path, f"companies 里没有 {operated.uscc}")
    for number, staff in enumerate(shape.staff):
        for place, code in enumerate(staff.posts):
            if pack.resolve("post", code) is None:
                yield pack.unknown("post", code, document, ("staff", number, "posts", place), "岗位")


def _load(rows: Iterable[PostRow]) -> Changes:
    changes = Changes()
    organisations = dict(Organisation.objects.values_list("ref", "pk"))
    existing = {post.code: post for post in Post.objects.all()}
    new: list[Post] = []
    different: list[Post] = []
    for row in rows:
        facts = {
            "organisation_id": organisations[row.organisation],
            "division_id": row.division,
            "role": str(row.role),
            "title": row.title,
        }
        post = existing.get(row.code)
        if post is None:
            new.append(Post(code=row.code, **facts))
            changes.added.append(row.code)
        elif any(getattr(post, name) != value for name, value in facts.items()):
            for name, value in facts.items():
                setattr(post, name, value)
            different.append(post)
            changes.changed.append(row.code)
        else:
            changes.unchanged += 1
    Post.objects.bulk_create(new, batch_size=_BATCH_ROWS)
    Post.objects.bulk_update(different, ["organisation_id", "division_id", "role", "title"], batch_size=_BATCH_ROWS)
    return changes


def read_accounts(pack: Pack) -> AccountsShape | None:
    """Return the demonstration's accounts, or None where the pack has none."""
    document = pack.yaml(ACCOUNTS)
    return parse(document, AccountsShape)[0] if document is not None else None
