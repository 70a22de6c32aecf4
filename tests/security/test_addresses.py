"""Every address, asked by everybody: what each of the cast gets. An address without a row fails."""

import copy
import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse

#: Who asks, in the order of the table's columns.
CAST = ("visitor", "citizen", "other_citizen", "officer", "other_officer", "supervisor", "admin")

#: Address -> method -> answers in the order of CAST: a status, `L` to the log-in page, `R` to another page of ours.
OPEN = "200 200 200 200 200 200 200"
ANYBODY = "L 200 200 200 200 200 200"
CITIZENS = "L 200 200 403 403 403 403"
MINE = "L 200 404 403 403 403 403"
MINE_ON = "L R 404 403 403 403 403"
MINE_REFUSED = "L 422 404 403 403 403 403"
STAFF = "L 404 404 200 200 200 200"
FILE = "404 200 404 200 404 200 404"
ADMINS = "L 404 404 404 404 404 200"
REPORTERS = "L 404 404 404 404 200 404"
NOBODYS = "L 404 404 404 404 404 404"
LOGGED_IN_ON = "200 R R R R R R"
TOKEN = "401 401 401 401 401 401 401"
TABLE: dict[str, dict[str, str]] = {
    "base:elder": {"GET": OPEN, "POST": "R R R R R R R"},
    "base:site_map": {"GET": OPEN},
    "base:offline": {"GET": OPEN},
    "base:service_worker": {"GET": OPEN},
    "set_language": {"POST": "R R R R R R R"},
    "account_login": {"GET": LOGGED_IN_ON, "POST": "422 R R R R R R"},
    "account_password_login": {"GET": LOGGED_IN_ON, "POST": "422 R R R R R R"},
    "account_signup": {"GET": LOGGED_IN_ON},
    "account_logout": {"GET": "R 200 200 200 200 200 200", "POST": "R R R R R R R"},
    "account_reset_password": {"GET": OPEN, "POST": "422 422 422 422 422 422 422"},
    "account_terms": {"GET": OPEN},
    "account_inactive": {"GET": OPEN},
    "account_reauthenticate": {"GET": ANYBODY},
    "mfa_index": {"GET": ANYBODY},
    "mfa_authenticate": {"GET": "L R R R R R R"},
    "mfa_reauthenticate": {"GET": "L R R 200 200 200 200"},
    "mfa_activate_totp": {"GET": "L R R R R R R", "POST": "L R R R R R R"},
    "mfa_deactivate_totp": {"GET": "L 404 404 R R R R", "POST": "L 404 404 R R R R"},
    "usersessions_list": {"GET": ANYBODY},
    "account_home": {"GET": ANYBODY},
    "account_preferences": {"POST": "L R R R R R R"},
    "account_real_name": {"GET": "L R R 403 403 403 403"},
    "account_change_password": {"GET": ANYBODY, "POST": "L 422 422 422 422 422 422"},
    "account_set_password": {"GET": ANYBODY},
    "account_seen": {"GET": CITIZENS},
    "account_handover": {"GET": "L 404 404 404 404 404 200", "POST": "L 404 404 404 404 404 422"},
    "account_delegations": {"GET": STAFF, "POST": "L 404 404 422 422 422 422"},
    "account_revoke_delegation": {"POST": "L 404 404 R 404 404 R"},
    "account_mandates": {"GET": CITIZENS, "POST": "L 422 422 403 403 403 403"},
    "account_mandate_confirm": {"POST": "L 404 R 403 403 403 403"},
    "account_mandate_end": {"POST": "L R R 403 403 403 403"},
    "account_company": {"GET": "L 200 404 403 403 403 403", "POST": "L 422 404 403 403 403 403"},
    "account_operator_end": {"POST": "L R 404 403 403 403 403"},
    "account_mandates_window": {"GET": NOBODYS, "POST": NOBODYS},  # a window clerk's: see below
    "account_mandate_end_window": {"POST": NOBODYS},
    "messages_inbox": {"GET": ANYBODY},
    "messages_read_all": {"POST": "L R R R R R R"},
    "messages_open": {"POST": "L R 404 404 404 404 404"},
    "files_serve": {"GET": FILE},
    "files_page": {"GET": FILE},
    "files_uploads": {"POST": "404 422 422 422 422 422 422"},
    "files_upload": {
        "HEAD": "404 200 404 404 404 404 404",
        "PATCH": "404 422 422 422 422 422 422",
        "DELETE": "404 204 404 404 404 404 404",
    },
    "files_upload_picture": {"GET": "404 404 404 404 404 404 404"},  # none is whole: see the window's tests
    "documents:verify_form": {"GET": OPEN},
    "documents:verify": {"GET": OPEN, "POST": "422 422 422 422 422 422 422"},
    "documents:pdf": {"GET": FILE},
    "payments_notify": {"POST": TOKEN},
    "payments_bill": {"GET": NOBODYS},  # the road's: see the operator below
    "payments_pay": {"POST": NOBODYS},
    "desk:home": {"GET": "L 404 404 R R R R"},
    "desk:search": {"GET": STAFF, "POST": "L 404 404 R R R R"},
    "desk:views": {"GET": STAFF, "POST": NOBODYS},
    "desk:save_view": {"POST": NOBODYS},
    "desk:panel": {"GET": "L 404 404 200 200 404 404"},
    "cases:batch": {"POST": "L 404 404 R R R R"},
    "cases:case": {"GET": "L 404 404 200 404 200 404"},
    "cases:archive": {"GET": "L 404 404 200 200 404 404"},
    "cases:archive_package": {"GET": NOBODYS},  # nothing of theirs is archived
    "cases:print": {"GET": "L 404 404 200 404 200 404"},
    "cases:mentions": {"GET": STAFF},
    "cases:presence": {"POST": "L 404 404 200 404 200 404"},
    "cases:note": {"POST": "L 404 404 422 404 422 404"},
    "cases:step_files": {"POST": "L 404 404 422 404 422 404"},
    "cases:team": {"GET": NOBODYS},
    "cases:assign": {"POST": NOBODYS},
    "catalogue:begin_change": {"POST": NOBODYS},
    "catalogue:change": {"GET": REPORTERS, "POST": "L 404 404 404 404 422 404"},
    "catalogue:change_form": {"GET": REPORTERS, "POST": "L 404 404 404 404 409 404"},
    "catalogue:change_form_try": {"GET": REPORTERS, "POST": "L 404 404 404 404 422 404"},
    "catalogue:change_section": {"GET": REPORTERS, "POST": "L 404 404 404 404 409 404"},
    "catalogue:change_section_check": {"POST": REPORTERS},
    "catalogue:import": {"GET": NOBODYS, "POST": NOBODYS},
    "catalogue:import_report": {"GET": NOBODYS, "POST": NOBODYS},
    "catalogue:import_findings": {"GET": NOBODYS},
    "catalogue:export": {"GET": NOBODYS},
    "cases:exchange": {"GET": REPORTERS},
    "cases:exchange_order": {"POST": "L 404 404 404 404 422 404"},
    "cases:exchange_batch": {"GET": REPORTERS},
    "cases:exchange_download": {"POST": REPORTERS},
    "cases:phrases": {"GET": "L 404 404 200 200 404 404", "POST": "L 404 404 422 422 404 404"},
    "cases:remove_phrase": {"POST": NOBODYS},
    "cases:opinion": {"POST": NOBODYS},
    "cases:reports": {"POST": TOKEN},
    "cases:hand_over": {"POST": "L 404 404 R 404 R 404"},
    "cases:unmask": {"POST": "L 404 404 422 404 422 404"},
    "cases:copy": {"POST": "L 404 404 422 404 422 404"},
    "cases:act": {"POST": "L 404 404 409 404 403 404"},
    "cases:window": {"GET": "L 404 404 200 200 404 404"},
    "cases:window_drafts": {"GET": STAFF},
    "cases:window_start": {"GET": "L 404 404 200 404 404 404", "POST": "L 404 404 422 404 404 404"},
    "cases:window_draft": {"GET": NOBODYS, "POST": NOBODYS},  # the clerk's: see below
    "cases:window_attach": {"POST": NOBODYS},
    "cases:correction_scan": {"GET": NOBODYS, "POST": NOBODYS},
    "cases:window_scan": {"GET": NOBODYS, "POST": NOBODYS},
    "cases:window_submit": {"GET": NOBODYS, "POST": NOBODYS},
    "cases:window_done": {"GET": NOBODYS},
    "catalogue:items": {"GET": REPORTERS},
    "catalogue:bases": {"GET": REPORTERS},
    "catalogue:base": {"GET": REPORTERS},
    "catalogue:deviations": {"GET": REPORTERS},
    "catalogue:ask_why": {"POST": "L 404 404 404 404 422 404"},
    "catalogue:questions": {"GET": REPORTERS},
    "catalogue:answer_why": {"POST": NOBODYS},
    "catalogue:lists": {"GET": REPORTERS},
    "catalogue:list": {"GET": REPORTERS},
    "portal:lists": {"GET": OPEN},
    "portal:list_negative": {"GET": OPEN},
    "portal:list": {"GET": OPEN},
    "partners:webhooks": {"GET": ADMINS},
    "partners:webhook": {"GET": ADMINS},
    "partners:webhook_act": {"POST": "L 404 404 404 404 404 404"},
    "portal:home": {"GET": OPEN},
    "portal:halls": {"GET": OPEN},
    "portal:search": {"GET": OPEN},
    "portal:suggest": {"GET": OPEN},
    "portal:browse_life": {"GET": OPEN},
    "portal:browse_departments": {"GET": OPEN},
    "portal:browse_halls": {"GET": OPEN},
    "portal:browse_initials": {"GET": OPEN},
    "portal:person": {"GET": OPEN},
    "portal:company": {"GET": OPEN},
    "portal:choose": {"GET": OPEN},
    "portal:compare": {"GET": OPEN},
    "portal:guide": {"GET": OPEN},
    "portal:guide_pdf": {"GET": OPEN},
    "portal:guide_history": {"GET": OPEN},
    "portal:guide_version": {"GET": "R R R R R R R"},
    "portal:guide_jsonld": {"GET": OPEN},
    "portal:guide_qr": {"GET": OPEN},
    "portal:guide_blank": {"GET": OPEN},
    "portal:guide_sample": {"GET": OPEN},
    "portal:start": {"GET": CITIZENS},
    "portal:draft": {"GET": MINE_ON},
    "portal:situation": {"GET": MINE, "POST": MINE_ON},
    "portal:adopt_guide": {"POST": MINE_ON},
    "portal:discard": {"POST": MINE_ON},
    "portal:form": {"GET": MINE, "POST": MINE_REFUSED},
    "portal:materials": {"GET": MINE, "POST": MINE_ON},
    "portal:material_add": {"POST": MINE_REFUSED},
    "portal:material_reuse": {"POST": MINE_REFUSED},
    "portal:material_remove": {"POST": MINE_ON},
    "portal:service": {"GET": MINE, "POST": MINE_REFUSED},
    "portal:confirm": {"GET": MINE, "POST": "L 409 404 403 403 403 403"},
    "portal:content": {"GET": MINE},
    "portal:sign_code": {"POST": MINE_ON},
    "portal:my": {"GET": CITIZENS},
    "portal:subscriptions": {"GET": CITIZENS},
    "portal:subscription": {"GET": CITIZENS, "POST": "L R R 403 403 403 403"},
    "portal:case": {"GET": MINE},
    "portal:done": {"GET": MINE},
    "portal:copies": {"GET": MINE},
    "portal:withdraw": {"GET": MINE_ON, "POST": "L 409 404 403 403 403 403"},
    "portal:beyond_guide": {"GET": MINE, "POST": MINE_REFUSED},
    "portal:delivery": {"GET": MINE_ON, "POST": "L 409 404 403 403 403 403"},
    "portal:public_notices": {"GET": OPEN},
    "portal:public_notice": {"GET": "404 404 404 404 404 404 404"},  # there is none: see the portal's own tests
    "portal:take_result": {"POST": MINE_ON},
    "portal:correction": {"GET": MINE, "POST": MINE_REFUSED},
    "portal:correction_add": {"POST": MINE_REFUSED},
    "portal:correction_reuse": {"POST": MINE_REFUSED},
    "portal:correction_remove": {"POST": "L R R 403 403 403 403"},  # without a file it says nothing
    "portal:correction_sign": {"GET": MINE_ON, "POST": MINE_REFUSED},
    "portal:correction_content": {"GET": MINE},
    "portal:correction_code": {"POST": MINE_ON},
    "portal:track": {"GET": OPEN, "POST": "422 422 422 422 422 422 422"},
    "portal:track_view": {"GET": "R R R R R R R"},
    "portal:track_end": {"POST": "R R R R R R R"},
    "api-v1:openapi-json": {"GET": OPEN},
    "catalogue:item": {"GET": REPORTERS},
    "catalogue:orders": {"GET": REPORTERS},
    "catalogue:start_order": {"POST": "L 404 404 404 404 422 404"},
    "catalogue:order": {"GET": REPORTERS},
    "catalogue:order_act": {"POST": "L 404 404 404 404 404 404"},
    "api-v1:list_items": {"GET": OPEN},
    "api-v1:read_item": {"GET": OPEN},
    "api-v1:read_form": {"GET": OPEN},
    "api-v1:list_item_changes": {"GET": OPEN},
    "api-v1:sync_items": {"POST": TOKEN},
    "api-v1:list_base_items": {"GET": OPEN},
    "api-v1:read_base_item": {"GET": OPEN},
    "api-v1:list_bodies": {"GET": OPEN},
    "api-v1:read_difference": {"GET": "422 422 422 422 422 422 422"},
    "api-v1:list_item_versions": {"GET": OPEN},
    "api-v1:read_item_version": {"GET": OPEN},
    "api-v1:read_guide": {"GET": OPEN},
    "api-v1:next_question": {"GET": OPEN},
    "api-v1:list_materials": {"GET": OPEN},
    "api-v1:upload": {"POST": TOKEN},
    "api-v1:list_bills": {"GET": TOKEN},
    "api-v1:pay_bill": {"POST": TOKEN},
    "api-v1:list_messages": {"GET": TOKEN},
    "api-v1:read_message": {"POST": TOKEN},
    "api-v1:find_mandates": {"POST": TOKEN},
    "api-v1:record_mandate": {"POST": TOKEN},
    "api-v1:end_mandate": {"POST": TOKEN},
    "api-v1:keep_uploaded": {"POST": TOKEN},
    "api-v1:bind_pages": {"POST": TOKEN},
    "api-v1:begin_upload": {"POST": TOKEN},
    "api-v1:read_upload": {"GET": TOKEN, "PATCH": TOKEN, "DELETE": TOKEN},
    "api-v1:add_chunk": {"GET": TOKEN, "PATCH": TOKEN, "DELETE": TOKEN},
    "api-v1:cancel_upload": {"GET": TOKEN, "PATCH": TOKEN, "DELETE": TOKEN},
    "api-v1:file_case": {"POST": TOKEN},
    "api-v1:read_case": {"GET": TOKEN},
    "api-v1:withdraw": {"POST": TOKEN},
    "api-v1:track": {"POST": "422 422 422 422 422 422 422"},
    "api-v1:start_draft": {"POST": TOKEN},
    "api-v1:read_draft": {"GET": TOKEN, "DELETE": TOKEN},
    "api-v1:discard_draft": {"GET": TOKEN, "DELETE": TOKEN},
    "api-v1:save_answers": {"PUT": TOKEN},
    "api-v1:save_form": {"PUT": TOKEN},
    "api-v1:save_service": {"PUT": TOKEN},
    "api-v1:attach_material": {"POST": TOKEN},
    "api-v1:detach_material": {"DELETE": TOKEN},
    "api-v1:check_draft": {"GET": TOKEN},
    "api-v1:submit_draft": {"POST": TOKEN},
    "api-v1:list_cases": {"GET": TOKEN},
    "api-v1:read_correction": {"GET": TOKEN, "POST": TOKEN},
    "api-v1:submit_correction": {"POST": TOKEN, "GET": TOKEN},
    "api-v1:take_result": {"POST": TOKEN},
    "api-v1:list_documents": {"GET": TOKEN},
    "api-v1:read_document": {"GET": TOKEN},
    "api-v1:list_todo": {"GET": TOKEN},
    "api-v1:list_handed_in": {"GET": TOKEN},
    "api-v1:download_copies": {"GET": TOKEN},
    "api-v1:list_licences": {"GET": TOKEN},
    "api-v1:read_handled": {"GET": TOKEN},
    "api-v1:list_inbox": {"GET": TOKEN},
    "api-v1:upload_at_desk": {"POST": TOKEN},
    "api-v1:list_bills_at_desk": {"GET": TOKEN},
    "api-v1:take_payment": {"POST": TOKEN},
    "api-v1:deliver": {"POST": TOKEN},
    "api-v1:correct_by_hand": {"POST": TOKEN},
    "api-v1:withdraw_by_hand": {"POST": TOKEN},
    "api-v1:read_dossier": {"GET": TOKEN},
    "api-v1:unmask_field": {"POST": TOKEN},
    "api-v1:list_absences": {"GET": TOKEN, "POST": TOKEN},
    "api-v1:add_absence": {"GET": TOKEN, "POST": TOKEN},
    "api-v1:end_absence": {"POST": TOKEN},
    "api-v1:preview_desk": {"GET": TOKEN, "POST": TOKEN},
    "api-v1:hand_desk_over": {"GET": TOKEN, "POST": TOKEN},
    "api-v1:list_notes": {"GET": TOKEN, "POST": TOKEN},
    "api-v1:write_note": {"GET": TOKEN, "POST": TOKEN},
    "api-v1:read_notes": {"POST": TOKEN},
    "api-v1:list_mentions": {"GET": TOKEN},
    "api-v1:read_opinion": {"GET": TOKEN, "PUT": TOKEN},
    "api-v1:save_opinion": {"GET": TOKEN, "PUT": TOKEN},
    "api-v1:list_step_files": {"GET": TOKEN, "POST": TOKEN},
    "api-v1:attach_to_step": {"GET": TOKEN, "POST": TOKEN},
    "api-v1:detach_from_step": {"POST": TOKEN},
    "api-v1:list_phrases": {"GET": TOKEN, "POST": TOKEN},
    "api-v1:add_phrase": {"GET": TOKEN, "POST": TOKEN},
    "api-v1:change_phrase": {"POST": TOKEN},
    "api-v1:remove_phrase": {"POST": TOKEN},
    "api-v1:search_cases": {"POST": TOKEN},
    "api-v1:read_team": {"GET": TOKEN},
    "api-v1:list_in_hand": {"GET": TOKEN},
    "api-v1:assign_step": {"POST": TOKEN},
    "api-v1:receive": {"POST": TOKEN},
    "api-v1:return_in_pre_review": {"POST": TOKEN},
    "api-v1:hand_over": {"POST": TOKEN},
    "api-v1:request_correction": {"POST": TOKEN},
    "api-v1:accept": {"POST": TOKEN},
    "api-v1:refuse_acceptance": {"POST": TOKEN},
    "api-v1:no_permit_needed": {"POST": TOKEN},
    "api-v1:void": {"POST": TOKEN},
    "api-v1:transfer": {"POST": TOKEN},
    "api-v1:return_unanswered": {"POST": TOKEN},
    "api-v1:delete_entry": {"POST": TOKEN},
    "api-v1:claim_step": {"POST": TOKEN},
    "api-v1:release_step": {"POST": TOKEN},
    "api-v1:claim_reception": {"POST": TOKEN},
    "api-v1:release_reception": {"POST": TOKEN},
    "api-v1:do_many": {"POST": TOKEN},
    "api-v1:complete_step": {"POST": TOKEN},
    "api-v1:return_step": {"POST": TOKEN},
    "api-v1:decide": {"POST": TOKEN},
    "api-v1:issue_result": {"POST": TOKEN},
    "api-v1:list_reusable": {"GET": TOKEN},
    "api-v1:reuse": {"POST": TOKEN},
    "api-v1:list_reusable_in_correction": {"GET": TOKEN},
    "api-v1:reuse_in_correction": {"POST": TOKEN},
    "api-v1:read_given": {"GET": TOKEN},
    "api-v1:mark_defect": {"POST": TOKEN},
    "api-v1:remove_mark": {"POST": TOKEN},
    "api-v1:check_original": {"POST": TOKEN},
    "api-v1:copy_material": {"GET": TOKEN},
    "api-v1:copy_document": {"GET": TOKEN},
    "api-v1:read_delivery": {"GET": TOKEN},
    "api-v1:choose_delivery": {"PUT": TOKEN},
    "api-v1:list_public_notices": {"GET": OPEN},
    "api-v1:send_parcel": {"POST": TOKEN},
    "api-v1:ask_carrier": {"POST": TOKEN},
    "api-v1:end_parcel": {"POST": TOKEN},
    "api-v1:note_failed_service": {"POST": TOKEN},
    "api-v1:leave_documents": {"POST": TOKEN},
    "api-v1:publish_notice": {"POST": TOKEN},
    "api-v1:archive": {"POST": TOKEN, "GET": TOKEN},
    "api-v1:download_archive": {"POST": TOKEN, "GET": TOKEN},
    "api-v1:list_events": {"GET": TOKEN},
    "api-v1:list_exchange_rows": {"GET": TOKEN},
    "api-v1:order_exchange_batch": {"POST": TOKEN},
    "api-v1:read_exchange_batch": {"GET": TOKEN},
    "api-v1:add_webhook": {"POST": TOKEN, "GET": TOKEN},
    "api-v1:list_webhooks": {"POST": TOKEN, "GET": TOKEN},
    "api-v1:read_webhook": {"GET": TOKEN, "DELETE": TOKEN},
    "api-v1:remove_webhook": {"GET": TOKEN, "DELETE": TOKEN},
    "api-v1:rotate_webhook_secret": {"POST": TOKEN},
    "api-v1:ping_webhook": {"POST": TOKEN},
    "api-v1:resume_webhook": {"POST": TOKEN},
    "api-v1:retry_webhook": {"POST": TOKEN},
    "api-v1:list_webhook_messages": {"GET": TOKEN},
    "api-v1:api-root": {"GET": "404 404 404 404 404 404 404"},
}


