"""What the doctor looks at in the settings: fit for real people, or plainly a demonstration."""

from urllib.parse import urlsplit

from django.conf import settings

from tongban.cli.examination import Level
from tongban.partners.registries import unconnected

_SERVICES = {"sms": "短信", "email": "邮件", "payment": "缴费", "postal": "邮政查询"}
_KEY_CHARACTERS_MIN = 50


def real_settings() -> tuple[Level, str]:
    """Look whether anything of the demonstration is left in an installation for real people."""
    if settings.DEMO:
        if settings.SESSION_COOKIE_SECURE:
            return "warning", "TONGBAN_DEMO 已打开：演示账号和模拟的短信、缴费、实名核验都在用，不能办真实的件"
        return "ok", "演示环境"
    found = [*_weak(), *_simulated()]
    return ("wrong", "；".join(found)) if found else ("ok", "没有演示用的部分")


def _weak() -> list[str]:
    found: list[str] = []
    if len(settings.SECRET_KEY) < _KEY_CHARACTERS_MIN:
        found.append(f"TONGBAN_SECRET_KEY 太短，至少 {_KEY_CHARACTERS_MIN} 个随机字符")
    if urlsplit(settings.BASE_URL).scheme != "https":
        found.append("TONGBAN_BASE_URL 不是 https 地址")
    if not settings.SESSION_COOKIE_SECURE or settings.DEBUG:
        found.append("不是生产配置，请设置 DJANGO_SETTINGS_MODULE")
    if "*" in settings.ALLOWED_HOSTS:
        found.append("TONGBAN_HOSTS 放行了所有域名")
    return found


def _simulated() -> list[str]:
    missing = [_SERVICES[service] for service in unconnected()]
    if getattr(settings, "IDENTITY_VERIFIER", "simulator") == "simulator":
        missing.append("实名核验")
    found = [f"没有接入{'、'.join(missing)}，这些功能不能用"] if missing else []
    if getattr(settings, "DOCUMENT_SIGNER", "demonstration") == "demonstration":
        found.append("电子签章仍是示例印章，没有法律效力")
    return found
