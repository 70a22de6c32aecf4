"""The agents of a company, as its head keeps them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from tongban.identity import commands, queries
from tongban.identity.queries import citizen_required, require_actor
from tongban.identity.web.forms import CompanyAgentForm
from tongban.identity.web.mandates import UNPROCESSABLE, with_code
from tongban.kernel.actor import Actor
from tongban.kernel.problems import Refusal


@citizen_required
@never_cache
@sensitive_post_parameters("agent_number", "secret")
@require_http_methods(["GET", "HEAD", "POST"])
def agents(request: HttpRequest, company_id: int) -> HttpResponse:
    """Who may act for the company; let somebody more, signed as a mandate is."""
    actor = require_actor(request)
    company, found = queries.agents_of_company(actor, company_id)
    form = CompanyAgentForm(request.POST or None, has_password=queries.account_of(actor).has_usable_password())
    status = 200
    if request.method == "POST":
        if request.POST.get("act") == "code":
            form = with_code(request, actor, form)
        elif form.is_valid() and _authorised(request, actor, company_id, form):
            return redirect("account_company", company_id=company_id)
        else:
            status = UNPROCESSABLE
    context = {"company": company, "agents": found, "form": form}
    return render(request, "identity/company_agents.html", context, status=status)


def _authorised(request: HttpRequest, actor: Actor, company_id: int, form: CompanyAgentForm) -> bool:
    try:
        commands.authorise_agent(actor, company_id=company_id, **form.signed())
    except Refusal as refusal:
        form.take(refusal)
        return False
    messages.success(request, _("已授权，对方登录后就能代办本单位的事。"))
    return True


@citizen_required
@require_POST
def end(request: HttpRequest, operator_id: int) -> HttpResponse:
    """Take it back, or give it up."""
    actor = require_actor(request)
    operator = commands.revoke_operator(actor, operator_id=operator_id)
    messages.success(request, _("授权已结束，从现在起不能再代办、再查看。"))
    if operator.account_id == actor.account_id:
        return redirect("account_home")
    return redirect("account_company", company_id=operator.company_id)