def addresses(patterns: Any, space: str = "") -> Iterator[tuple[str, list[str]]]:
    """Every named address with the names of its parameters."""
    for one in patterns:
        if hasattr(one, "url_patterns"):
            yield from addresses(one.url_patterns, f"{space}{one.namespace}:" if one.namespace else space)
        else:
            yield f"{space}{one.name}", list(one.pattern.converters)


PARAMETERS = dict(addresses(get_resolver().url_patterns))


def values_of(name: str, things: dict[str, Any]) -> dict[str, Any]:
    """The values of an address's parameters: the citizen's things, and those that the officer works on."""
    case = things["asked"] if "correction" in name else things["done"]
    if name == "cases:window_done":
        case = things["road"]
    known = {
        "delegation_id": things["delegation"].pk,
        "mandate_id": things["mandate"].pk,
        "company_id": things["operator"].company_id,
        "operator_id": things["operator"].pk,
        "phrase_id": 0,
        "question_id": 0,
        "body_code": things["done"].case.organisation.code,
        "which": "power",
        "absence_id": things["delegation"].pk,
        "webhook_id": things["webhook"].pk,
        "notice_id": uuid.UUID(int=7),
        "import_id": uuid.UUID(int=7),
        "upload_id": things["upload"].public_id,
        "message_id": things["message"].pk,
        "public_id": (things["paper"] if name == "documents:pdf" else things["file"]).public_id,
        "code": things["paper"].verify_code,
        "bill_no": things["bill"].bill_no,
        "key": "cases",
        "material": "application",
        "system": "national_tourism",
        "act": "receive",
        "number": 1,
        "case_no": case.no,
        "organisation_id": case.case.organisation_id,
        "catalog_code": things["done"].case.implementation.base.catalog_code,
        "task_code": things["done"].case.implementation.task_code,
        "draft_id": things["clerk_draft" if name.startswith("cases:") else "draft"].public_id,
        "slug": "food-business-licence",
        "step_key": "review",
        "file_id": things["file"].public_id,
        "mark_id": uuid.UUID(int=1),
        "batch_no": things["batch"].number,
        "change_no": things["change"].number,
        "section": "limits",
        "order_no": things["order"].number,
        "order_act": "withdraw",
        "document_id": things["paper"].public_id,
    }
    return {key: known[key] for key in PARAMETERS[name]}


