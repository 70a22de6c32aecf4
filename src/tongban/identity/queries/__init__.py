"""Every read of the identity room."""

from tongban.identity.pack import read_accounts as sample_people
from tongban.identity.policy import covers, holds, may_in_division
from tongban.identity.queries.actors import (
    accounts_with,
    actor_for,
    actor_of_client_post,
    actor_of_request,
    actor_of_token,
    live_appointments,
    live_delegations,
    live_operators,
    organisation_of_client,
    token_hash,
)
from tongban.identity.queries.guards import citizen_required, login_required, require_actor, staff_required
from tongban.identity.queries.lookups import (
    access_company,
    account_of,
    citizen_by_phone,
    colleagues_of,
    companies_of,
    delegations_of,
    document_index,
    login_name,
    names_of,
    person_for_lookup,
    person_of,
    seen_by,
)

__all__ = [
    "access_company",
    "account_of",
    "accounts_with",
    "actor_for",
    "actor_of_client_post",
    "actor_of_request",
    "actor_of_token",
    "citizen_by_phone",
    "citizen_required",
    "colleagues_of",
    "companies_of",
    "covers",
    "delegations_of",
    "document_index",
    "holds",
    "live_appointments",
    "live_delegations",
    "live_operators",
    "login_name",
    "login_required",
    "may_in_division",
    "names_of",
    "organisation_of_client",
    "person_for_lookup",
    "person_of",
    "require_actor",
    "sample_people",
    "seen_by",
    "staff_required",
    "token_hash",
]
