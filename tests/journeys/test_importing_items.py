"""事项导入: an editor takes a body's items out, changes one, is told what is wrong, puts it right, hands it in."""

import io
import zipfile
from pathlib import Path

import pytest

from tongban.catalogue.models import Implementation, ItemChange

FOOD = "food-business-licence"
#: One body for each screen: an item has one change under way.
PLACES = {"desktop": "430212000000", "phone": "430211000000"}


def packed(data: bytes, change) -> bytes:
    """The exported CSV files with the text of 事项.csv changed."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name in archive.namelist():
            content = archive.read(name)
            made.writestr(name, change(content.decode("utf-8-sig")).encode() if name == "事项.csv" else content)
    return target.getvalue()


@pytest.mark.usefixtures("backstage")
def test_an_editor_imports_a_table_and_hands_its_changes_in(window, screen, tmp_path: Path):
    item = Implementation.objects.filter(base__slug=FOOD, division_id=PLACES[screen]).get()
    name, phone = item.organisation.name, item.current.parsed.consult_phone
    visitor = window(screen, who="shixiang")
    visitor.go("/desk/")
    visitor.press(visitor.page.get_by_role("link", name="事项导入").first)
    visitor.sees("上传表格，先逐行检查")
    visitor.page.locator('select[name="organisation"]').select_option(label=name)
    visitor.page.locator('select[name="format"]').select_option("csv")
    taken = visitor.download(visitor.act("导出"), tmp_path / "items.zip").read_bytes()
    wrong, right = tmp_path / "wrong.zip", tmp_path / "right.zip"
    wrong.write_bytes(packed(taken, lambda text: text.replace(phone, "12345678")))
    right.write_bytes(packed(taken, lambda text: text.replace(item.current.parsed.search_words[0], "开个小店")))
    visitor.page.set_input_files('input[name="file"]', wrong)
    visitor.press("检查文件")
    visitor.sees("电话要带区号")
    visitor.sees("什么都没有改")
    visitor.press(visitor.page.get_by_role("link", name="事项导入").last)
    visitor.page.set_input_files('input[name="file"]', right)
    visitor.press("检查文件")
    visitor.sees("检索词")
    visitor.fill("变更理由", "按居民的说法补充")
    visitor.press("生成变更单并送审")
    visitor.sees("张变更单并送审")
    change = ItemChange.objects.get(implementation=item)
    assert (change.state, "开个小店" in change.content["search_words"]) == ("submitted", True)
    visitor.sees(change.number)