def ask(client: Client, method: str, address: str, **sent: Any) -> Any:
    """Ask, and take everything back that it did, cookies too."""
    kept = copy.deepcopy(client.cookies)
    with transaction.atomic():
        answer = client.generic(method, address, **sent)
        transaction.set_rollback(True)
    client.cookies = kept
    return answer


def told(answer: Any) -> str:
    """The answer as the table writes it."""
    if answer.status_code in {301, 302, 303}:
        return "L" if answer["Location"].startswith("/accounts/login/") else "R"
    return str(answer.status_code)


def test_every_address_has_a_row():
    assert set(PARAMETERS) == set(TABLE)


def test_each_of_the_cast_gets_what_the_table_says(things, browser):
    clients = [browser(who) for who in CAST]
    wrong = []
    for name, methods in TABLE.items():
        address = reverse(name, kwargs=values_of(name, things))
        for method, row in methods.items():
            answers = " ".join(told(ask(client, method, address)) for client in clients)
            if answers != row:
                wrong.append(f"{method} {name}: {answers}, not {row}")
    assert not wrong, "\n".join(wrong)


def test_a_method_that_has_no_row_changes_nothing(things, browser):
    clients = [browser(who) for who in ("citizen", "officer")]
    for name, methods in TABLE.items():
        address = reverse(name, kwargs=values_of(name, things))
        for method in {"POST", "PUT", "PATCH", "DELETE"} - set(methods):
            if name in METHOD_BLIND:
                continue
            for client in clients:
                assert told(ask(client, method, address)) in {"401", "403", "404", "405", "R", "L"}, (method, name)


