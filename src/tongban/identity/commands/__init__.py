"""Every change that the identity room makes."""

from tongban.identity.commands.accounts import (
    TERMS_VERSION,
    check_password,
    create_staff,
    register_citizen,
    reset_second_factor,
    set_demo_totp,
    set_password,
    set_preferences,
)
from tongban.identity.commands.client_posts import bind_client_post, record_client_act, revoke_client_post
from tongban.identity.commands.clients import issue_api_client, revoke_api_client
from tongban.identity.commands.companies import authorise_agent, bind_operator, ensure_company, revoke_operator
from tongban.identity.commands.demo import DemoAccount, create_demo_accounts
from tongban.identity.commands.mandates import Named, confirm_mandate, end_mandate, grant_mandate, record_mandate
from tongban.identity.commands.persons import (
    DOCUMENT_KINDS,
    LEVEL_REAL_NAME,
    LEVEL_WINDOW,
    ensure_person,
    normal_document,
    normal_phone,
    verify_real_name,
)
from tongban.identity.commands.phone_codes import forget_old_codes, request_phone_code, use_phone_code
from tongban.identity.commands.posts import (
    HandedOver,
    appoint,
    delegate,
    end_appointment,
    hand_over,
    revoke_delegation,
    set_post,
)
from tongban.identity.commands.unmasking import unmask

__all__ = [
    "DOCUMENT_KINDS",
    "LEVEL_REAL_NAME",
    "LEVEL_WINDOW",
    "TERMS_VERSION",
    "DemoAccount",
    "HandedOver",
    "Named",
    "appoint",
    "authorise_agent",
    "bind_client_post",
    "bind_operator",
    "check_password",
    "confirm_mandate",
    "create_demo_accounts",
    "create_staff",
    "delegate",
    "end_appointment",
    "end_mandate",
    "ensure_company",
    "ensure_person",
    "forget_old_codes",
    "grant_mandate",
    "hand_over",
    "issue_api_client",
    "normal_document",
    "normal_phone",
    "record_client_act",
    "record_mandate",
    "register_citizen",
    "request_phone_code",
    "reset_second_factor",
    "revoke_api_client",
    "revoke_client_post",
    "revoke_delegation",
    "revoke_operator",
    "set_demo_totp",
    "set_password",
    "set_post",
    "set_preferences",
    "unmask",
    "use_phone_code",
    "verify_real_name",
]
