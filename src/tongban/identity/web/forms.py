"""Forms of log-in and account pages: shape and words only; the rules are in the commands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from allauth.account.forms import LoginForm
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.utils.translation import gettext_lazy as _

from tongban.base import rate
from tongban.identity import commands
from tongban.identity.queries import login_name
from tongban.kernel.actor import AppointmentRef
from tongban.kernel.problems import Refusal, TooMany

#: Codes of the second factor that one account may try, right or wrong, in a window of seconds.
TOTP_TRIES_MAX = 20
TOTP_WINDOW_S = 900
_CODE_ATTRS = {"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": "6"}


class PasswordLoginForm(LoginForm):  # type: ignore[misc]  # allauth is untyped
    """Log-in by password; the name is a staff member's login or a citizen's phone."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.CharField(
            label=_("手机号或登录名"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "username"})
        )
        self.fields["password"].label = _("密码")
        self.fields["password"].help_text = ""
        self.order_fields(["login", "password"])

    def user_credentials(self) -> dict[str, Any]:
        """Turn a phone into its account's login name; unknown phones stay as they are and fail like any other."""
        return {"username": login_name(self.cleaned_data["login"]), "password": self.cleaned_data.get("password")}


class OneTimeCode:
    """What forms with a code of the second factor share: our words, and each code once only."""

    fields: dict[str, forms.Field]
    user: Any

    def dress(self) -> None:
        """Set label and attributes."""
        self.fields["code"].label = _("动态口令")
        self.fields["code"].widget.attrs = dict(_CODE_ATTRS)

    def count_try(self) -> None:
        """Count the try before the code is looked at.

        Raises:
            ValidationError: too many tries; says how long to wait.
        """
        try:
            rate.hit(bucket="totp", key=str(self.user.pk), limit=TOTP_TRIES_MAX, per_s=TOTP_WINDOW_S)
        except TooMany as error:
            raise forms.ValidationError(error.message, code="too_many_login_attempts") from error

    def once(self, code: str) -> str:
        """Refuse a code that this account has used already, in whichever process that was (RFC 6238, 5.2)."""
        from allauth.mfa.adapter import get_adapter

        try:
            rate.hit(bucket="totp-used", key=f"{self.user.pk}:{code}", limit=1, per_s=86_400)
        except TooMany as error:
            raise get_adapter().validation_error("incorrect_code") from error
        return code


class CodeForm(OneTimeCode, AuthenticateForm):  # type: ignore[misc]  # allauth is untyped
    """The second step of staff log-in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dress()

    def clean_code(self) -> str:
        """Check the code, once."""
        self.count_try()
        return self.once(super().clean_code())


class CodeAgainForm(OneTimeCode, ReauthenticateForm):  # type: ignore[misc]  # allauth is untyped
    """The second factor again, before something weighty."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dress()

    def clean_code(self) -> str:
        """Check the code, once."""
        self.count_try()
        return self.once(super().clean_code())


class SetUpForm(OneTimeCode, ActivateTOTPForm):  # type: ignore[misc]  # allauth is untyped
    """The first code of a new second factor; it may be used again to log in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dress()


class RefusalForm(forms.Form):
    """A form that can show what a command refused beside the fields concerned."""

    def take(self, refusal: Refusal) -> None:
        """Put the refusal's sentences where they belong."""
        for name, sentence in refusal.fields.items():
            self.add_error(name if name in self.fields else None, sentence)
        if not refusal.fields:
            self.add_error(None, refusal.message)


class PhoneForm(RefusalForm):
    """A phone to send a code to."""

    phone = forms.CharField(
        label=_("手机号"),
        max_length=20,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )


class PhoneCodeForm(PhoneForm):
    """A phone and the code sent to it."""

    code = forms.CharField(label=_("验证码"), max_length=6, widget=forms.TextInput(attrs=dict(_CODE_ATTRS)))


