"""Tables of persons, companies, accounts, posts, appointments, delegations and API clients."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tongban.base.fields import BlindIndexField, EncryptedTextField
from tongban.directory.models import Division, Organisation


class Person(models.Model):
    """A natural person (自然人), known by one identity document.

    The document number is kept encrypted beside its blind index (证件散列码, domain.md 2.3), which is the
    only way to look a person up. `assurance_level`: 0 unverified, 1 name and number checked, 2 three-factor
    (with the phone), 3 face, window or certificate.
    """

    name = EncryptedTextField()
    #: Kind of the document by GA/T 2000.156: 111 is the resident identity card.
    document_kind = models.CharField(max_length=3, default="111")
    document_number = EncryptedTextField()
    document_index = BlindIndexField(unique=True)
    phone = EncryptedTextField(blank=True, default="")
    assurance_level = models.PositiveSmallIntegerField(default=0)
    verified_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(assurance_level__lte=3), name="person_assurance_level_known"),
        ]

    def __str__(self) -> str:
        return f"person:{self.pk}"


class Company(models.Model):
    """A legal person or other organisation (法人和非法人组织), known by its unified social credit code."""

    uscc = models.CharField(max_length=18, unique=True)
    name = models.CharField(max_length=200)
    legal_representative = EncryptedTextField(blank=True, default="")
    address = models.CharField(max_length=300, blank=True, default="")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "companies"

    def __str__(self) -> str:
        return self.uscc


class AccountManager(BaseUserManager["Account"]):
    """Finds accounts by their login name; accounts are made by commands only."""

    def get_by_natural_key(self, username: str | None) -> Account:
        """Return the account with that login name (case does not matter)."""
        return self.get(login=(username or "").lower())


class Account(AbstractBaseUser):
    """Something that logs in (账号): a citizen's account or a staff member's.

    What a staff account may do follows from its live appointments and delegations alone; there are no
    superusers and no per-account permissions.
    """

    class Kind(models.TextChoices):
        """Who an account is for."""

        CITIZEN = "citizen", "群众"
        STAFF = "staff", "工作人员"

    login = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = EncryptedTextField(blank=True, default="")
    phone = EncryptedTextField(blank=True, default="")
    phone_index = BlindIndexField(null=True, blank=True)
    email = EncryptedTextField(blank=True, default="")
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="accounts")
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=timezone.now)
    #: Language of the interface: "" follows the browser.
    language = models.CharField(max_length=10, blank=True, default="")
    elder_mode = models.BooleanField(default=False)
    #: Version of the service agreement that the citizen consented to, and when.
    terms_version = models.CharField(max_length=20, blank=True, default="")
    terms_agreed_at = models.DateTimeField(null=True, blank=True)

    USERNAME_FIELD = "login"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = AccountManager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "phone_index"], name="account_one_per_kind_and_phone"),
            models.CheckConstraint(condition=models.Q(kind__in=["citizen", "staff"]), name="account_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.pk}"


class Operator(models.Model):
    """A person's authority to act for a company (经办人), within its dates (domain.md 2.3)."""

    class Role(models.TextChoices):
        """In which capacity the operator acts."""

        LEGAL_REPRESENTATIVE = "legal_representative", _("法定代表人")
        OWNER = "owner", _("经营者")
        AGENT = "agent", _("经办人")

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="operators")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="operated")
    role = models.CharField(max_length=30, choices=Role.choices, default=Role.AGENT)
    valid_from = models.DateField()
    #: Last day, included; none means until revoked.
    valid_to = models.DateField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company", "account"],
                condition=models.Q(revoked_at__isnull=True, valid_to__isnull=True),
                name="operator_one_open_per_company",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=models.F("valid_from")),
                name="operator_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"operator:{self.pk}"