#: Pages that look at no method and keep nothing; pages of allauth that show their form again.
METHOD_BLIND = {
    "base:offline", "api-v1:openapi-json", "account_logout", "account_reauthenticate", "mfa_reauthenticate",
    "account_set_password", "account_change_password", "account_signup", "account_login", "account_password_login",
}  # fmt: skip


def test_what_belongs_to_one_person_alone_opens_for_that_person(things, browser):
    bill = reverse("payments_bill", args=[things["bill"].bill_no])
    draft = reverse("cases:window_draft", args=[things["clerk_draft"].public_id])
    assert ask(browser("operator"), "GET", bill).status_code == 200
    assert ask(browser("clerk"), "GET", draft).status_code == 200
    assert ask(browser("clerk"), "GET", bill).status_code == 404
    assert ask(browser("clerk"), "GET", reverse("account_mandates_window")).status_code == 200


def stripped(answer: Any, values: dict[str, Any]) -> str:
    """A page without what differs by itself: tokens, and what was asked for."""
    text = answer.content.decode()
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"|csrfToken: "\w+"|"X-CSRFToken": ?"\w+"', "", text)
    for value in (str(one) for one in values.values()):
        whole = re.escape(value) if len(value) >= 10 else rf"(?<=/){re.escape(value)}(?=/)"
        text = re.sub(whole, "_", text)
    return text


