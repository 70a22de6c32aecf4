"""数据汇聚: a supervisor orders a batch, sees what was held back, takes the file."""

import zipfile
from pathlib import Path

from tongban.cases import commands
from tongban.cases.models import ExchangeBatch
from tongban.cases.tests import story


def test_a_supervisor_reports_cases_and_sees_what_was_held_back(window, screen, backstage, cast, tmp_path: Path):
    held = story.submitted(cast.citizen)
    held.service = held.service | {"investment_project_code": "9" * 25}
    held.save(update_fields=["service"])
    fine = story.walk().receive().accept()
    visitor = window(screen, who="jiancha")
    visitor.go("/desk/")
    visitor.press(visitor.page.get_by_role("link", name="数据汇聚").first)
    visitor.sees("把办件按国家交换表")
    visitor.page.locator('input[name="mode"][value="full"]').check()
    visitor.press("开始汇聚")
    visitor.sees("已开始汇聚")
    visitor.sees("还在汇聚")
    batch = ExchangeBatch.objects.order_by("-pk")[0]
    commands.make_batch(number=batch.number)
    visitor.go(f"/desk/exchange/{batch.number}/")
    visitor.sees(held.case_no)
    visitor.sees("超过规定长度")
    taken = visitor.download(visitor.act("下载"), tmp_path / "batch.zip")
    registered = zipfile.ZipFile(taken).read("pre_apasinfo.csv").decode()
    assert fine.no in registered
    assert held.case_no not in registered
    visitor.go("/desk/exchange/")
    visitor.sees(batch.number)
