"""The JSON API, version 1: every room's router under /api/v1/, described at /api/v1/openapi.json."""

from ninja import NinjaAPI

from tongban.base.web.api import PlainJson, map_errors
from tongban.cases.api import router as cases
from tongban.catalogue.api import router as items
from tongban.files.api import router as uploads
from tongban.partners.api import router as webhooks

api = NinjaAPI(
    title="通办开放接口",
    version="1",
    description=(
        "政务服务事项、申请和进度。凭系统令牌（Bearer）调用；提交申请须带 Idempotency-Key；"
        "错误按 RFC 9457 以 application/problem+json 返回，code 稳定不变，title 是可以直接给人看的中文。"
    ),
    urls_namespace="api-v1",
    docs_url=None,
    openapi_url="/openapi.json",
    parser=PlainJson(),
)
map_errors(api)
api.add_router("", items)
api.add_router("", cases)
api.add_router("", uploads)
api.add_router("", webhooks)