ABSENT = {
    "public_id": uuid.UUID(int=7), "draft_id": uuid.UUID(int=7), "upload_id": uuid.UUID(int=7), "bill_no": "43020220200101000001", "message_id": 10**9,
    "mandate_id": 10**9, "company_id": 10**9, "operator_id": 10**9, "webhook_id": 10**9, "delegation_id": 10**9, "case_no": "11430212YL7D5X727C4000131016000202001010001",
    "batch_no": "430200000000-20200101-0001", "change_no": "BG2020000001", "order_no": "BG2020000001",
}  # fmt: skip


@pytest.mark.parametrize("who", ["other_citizen", "other_officer"])
def test_forbidden_and_absent_look_alike(things, browser, who):
    client = browser(who)
    column = CAST.index(who)
    for name, methods in TABLE.items():
        values = values_of(name, things)
        missing = {key: ABSENT.get(key, value) for key, value in values.items()}
        if missing == values:
            continue
        for method, row in methods.items():
            if row.split()[column] != "404":
                continue
            hidden = ask(client, method, reverse(name, kwargs=values))
            absent = ask(client, method, reverse(name, kwargs=missing))
            assert told(absent) == "404", name
            assert stripped(hidden, values) == stripped(absent, missing), name
            assert set(hidden.headers) == set(absent.headers), name


