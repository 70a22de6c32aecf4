"""The simulators as one WSGI application: signed JSON for the platform, pages for people."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit
from wsgiref.types import StartResponse, WSGIEnvironment

import httpx

from tongban.partners import signing
from tongban.partners.problems import SignatureError
from tongban.partners.simulators import pages, running_pages
from tongban.partners.simulators.running import MODES, SLOW_S, RunningSystem
from tongban.partners.simulators.scanner import SimulatedScanner
from tongban.partners.simulators.store import Store

#: Largest body read, bytes.
BODY_BYTES_MAX = 256 * 1024
#: Files of handed-over cases come inside JSON.
FILE_BYTES_MAX = 32 * 1024 * 1024


@dataclass(frozen=True)
class Answer:
    """What goes back: status line, media type, body, further headers."""

    status: str
    media_type: str
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()


def html(text: str, status: str = "200 OK") -> Answer:
    """Answer with a page."""
    return Answer(status, "text/html; charset=utf-8", text.encode())


def as_json(value: object, status: str = "200 OK") -> Answer:
    """Answer with JSON."""
    return Answer(status, "application/json; charset=utf-8", json.dumps(value, ensure_ascii=False).encode())


class Simulators:
    """The application; `secret_of(service)` gives the secret that the platform shares with a service."""

    def __init__(self, store: Store, *, base_url: str, secret_of: Callable[[str], bytes]) -> None:
        """Serve from `store`; `base_url` is how browsers reach this application."""
        self.store = store
        self.base_url = base_url.rstrip("/")
        self.secret_of = secret_of
        self.scanner = SimulatedScanner()
        self.running = RunningSystem(store, secret_of)
        self._signed: dict[str, tuple[str, Callable[[Mapping[str, Any]], Answer]]] = {
            "/sms/messages": ("sms", self._sms),
            "/mail/messages": ("email", self._mail),
            "/cashier/orders": ("payment", self._order),
            "/cashier/query": ("payment", self._query),
            "/realname/check": ("realname", self._realname),
            "/postal/trace": ("postal", self._trace),
        }

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Serve one request."""
        answer = self._route(environ)
        headers = [
            ("Content-Type", answer.media_type),
            ("Content-Length", str(len(answer.body))),
            ("X-Content-Type-Options", "nosniff"),
            ("Cache-Control", "no-store"),
            *answer.headers,
        ]
        start_response(answer.status, headers)
        return [answer.body]

    def _route(self, environ: WSGIEnvironment) -> Answer:
        path, method = environ.get("PATH_INFO", "/"), environ["REQUEST_METHOD"]
        if path.startswith("/escl/"):
            said = self.scanner.answer(method, path, self.base_url)
            return Answer(
                said.status, said.media_type, said.body, (("Location", said.location),) if said.location else ()
            )
        query = {key: values[0] for key, values in parse_qs(environ.get("QUERY_STRING", "")).items()}
        if method == "POST":
            most = FILE_BYTES_MAX if path.startswith("/running-api/") else BODY_BYTES_MAX
            body = environ["wsgi.input"].read(min(int(environ.get("CONTENT_LENGTH") or 0), most))
            if path.startswith("/running"):
                return self._running(environ, path, body)
            if path in self._signed:
                service, handle = self._signed[path]
                return self._checked(environ, service, handle, body)
            if path.startswith("/cashier/orders/"):
                return self._act(path.rpartition("/")[2], parse_qs(body.decode("utf-8", "replace")))
            if path.startswith("/postal/parcels/"):
                return self._move_parcel(path.rpartition("/")[2], parse_qs(body.decode("utf-8", "replace")))
        elif method in {"GET", "HEAD"}:
            return self._running_page(path) if path.startswith("/running/") else self._page(path, query)
        return html(pages.page("没有这一页", ""), "404 Not Found")

    def _running(self, environ: WSGIEnvironment, path: str, body: bytes) -> Answer:
        """Serve the system in which items are run: signed calls of the platform, clicks of its officials."""
        parts = path.strip("/").split("/")
        if parts[0] == "running-api" and len(parts) == 3:
            mode = self.running.mode
            if mode == "slow":
                time.sleep(SLOW_S)
            if mode == "down":
                return as_json({"detail": "out of order"}, "503 Service Unavailable")
            if mode == "refusing" and parts[2] == "cases":
                return as_json({"detail": "本系统不受理该申请人的申请"}, "409 Conflict")
            handle = {"files": self._running_file, "cases": self._running_case, "reports": self._running_reports}
            if parts[2] in handle:
                return self._checked(environ, parts[1], handle[parts[2]], body)
        form = {key: values[0] for key, values in parse_qs(body.decode("utf-8", "replace")).items()}
        if path == "/running/mode" and form.get("mode") in MODES:
            self.running.behave(form["mode"])
            return _redirect("/running/")
        try:
            self.running.act(parts[-1], form.get("act", ""), form.get("way", "once"))
        except ValueError:
            return html(pages.page("不能这样办", "<p>返回上一页看看本件现在到了哪一步。</p>"), "409 Conflict")
        return _redirect(f"/running/cases/{quote(parts[-1])}")

    def _running_page(self, path: str) -> Answer:
        if path == "/running/":
            return html(running_pages.case_list(self.running.cases(), self.running.mode))
        number = path.rpartition("/")[2]
        found = self.running.case(number)
        if found is None:
            return html(pages.page("没有这一页", ""), "404 Not Found")
        return html(running_pages.case(found, self.running.files_of(number)))

    def _running_file(self, body: Mapping[str, Any]) -> Answer:
        return as_json(self.running.take_file(body))

    def _running_case(self, body: Mapping[str, Any]) -> Answer:
        return as_json(self.running.take_case(body))

    def _running_reports(self, body: Mapping[str, Any]) -> Answer:
        return as_json({"items": self.running.reports_after(str(body["case_no"]), int(body["after"]))})

    def _checked(
        self, environ: WSGIEnvironment, service: str, handle: Callable[[Mapping[str, Any]], Answer], body: bytes
    ) -> Answer:
        path = environ.get("PATH_INFO", "/")
        headers = {key[5:].replace("_", "-"): value for key, value in environ.items() if key.startswith("HTTP_")}
        try:
            signing.verify(
                headers,
                self.secret_of(service),
                method="POST",
                path=path,
                body=body,
                now_s=time.time(),
                is_fresh=self.store.is_fresh,
            )
        except SignatureError as error:
            return as_json({"detail": str(error)}, "401 Unauthorized")
        try:
            return handle(json.loads(body))
        except (ValueError, KeyError, TypeError) as error:
            return as_json({"detail": f"bad request: {type(error).__name__}"}, "400 Bad Request")

    def _sms(self, body: Mapping[str, Any]) -> Answer:
        number = self.store.add_message(
            "sms", request_id=body["request_id"], address=body["phone"], subject="", text=body["text"]
        )
        return as_json({"id": f"SMS{number}"})

    def _mail(self, body: Mapping[str, Any]) -> Answer:
        number = self.store.add_message(
            "mail",
            request_id=body["request_id"],
            address=body["address"],
            subject=body["subject"],
            text=body["text"],
        )
        return as_json({"id": f"MAIL{number}"})

    def _order(self, body: Mapping[str, Any]) -> Answer:
        if int(body["amount_fen"]) <= 0:
            return as_json({"detail": "the amount must be positive"}, "400 Bad Request")
        made = f"PO{datetime.now(UTC):%Y%m%d}{secrets.token_hex(6).upper()}"
        order_no = self.store.add_order(made, request_id=body["request_id"], bill_no=body["bill_no"], body=dict(body))
        return as_json({"order_no": order_no, "cashier_url": f"{self.base_url}/cashier/orders/{quote(order_no)}"})

    def _query(self, body: Mapping[str, Any]) -> Answer:
        found = self.store.order(str(body["order_no"]))
        if found is None or found["state"] != "paid":
            return as_json({"state": "open"})
        return as_json({"state": "paid"} | notification(found))

    def _realname(self, body: Mapping[str, Any]) -> Answer:
        name = str(body["name"])
        known = self.store.registered_name(str(body["document_number"]), first_claim=name)
        is_match = known == name and name != "查无此人"
        return as_json({"match": is_match, "reference": f"RN-{body['request_id']}"})

    def _trace(self, body: Mapping[str, Any]) -> Answer:
        """Tell what happened to a parcel; one never asked for before was taken in just now."""
        number, carrier = str(body["tracking_no"]), str(body["carrier"])
        if not self.store.scans(number):
            self._scan(number, carrier, "accepted")
        return as_json({"scans": self.store.scans(number)})

    def _move_parcel(self, number: str, form: Mapping[str, list[str]]) -> Answer:
        """Do to a parcel what the post office's button says."""
        act, known = form.get("act", [""])[0], self.store.scans(number)
        if not known or act not in pages.POSTAL_ACTS:
            return html(pages.page("没有这个邮件", ""), "404 Not Found")
        who = {"signed": "recipient", "family": "family", "office": "office"}.get(act, "")
        self._scan(number, known[0]["carrier"], "signed" if who else act, signed_by=who)
        return _redirect(f"/postal/parcels/{quote(number)}")

    def _scan(self, number: str, carrier: str, code: str, *, signed_by: str = "") -> None:
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        self.store.scan(number, carrier=carrier, code=code, place="株洲邮件处理中心", at=at, signed_by=signed_by)

    def _page(self, path: str, query: Mapping[str, str]) -> Answer:
        match path:
            case "/":
                return html(pages.home())
            case "/healthz":
                return as_json({"ok": True})
            case "/sms/" | "/mail/":
                channel = path.strip("/")
                return html(pages.address_list(channel, _TITLES[channel], self.store.addresses(channel)))
            case "/sms/inbox" | "/mail/inbox":
                channel = path.split("/")[1]
                return self._inbox(channel, query)
            case "/cashier/":
                return html(pages.order_list(self.store.orders()))
            case "/realname/":
                return html(pages.realname())
            case "/postal/":
                return html(pages.parcel_list(self.store.parcels()))
        return self._thing(path)

    def _thing(self, path: str) -> Answer:
        """The page of one order or parcel."""
        folder, _slash, number = path.rpartition("/")
        if folder == "/postal/parcels" and (scans := self.store.scans(number)):
            return html(pages.parcel(number, scans))
        if folder == "/cashier/orders" and (found := self.store.order(number)):
            return html(pages.order(found))
        return html(pages.page("没有这一页", ""), "404 Not Found")

    def _inbox(self, channel: str, query: Mapping[str, str]) -> Answer:
        address = query.get("to", "")
        messages = self.store.messages(channel, address)
        if query.get("format") == "json":
            return as_json(messages)
        return html(pages.inbox(_TITLES[channel], address, messages))

    def _act(self, order_no: str, form: Mapping[str, list[str]]) -> Answer:
        """Do what a payer's click asks: pay, fail, or notify again."""
        act = form.get("act", [""])[0]
        if self.store.order(order_no) is None or act not in {"pay", "twice", "silent", "fail", "again"}:
            return html(pages.page("没有这个订单", ""), "404 Not Found")
        if act != "again":
            self.store.settle(
                order_no,
                state="failed" if act == "fail" else "paid",
                transaction_no="" if act == "fail" else f"TX{secrets.token_hex(8).upper()}",
                paid_at="" if act == "fail" else datetime.now(UTC).isoformat(timespec="seconds"),
            )
        found = self.store.order(order_no)
        if found is None or found["state"] != "paid":
            return _redirect(f"/cashier/orders/{quote(order_no)}")
        for _ in range({"silent": 0, "twice": 2}.get(act, 1)):
            self._notify(found)
        return _redirect(f"/cashier/orders/{quote(order_no)}" if act == "again" else found["body"]["return_url"])

    def _notify(self, found: Mapping[str, Any]) -> None:
        """Tell the platform; a lost notification is what the query is for."""
        url = str(found["body"]["notify_url"])
        content = json.dumps(notification(found), ensure_ascii=False).encode()
        headers = signing.signed_headers(
            self.secret_of("payment"),
            client_id="cashier",
            method="POST",
            path=urlsplit(url).path,
            body=content,
            now_s=time.time(),
        )
        try:
            with httpx.Client(timeout=5, trust_env=False) as client:
                client.post(url, content=content, headers=headers | {"Content-Type": "application/json"})
        except httpx.HTTPError:
            return


_TITLES = {"sms": "短信", "mail": "邮件"}


def notification(found: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is said of a paid order."""
    return {
        "bill_no": found["bill_no"],
        "order_no": found["order_no"],
        "transaction_no": found["transaction_no"],
        "amount_fen": found["body"]["amount_fen"],
        "paid_at": found["paid_at"],
    }


def _redirect(url: str) -> Answer:
    return Answer("303 See Other", "text/plain; charset=utf-8", b"", (("Location", url),))