class Mandate(models.Model):
    """A natural person's authority to another to handle applications for it (授权代办, 民法典 art. 161 to 165).

    It names the agent, the matters, the powers and the term, and counts from the agent's consent online, or from the
    window where a clerk saw the signed paper; it ends on its last day, by revocation or by being given up (art. 173).
    `may_withdraw`: the special power to give an application up. Without it the agent applies, corrects, pays and takes
    documents.
    """

    class Way(models.TextChoices):
        """How it was granted."""

        ONLINE = "online", _("网上授权")
        WINDOW = "window", _("窗口核验授权委托书")

    principal = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    agent = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    way = models.CharField(max_length=10, choices=Way.choices)
    may_withdraw = models.BooleanField(default=False)
    valid_from = models.DateField()
    #: Last day, included.
    valid_to = models.DateField()
    granted_at = models.DateTimeField()
    #: Of an online one: by which proof the principal signed it; of one from a window: what the paper says.
    evidence = EncryptedTextField()
    #: The clerk who saw the paper, and the body of the window.
    seen_by = models.ForeignKey(Account, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    seen_at_body = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["agent"], condition=models.Q(ended_at__isnull=True), name="mandate_of_agent"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["principal", "agent"],
                condition=models.Q(ended_at__isnull=True),
                name="mandate_one_open_per_pair",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to__gte=models.F("valid_from")), name="mandate_dates_in_order"
            ),
            models.CheckConstraint(condition=~models.Q(principal=models.F("agent")), name="mandate_between_two"),
            models.CheckConstraint(condition=models.Q(way__in=["online", "window"]), name="mandate_way_known"),
            models.CheckConstraint(
                condition=~models.Q(way="window") | models.Q(seen_by__isnull=False, confirmed_at__isnull=False),
                name="mandate_from_window_seen",
            ),
        ]

    def __str__(self) -> str:
        return f"mandate:{self.pk}"

    @property
    def subject(self) -> str:
        """The name of its chain."""
        return f"mandate:{self.pk}"


class Post(models.Model):
    """A post (岗位): a role held for one organisation, within one division.

    The division is the organisation's own unless the post reaches less far.
    """

    code = models.CharField(max_length=60, unique=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    division = models.ForeignKey(Division, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=30)
    title = models.CharField(max_length=60)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["organisation", "role"], name="post_by_organisation_role")]

    def __str__(self) -> str:
        return self.code


class Appointment(models.Model):
    """The holding of a post by an account (任职), from its first to its last day, both included, or until ended."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="appointments")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="appointments")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "post"],
                condition=models.Q(ended_at__isnull=True, valid_to__isnull=True),
                name="appointment_one_open_per_post",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=models.F("valid_from")),
                name="appointment_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"appointment:{self.pk}"


class Delegation(models.Model):
    """Authority of an appointment lent to another account (授权代办); it always has a last day."""

    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="delegations")
    to_account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="delegations")
    valid_from = models.DateField()
    valid_to = models.DateField()
    reason = models.CharField(max_length=200)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(valid_to__gte=models.F("valid_from")), name="delegation_dates_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"delegation:{self.pk}"


class UnmaskLog(models.Model):
    """One look at somebody's personal data in clear (脱敏查看记录); rows are never changed or deleted."""

    append_only = True

    at = models.DateTimeField()
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    organisation_name = models.CharField(max_length=200)
    post_title = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=30)
    subject_id = models.CharField(max_length=60)
    field = models.CharField(max_length=30)
    purpose = models.CharField(max_length=200)
    #: Whose data it was, where that is a known person: what "谁看过我的信息" lists.
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["person", "-at"], name="unmask_log_by_person")]

    def __str__(self) -> str:
        return f"unmask:{self.pk}"


class ApiClient(models.Model):
    """A system that calls the JSON API by a bearer token; only the token's hash is kept."""

    name = models.CharField(max_length=100)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    token_hash = models.BinaryField(max_length=32, unique=True)
    scopes = models.JSONField(default=list)
    valid_to = models.DateField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"client:{self.pk}"


class ApiClientPost(models.Model):
    """A post in whose name a system of the same organisation may act: what it does counts as the post-holder's."""

    client = models.ForeignKey(ApiClient, on_delete=models.PROTECT, related_name="posts")
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="+")
    bound_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["client", "appointment"],
                condition=models.Q(revoked_at__isnull=True),
                name="client_post_bound_once",
            ),
        ]

    def __str__(self) -> str:
        return f"client_post:{self.pk}"


class PhoneCode(models.Model):
    """A code sent to a phone to prove that its holder is there (短信验证码); only its hash is kept."""

    class Purpose(models.TextChoices):
        """What the code opens."""

        LOGIN = "login", "登录"
        RESET = "reset", "重设密码"
        SIGN = "sign", "电子签名"

    phone_index = BlindIndexField()
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    code_hash = models.BinaryField(max_length=32)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries_left = models.PositiveSmallIntegerField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["phone_index", "purpose", "-sent_at"], name="phone_code_latest")]

    def __str__(self) -> str:
        return f"phone-code:{self.pk}"
