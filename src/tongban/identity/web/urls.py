"""Addresses of log-in and account pages; the names that django-allauth looks up keep its spelling."""

from allauth.account.views import LogoutView, ReauthenticateView
from allauth.mfa.base.views import IndexView
from allauth.mfa.base.views import ReauthenticateView as FactorAgainView
from allauth.mfa.totp.views import DeactivateTOTPView
from django.urls import path
from django.views.generic import TemplateView

from tongban.identity.web import account, companies, handing_over, login, mandates
from tongban.identity.web.sessions import SessionsView

urlpatterns = [
    path("accounts/login/", login.code_login, name="account_login"),
    path("accounts/login/password/", login.PasswordLoginView.as_view(), name="account_password_login"),
    path("accounts/signup/", login.code_login, name="account_signup"),
    path("accounts/logout/", LogoutView.as_view(template_name="identity/logout.html"), name="account_logout"),
    path("accounts/password/reset/", login.reset_password, name="account_reset_password"),
    path("accounts/terms/", TemplateView.as_view(template_name="identity/terms.html"), name="account_terms"),
    path(
        "accounts/inactive/",
        login.InactiveView.as_view(),
        name="account_inactive",
    ),
    path(
        "accounts/reauthenticate/",
        ReauthenticateView.as_view(template_name="identity/again_password.html"),
        name="account_reauthenticate",
    ),
    path("accounts/2fa/", IndexView.as_view(template_name="identity/second_factor.html"), name="mfa_index"),
    path(
        "accounts/2fa/authenticate/",
        login.SecondFactorView.as_view(),
        name="mfa_authenticate",
    ),
    path(
        "accounts/2fa/reauthenticate/",
        FactorAgainView.as_view(template_name="identity/again_code.html"),
        name="mfa_reauthenticate",
    ),
    path("accounts/2fa/totp/activate/", login.SetUpSecondFactorView.as_view(), name="mfa_activate_totp"),
    path(
        "accounts/2fa/totp/deactivate/",
        DeactivateTOTPView.as_view(template_name="identity/second_factor_stop.html"),
        name="mfa_deactivate_totp",
    ),
    path(
        "account/sessions/",
        SessionsView.as_view(),
        name="usersessions_list",
    ),
    path("account/", account.home, name="account_home"),
    path("account/preferences/", account.preferences, name="account_preferences"),
    path("account/real-name/", account.real_name, name="account_real_name"),
    path("account/password/", account.password, name="account_change_password"),
    path("account/password/", account.password, name="account_set_password"),
    path("account/seen/", account.seen, name="account_seen"),
    path("account/mandates/", mandates.mandates, name="account_mandates"),
    path("account/mandates/<int:mandate_id>/confirm/", mandates.confirm, name="account_mandate_confirm"),
    path("account/mandates/<int:mandate_id>/end/", mandates.end, name="account_mandate_end"),
    path("desk/mandates/", mandates.window, name="account_mandates_window"),
    path("desk/mandates/<int:mandate_id>/end/", mandates.end_at_window, name="account_mandate_end_window"),
    path("account/handover/", handing_over.hand_over, name="account_handover"),
    path("account/companies/<int:company_id>/", companies.agents, name="account_company"),
    path("account/operators/<int:operator_id>/end/", companies.end, name="account_operator_end"),
    path("account/delegations/", account.delegations, name="account_delegations"),
    path(
        "account/delegations/<int:delegation_id>/revoke/",
        account.revoke_delegation,
        name="account_revoke_delegation",
    ),
]