class ResetForm(PhoneCodeForm):
    """A phone, the code sent to it, and a new password."""

    password = forms.CharField(
        label=_("新密码"),
        max_length=128,
        help_text=_("10 位以上，不能全是数字，不要用常见密码。"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class PasswordForm(RefusalForm):
    """A new password for oneself; the old one too where there is one."""

    current = forms.CharField(
        label=_("现在的密码"),
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    password = forms.CharField(
        label=_("新密码"),
        max_length=128,
        help_text=_("10 位以上，不能全是数字，不要用常见密码。"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class RealNameForm(RefusalForm):
    """Name and number for verification."""

    name = forms.CharField(
        label=_("姓名"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_("与身份证一致"),
    )
    document_number = forms.CharField(
        label=_("身份证号码"), max_length=20, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


class PreferencesForm(RefusalForm):
    """Language, elder mode, e-mail."""

    language = forms.ChoiceField(
        label=_("语言"),
        required=False,
        choices=[("", _("跟随浏览器")), ("zh-hans", "简体中文"), ("en", "English")],
    )
    email = forms.CharField(
        label=_("邮箱"),
        max_length=254,
        required=False,
        help_text=_("填写后，办件消息同时发到邮箱。"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    elder_mode = forms.BooleanField(label=_("登录后使用关怀版（大字）"), required=False)


class DelegationForm(RefusalForm):
    """Lending one's post for some days."""

    appointment = forms.TypedChoiceField(label=_("委托的岗位"), coerce=int)
    to_account = forms.TypedChoiceField(label=_("委托给"), coerce=int)
    valid_from = forms.DateField(label=_("开始日期"), widget=forms.DateInput(attrs={"type": "date"}))
    valid_to = forms.DateField(label=_("截止日期"), widget=forms.DateInput(attrs={"type": "date"}))
    reason = forms.CharField(label=_("委托原因"), max_length=200)


def _last_day() -> forms.DateField:
    return forms.DateField(
        label=_("截止日期"),
        help_text=_("当天有效，最长一年"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class MandateForm(RefusalForm):
    """Authorising somebody online; signed by password where there is one, else by a code."""

    agent_name = forms.CharField(
        label=_("代办人姓名"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    agent_number = forms.CharField(
        label=_("代办人身份证号码"), max_length=20, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    valid_to = _last_day()
    may_withdraw = forms.BooleanField(
        label=_("也可以替我撤回申请"), required=False, help_text=_("撤回后办件就结束了，不勾选则只有您自己能撤回")
    )
    method = forms.ChoiceField(
        label=_("用什么签名"),
        choices=[("password", _("登录密码")), ("phone_code", _("手机验证码"))],
        widget=forms.RadioSelect,
    )
    secret = forms.CharField(
        label=_("密码或验证码"), max_length=128, widget=forms.PasswordInput(attrs={"autocomplete": "off"})
    )

    def __init__(self, *args: Any, has_password: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first = "password" if has_password else "phone_code"
        self.fields["method"].initial = first
        if not has_password:
            self.fields["method"].choices = [("phone_code", _("手机验证码"))]  # type: ignore[attr-defined]  # a choice field

    def signed(self) -> dict[str, Any]:
        """Whom, until when, and by which proof, as the commands take it."""
        given = self.cleaned_data
        return {
            "agent": commands.Named(
                document_kind="111", document_number=given["agent_number"], name=given["agent_name"]
            ),
            "valid_to": given["valid_to"],
            "method": given["method"],
            "secret": given["secret"].strip(),
        }


class CompanyAgentForm(MandateForm):
    """Letting somebody act for a company that one heads; withdrawing is part of it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["may_withdraw"]
        self.fields["agent_name"].label = _("经办人姓名")
        self.fields["agent_number"].label = _("经办人身份证号码")


class WindowMandateForm(RefusalForm):
    """What a signed power of attorney says, as the clerk reads it beside both documents."""

    window = forms.TypedChoiceField(label=_("窗口"), coerce=int)
    principal_name = forms.CharField(label=_("委托人姓名"), max_length=60)
    principal_kind = forms.ChoiceField(label=_("委托人证件种类"))
    principal_number = forms.CharField(label=_("委托人证件号码"), max_length=40)
    agent_name = forms.CharField(label=_("代办人姓名"), max_length=60)
    agent_kind = forms.ChoiceField(label=_("代办人证件种类"))
    agent_number = forms.CharField(label=_("代办人证件号码"), max_length=40)
    valid_to = _last_day()
    authority = forms.CharField(
        label=_("授权委托书"),
        max_length=300,
        help_text=_("写明日期和委托事项，例如：2026年11月20日委托办理各项政务服务"),
    )
    may_withdraw = forms.BooleanField(label=_("委托书写明可以撤回申请"), required=False)
    paper_kept = forms.BooleanField(label=_("已核对双方证件原件，授权委托书由委托人签名并已留存"))

    def __init__(self, *args: Any, posts: Sequence[AppointmentRef], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = list(commands.DOCUMENT_KINDS.items())
        self.fields["window"].choices = [(one.organisation_id, one.organisation_name) for one in posts]  # type: ignore[attr-defined]  # a choice field
        for who in ("principal_kind", "agent_kind"):
            self.fields[who].choices = kinds  # type: ignore[attr-defined]  # a choice field
        for name in ("principal_name", "principal_number", "agent_name", "agent_number"):
            self.fields[name].widget.attrs["autocomplete"] = "off"
