"""What goes wrong for people every day: mistyped codes, two tabs, the back button, a second click, somebody else's page."""

import pytest

from tests.journeys import applying
from tests.journeys.log_in import PASSWORD, citizen_by_password
from tongban.cases.models import Case
from tongban.cases.tests import story
from tongban.identity.queries import citizen_by_phone

OWNER, OTHER = "19900000001", "19900000002"


@pytest.fixture
def ready(backstage, cast):
    """A draft that only waits for the signature."""
    return story.draft(cast.citizen).public_id


def _enter(visitor):
    return visitor.page.locator("main").get_by_role("button", name="登录", exact=True)


def test_a_wrong_password_is_told_in_the_same_way_for_known_and_unknown_names(window, screen):
    visitor = window(screen)
    said = []
    for name in (OWNER, "19912345678"):
        visitor.go("/accounts/login/password/")
        visitor.fill("手机号或登录名", name)
        visitor.fill("密码", "not-the-password", exact=True)
        visitor.press(_enter(visitor), status=422)
        said.append(visitor.text(".summary"))
    assert said[0] == said[1]


def test_registering_with_a_mistyped_code_first(window, screen, backstage):
    visitor = window(screen)
    phone = {"desktop": "19911112222", "phone": "19911113333"}[screen]
    visitor.go("/accounts/login/")
    visitor.fill("手机号", "123")
    visitor.press("获取验证码", status=422)
    visitor.fill("手机号", phone)
    visitor.press("获取验证码")
    code = visitor.site.codes_sent_to(phone)[0]
    visitor.fill("验证码", f"{(int(code) + 1) % 1_000_000:06}")
    visitor.press(_enter(visitor), status=422)
    visitor.fill("验证码", code)
    visitor.press(_enter(visitor))
    visitor.go("/account/")
    visitor.go("/account/real-name/")
    assert citizen_by_phone(phone) is not None


def test_somebody_elses_pages_do_not_exist(window, backstage, cast):
    number = story.submitted(cast.citizen).case_no
    draft = story.draft(cast.citizen).public_id
    for who in (OTHER, "lukou.renshe", "yunwei"):
        visitor = window("desktop", who=who)
        for path in (f"/my/cases/{number}/", f"/apply/drafts/{draft}/form/", f"/desk/cases/{number}/"):
            visitor.is_kept_out_of(path)


def test_after_the_session_has_ended_one_logs_in_and_is_back(window, screen, ready):
    visitor = window(screen, who=OWNER)
    visitor.go(f"/apply/drafts/{ready}/confirm/")
    visitor.context.clear_cookies(name="sessionid")
    visitor.fill("登录密码", PASSWORD)
    visitor.press(visitor.page.locator("#sign").get_by_role("button", name="签名并提交"))
    assert "/accounts/login/" in visitor.page.url
    citizen_by_password(visitor, OWNER)
    visitor.go(f"/apply/drafts/{ready}/confirm/")
    applying.sign(visitor)
    applying.told(visitor)


def test_two_tabs_make_one_case_and_the_back_button_none(window, screen, ready):
    visitor = window(screen, who=OWNER)
    visitor.go(f"/apply/drafts/{ready}/confirm/")
    first, second = visitor.page, visitor.another_page()
    second.goto(f"/apply/drafts/{ready}/confirm/")
    applying.sign(visitor)
    filed = applying.told(visitor)
    visitor.page = second
    applying.sign(visitor)
    assert applying.told(visitor) == filed
    visitor.page = first
    first.go_back()
    first.wait_for_load_state()
    visitor.go(first.url)
    assert filed.case_no in first.url
    assert Case.objects.filter(draft__public_id=ready).count() == 1


def test_two_clicks_make_one_case(window, screen, ready):
    visitor = window(screen, who=OWNER)
    visitor.go(f"/apply/drafts/{ready}/confirm/")
    visitor.fill("登录密码", PASSWORD)
    visitor.expected = {200}
    with visitor.page.expect_navigation(url="**/done/**"):
        visitor.page.locator("#sign button.btn--main").dblclick()
    visitor.look()
    applying.told(visitor)
    assert Case.objects.filter(draft__public_id=ready).count() == 1


def test_a_page_without_the_token_is_refused(window, screen):
    visitor = window(screen)
    visitor.go("/track/")
    visitor.page.evaluate("document.querySelector('main input[name=csrfmiddlewaretoken]').value = 'x'.repeat(64)")
    visitor.press("查询", status=403)
    visitor.sees("重新")


def test_without_a_net_one_is_told_so(window, screen):
    visitor = window(screen)
    visitor.go("/halls/")
    assert visitor.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    visitor.context.set_offline(True)
    visitor.page.goto("/track/")
    visitor.sees("网断了")
    assert visitor.page.title()
    visitor.context.set_offline(False)
    visitor.complaints.clear()
    visitor.go("/track/")


def test_a_list_that_does_not_come_says_so_until_something_comes(window):
    visitor = window("desktop", who="lukou.shijian")
    visitor.go("/desk/cases/")
    # The page stays as it stays on a net that answers nothing: the way is taken, nothing arrives.
    visitor.page.evaluate("addEventListener('click', (event) => event.preventDefault())")
    visitor.page.locator(".deskhead .tabs a").nth(1).click()
    visitor.page.wait_for_selector(".slow")
    assert "请稍等" in visitor.text(".slow")
    visitor.page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow'))")
    assert not visitor.page.locator(".slow").count()