def test_no_form_is_taken_without_its_token(things, browser):
    """CSRF: every POST but the signed notification and the token-bearing API."""
    for who in ("visitor", "citizen", "officer"):
        client = browser(who, enforce_csrf_checks=True)
        for name, methods in TABLE.items():
            if "POST" not in methods or name in {"payments_notify", "cases:reports"} or name.startswith("api-v1:"):
                continue
            answer = ask(client, "POST", reverse(name, kwargs=values_of(name, things)))
            assert answer.status_code == 403, (who, name)


FOREIGN = ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "https:evil.example"]


@pytest.mark.parametrize("there", FOREIGN)
def test_nobody_is_led_to_another_site(browser, there):
    asked = [("visitor", "/elder/"), ("visitor", "/language/"), ("citizen", "/accounts/logout/"), ("officer", "/desk/cases/batch/receive/"),
             ("citizen", "/accounts/login/"), ("citizen", "/account/preferences/")]  # fmt: skip
    for who, address in asked:
        for method, kind in (("GET", ""), ("POST", "application/x-www-form-urlencoded")):
            body = f"next={there}&size=20&language=en" if method == "POST" else ""
            answer = ask(browser(who), method, f"{address}?next={there}", data=body, content_type=kind)
            assert "evil" not in answer.headers.get("Location", ""), (method, address)
            assert not answer.headers.get("Location", "").startswith("javascript"), address


