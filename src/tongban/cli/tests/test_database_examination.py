"""The doctor in a real database: well when it is well, and in words when it is not."""

import pytest
from django.db import connections

from tongban.cli import database_examination as examination
from tongban.cli import doctor
from tongban.cli.trouble import Trouble

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


#: What only a set-up installation, or the date, makes well.
NOT_IN_TESTS = {"数据库表", "工作日历", "上传查毒"}


@pytest.mark.parametrize(("name", "look"), [one for one in examination.WITH_DATABASE if one[0] not in NOT_IN_TESTS])
def test_a_sound_installation_is_well(name, look):
    level, words = look()
    assert (level, name) == ("ok", name), words


def test_one_role_for_both_uses_is_wrong(monkeypatch):
    monkeypatch.setattr(examination, "_one", lambda _alias, _query: "tongban_owner")
    level, words = examination.both_roles()
    assert level == "wrong"
    assert "分成两个账号" in words


def test_what_a_room_finds_wrong_is_told_in_its_own_words():
    look = examination._asked(lambda: ["一处", "另一处"], "好")
    assert look() == ("wrong", "一处；另一处")
    assert examination._asked(list, "好")() == ("ok", "好")


def test_a_calendar_that_runs_out_is_a_warning_only(monkeypatch):
    monkeypatch.setattr("tongban.base.calendar.coverage_warning", lambda: "还有 37 天")
    assert examination.calendar() == ("warning", "还有 37 天")


def test_an_examination_that_breaks_is_a_finding_and_hides_no_other(var):
    def breaks():
        raise RuntimeError("boom")

    finding = doctor._safely("某项", breaks)
    assert finding.level == "wrong"
    assert "boom" in finding.words
    assert (var / "log" / "doctor.log").exists()


def test_trouble_in_an_examination_is_told_as_it_is():
    def troubled():
        raise Trouble("请先做某事。")

    assert doctor._safely("某项", troubled).words == "请先做某事。"


def test_without_the_owner_s_password_the_rest_is_examined(monkeypatch):
    known = {alias: wanted for alias, wanted in connections.settings.items() if alias != "owner"}
    monkeypatch.setattr(connections, "settings", known)
    level, words = examination.both_roles()
    assert level == "ok"
    assert "没有属主账号的密码" in words


def test_the_doctor_tells_whether_uploads_are_looked_through(settings):
    settings.CLAMAV = ""
    assert examination.malware_scanner()[0] == "warning"
    settings.CLAMAV = "/nowhere"
    level, words = examination.malware_scanner()
    assert level == "wrong"
    assert "TONGBAN_CLAMAV" in words


def test_the_doctor_tells_whether_files_can_be_kept(settings, tmp_path):
    settings.VAR, settings.FILES_STORE = tmp_path, ""
    assert examination.file_store()[0] == "ok"
    settings.FILES_STORE = "tape://reel"
    level, words = examination.file_store()
    assert level == "wrong"
    assert "TONGBAN_FILES_" in words


def test_the_doctor_names_scanners_that_do_not_answer(settings):
    settings.SCANNERS = ()
    assert examination.window_scanners()[0] == "ok"
    settings.SCANNERS = (("*", "一楼3号窗口", "http://127.0.0.1:9/eSCL"),)
    level, words = examination.window_scanners()
    assert level == "warning"
    assert "一楼3号窗口" in words
