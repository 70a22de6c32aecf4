"""Security headers and the number of a request."""

import logging

from tongban.base.web import request_id, security


def test_the_policy_knows_no_exceptions():
    policy = security.policy()
    assert "unsafe" not in policy
    assert "*" not in policy
    for directive in (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "base-uri 'none'",
        "frame-ancestors 'self'",
    ):
        assert directive in policy


def test_every_answer_carries_the_headers(visitor):
    for path in ("/sitemap/", "/nowhere/", "/broken/", "/api/v1/refuse/", "/offline.js"):
        response = visitor.get(path)
        assert response["Content-Security-Policy"] == security.policy(), path
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Referrer-Policy"] == "same-origin"
        assert response["Permissions-Policy"]


def test_a_view_may_be_stricter_than_the_rule(visitor):
    response = visitor.get("/own_policy/")
    assert response["Content-Security-Policy"] == "default-src 'none'"
    assert response["Referrer-Policy"] == "no-referrer"


def test_the_cashier_is_the_only_foreign_place_a_form_may_lead_to(settings):
    settings.DEMO, settings.SIMULATORS_URL = True, "http://127.0.0.1:8001/cash"
    assert "form-action 'self' http://127.0.0.1:8001;" in security.policy()
    settings.DEMO = False
    assert "form-action 'self';" in security.policy()
    settings.FORM_TARGETS = ["https://pay.example.cn"]
    assert "form-action 'self' https://pay.example.cn;" in security.policy()


def test_a_well_formed_number_of_the_proxy_is_kept_and_another_replaced(visitor):
    assert visitor.get("/sitemap/", headers={"X-Request-ID": "proxy-0001"})["X-Request-ID"] == "proxy-0001"
    for bad in ("short", "with space and \u00e9", "x" * 65, "a\tbbbbbbbb<script>"):
        assert visitor.get("/sitemap/", headers={"X-Request-ID": bad})["X-Request-ID"] != bad


def test_log_lines_carry_the_number_only_inside_a_request():
    record = logging.LogRecord("x", logging.INFO, "x", 1, "x", (), None)
    token = request_id.current.set("abc")
    request_id.RequestIdFilter().filter(record)
    assert record.__dict__["request_id"] == "abc"
    request_id.current.reset(token)
    request_id.RequestIdFilter().filter(record)
    assert record.__dict__["request_id"] == "-"