def test_a_session_opens_nothing_under_the_api_and_a_token_nothing_elsewhere(things, browser, system):
    token = system("cases:track", "cases:submit")
    headers = {"Authorization": f"Bearer {token}"}
    client = browser()
    number = things["done"].no
    assert client.get(f"/api/v1/cases/{number}", headers=headers).status_code == 404
    assert client.get(f"/api/v1/cases/{number}?token={token}").status_code == 401
    assert client.get(f"/api/v1/cases/{number}?access_token={token}").status_code == 401
    assert told(client.get(f"/desk/cases/{number}/", headers=headers)) == "L"
    assert client.get(f"/files/{things['file'].public_id}", headers=headers).status_code == 404
    assert browser("citizen").get(f"/api/v1/cases/{number}").status_code == 401


def test_a_token_does_only_what_its_scopes_say(things, browser, system):
    submit, track = system("cases:submit"), system("cases:track")
    client = browser()
    for token, method, address in (
        (submit, "GET", f"/api/v1/cases/{things['done'].no}"),
        (track, "POST", "/api/v1/files"),
        (track, "POST", f"/api/v1/cases/{things['done'].no}/withdraw"),
    ):
        answer = client.generic(method, address, headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 403
        assert answer.json()["code"] == "scope_missing"
    for broken in ("", "x", token[:-1], token + "x", "é", "x" * 10_000):
        answer = client.get("/api/v1/cases/1", headers={"Authorization": f"Bearer {broken}"})
        assert answer.status_code == 401
