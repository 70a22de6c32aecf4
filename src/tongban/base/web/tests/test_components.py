"""Components escape whatever they are given, tie words to fields and refuse what they cannot draw."""

from datetime import date
from html.parser import HTMLParser

import pytest
from django import forms
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from tongban.base.web import markup, parts
from tongban.base.web.tests.urls import HOSTILE
from tongban.kernel.paging import Page


class Reader(HTMLParser):
    """What a browser would find: elements with their attributes, and the words between them."""

    def __init__(self, html):
        super().__init__()
        self.elements, self.words = [], ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words += data

    def attributes(self, name):
        return [attrs[name] for _, attrs in self.elements if name in attrs]


def draw(source, **context):
    return Template("{% load ui %}" + source).render(Context(context))


SNIPPETS = [
    '{% icon "check" label=bad %}',
    '{% state "run" bad %}',
    '{% due "late" bad %}',
    "{% level bad %}",
    "{% source bad bad %}",
    '{% notice kind="wait" title=bad role=bad id=bad %}{{ bad }}{% endnotice %}',
    "{% card title=bad css=bad id=bad %}{{ bad }}{% endcard %}",
    "{% empty_state title=bad text=bad %}{{ bad }}{% endempty_state %}",
    "{% toast bad %}{% endtoast %}",
    "{% dialog id=bad title=bad law=bad %}{{ bad }}{% enddialog %}",
    "{% kv pairs bad %}",
    "{% table columns rows caption=bad %}",
    "{% table columns none empty=bad %}",
    "{% code bad %}{{ bad|case_no }}",
    "{% copyable bad bad %}",
    "{% law bad bad bad bad %}",
    "{% seal_mark bad %}",
    "{% qr bad bad %}",
    "{% button bad href=bad %}",
    '{% button bad "main" name=bad hx_post=bad data_x=bad %}',
    "{% button bad icon='copy' only_icon=True %}",
    "{% crumbs bad bad bad bad %}",
    "{% pager page param=bad label=bad %}",
    "{% tabs tabs bad bad %}",
    "{% chip bad href=bad on=True %}{% chip bad %}",
    "{% thread words 2 bad %}",
    "{% timeline entries %}",
    "{% clock_bar bar %}",
    "{% field bad bad value=bad hint=bad error=bad source=bad level=bad placeholder=bad %}",
    '{% field bad bad value=bad type="textarea" %}',
    "{% field bad bad value=bad choices=choices %}",
    "{% picks bad bad choices value=bad hint=bad error=bad %}",
    "{% pick bad bad value=bad hint=bad error=bad %}",
    "{% error_summary errors title=bad labels=labels %}",
    "{% file_row name=bad meta=bad error=bad %}{{ bad }}{% endfile_row %}",
    "{% drop_zone bad bad accept=bad hint=bad error=bad id=bad %}",
]


@pytest.mark.parametrize("source", SNIPPETS)
def test_hostile_words_stay_words_in_every_component(source):
    bad = HOSTILE
    html = draw(
        source,
        bad=bad,
        pairs=[(bad, bad)],
        columns=[bad],
        rows=[[bad]],
        none=[],
        page=Page([], next=bad, previous=bad),
        tabs=[parts.Tab(label=bad, href=bad, count=1)],
        words=[bad, (bad, bad), bad],
        entries=[
            parts.Entry(kind="done", title=bad, who=bad, when=bad, text=bad, links=[(bad, bad)], state=("run", bad)),
        ],
        bar=parts.ClockBar(
            days=(parts.Day(on=date(2026, 1, 5), kind="left", number=1, flag=bad),), used=0, paused=0, left=1
        ),
        choices=[(bad, bad, bad)],
        errors={bad: bad},
        labels={bad: bad},
    )
    reader = Reader(html)
    tags = {tag for tag, _ in reader.elements}
    assert not tags & {"script", "img", "iframe", "object"}
    for _, attrs in reader.elements:
        assert not [
            name for name in attrs if name.startswith("on") or name == "style" or not name.replace("-", "").isalnum()
        ]


@pytest.mark.parametrize("name", ["onclick", "on_click", "style", "a b", 'x"', "é"])
def test_an_attribute_that_could_run_or_style_is_refused(name):
    with pytest.raises(ValueError, match="not an attribute"):
        markup.attributes({name: "x"})


def test_extra_attributes_are_written_as_html_has_them():
    assert markup.attributes(
        {"hx_post": "/a?b=1&c", "required": True, "hidden": False, "title": None, "for_": "x"}
    ) == (' hx-post="/a?b=1&amp;c" required for="x"')


@given(st.text(max_size=50))
def test_a_code_reads_the_same_whole(text):
    assert Reader(markup.grouped_code(text)).words == text


def test_an_unknown_icon_state_or_button_is_an_error():
    for source in ('{% icon "nosuch" %}', '{% state "nosuch" "x" %}', '{% notice kind="nosuch" %}{% endnotice %}'):
        with pytest.raises(KeyError):
            draw(source)
    with pytest.raises(TemplateSyntaxError):
        draw('{% button "x" "nosuch" %}')


def test_a_state_never_speaks_by_colour_alone():
    for kind in markup.STATE_ICONS:
        html = draw("{% state kind '办理中' %}", kind=kind)
        assert "<svg" in html
        assert "办理中" in html


def test_error_hint_and_source_belong_to_their_field():
    html = draw('{% field "phone" "手机号" value="1" error="少 1 位" hint="收短信" source="取自人口库" level="A" %}')
    reader = Reader(html)
    (described,) = reader.attributes("aria-describedby")
    assert described.split() == ["id_phone-hint", "id_phone-error", "id_phone-from"]
    assert set(described.split()) <= set(reader.attributes("id"))
    assert reader.attributes("aria-invalid") == ["true"]
    assert reader.attributes("for") == ["id_phone"]


def test_an_optional_field_says_so_and_is_not_required():
    html = draw('{% field "a" "电话" required=False %}')
    assert "（选填）" in html
    assert "required" not in Reader(html).elements[-1][1]


def test_a_text_area_keeps_a_leading_line_break():
    html = draw('{% field "a" "说明" value=text type="textarea" %}', text="\n第二行")
    assert ">\n\n第二行</textarea>" in html


def test_the_chosen_answers_are_marked():
    html = draw('{% picks "a" "问" choices value="2" %}', choices=[(1, "一"), (2, "二")])
    assert [attrs["value"] for tag, attrs in Reader(html).elements if tag == "input" and "checked" in attrs] == ["2"]
    html = draw(
        '{% picks "a" "问" choices value=both kind="checkbox" %}',
        choices=[(1, "一"), (2, "二"), (3, "三")],
        both=[1, 3],
    )
    assert [attrs["value"] for tag, attrs in Reader(html).elements if tag == "input" and "checked" in attrs] == [
        "1",
        "3",
    ]


def test_the_summary_links_to_the_fields_and_is_absent_without_errors():
    html = draw(
        "{% error_summary errors labels=labels %}",
        errors={"phone": "少 1 位", "": "请再试一次"},
        labels={"phone": "手机号"},
    )
    assert Reader(html).attributes("href") == ["#id_phone"]
    assert "手机号：少 1 位" in html
    assert "有 2 处要改" in html
    assert draw("{% error_summary errors %}", errors={}) == ""


class Small(forms.Form):
    name = forms.CharField(label="姓名", max_length=60)
    secret = forms.CharField(label="密码", widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}))
    kind = forms.ChoiceField(label="类型", choices=[("a", "甲"), ("b", "乙")])
    sort = forms.ChoiceField(label="种类", choices=[("a", "甲"), ("b", "乙")], widget=forms.RadioSelect)
    note = forms.CharField(label="说明", widget=forms.Textarea, required=False)
    agree = forms.BooleanField(label="同意")
    token = forms.CharField(widget=forms.HiddenInput)


def test_a_django_form_is_drawn_with_our_components():
    form = Small({"name": HOSTILE, "secret": "p", "kind": "b", "sort": "b", "token": HOSTILE})
    form.is_valid()
    html = draw("{% for f in form %}{% bound_field f %}{% endfor %}{% error_summary form %}", form=form)
    reader = Reader(html)
    assert "script" not in {tag for tag, _ in reader.elements}
    by_name = {attrs["name"]: (tag, attrs) for tag, attrs in reader.elements if "name" in attrs}
    assert by_name["name"][1]["maxlength"] == "60"
    assert by_name["secret"][1]["value"] == ""
    assert by_name["secret"][1]["autocomplete"] == "current-password"
    assert by_name["note"][0] == "textarea"
    assert by_name["token"][1]["type"] == "hidden"
    assert [attrs["value"] for tag, attrs in reader.elements if tag == "option" and "selected" in attrs] == ["b"]
    targets = [href.removeprefix("#") for href in reader.attributes("href")]
    assert targets == ["id_agree"]
    assert set(targets) <= set(reader.attributes("id"))


def test_the_pager_keeps_the_other_words_of_the_query():
    request = RequestFactory().get("/x/", {"q": "食品 & 药品", "cursor": "old"})
    html = draw("{% pager page %}", request=request, page=Page([], next="n=1", previous=None))
    (href,) = Reader(html).attributes("href")
    assert href == "?q=%E9%A3%9F%E5%93%81+%26+%E8%8D%AF%E5%93%81&cursor=n%3D1"
    assert "上一页" in html
    assert draw("{% pager page %}", page=Page([])) == ""


def test_the_thread_leads_back_but_not_forward():
    html = draw("{% thread steps 2 %}", steps=[("情形", "/1"), ("表单", "/2"), ("确认", "/3")])
    reader = Reader(html)
    assert reader.attributes("href") == ["/1"]
    assert reader.attributes("aria-current") == ["step"]
    assert "（已完成）" in html


def test_pairs_without_a_value_are_left_out_but_zero_stays():
    html = draw("{% kv pairs %}", pairs=[("甲", ""), ("乙", None), ("丙", 0), ("丁", [])])
    assert "甲" not in html
    assert "乙" not in html
    assert "<dd>0</dd>" in html


def test_the_demonstration_seal_says_what_it_is():
    html = draw("{% seal_mark %}")
    for words in ("示例", "印章", "无法律效力"):
        assert words in html


def test_a_qr_code_reads_back():
    reader = Reader(draw('{% qr "https://example.cn/verify/ABC" "核验" %}'))
    assert reader.attributes("aria-label") == ["核验"]
    assert [tag for tag, _ in reader.elements] == ["span", "svg", "path"]


def test_a_bar_too_long_to_draw_is_told_in_words():
    days = tuple(parts.Day(on=date(2026, 1, 1), kind="left", number=n) for n in range(1, parts.DAYS_DRAWN_MAX + 2))
    html = draw("{% clock_bar bar %}", bar=parts.ClockBar(days=days, used=3, paused=0, left=43))
    assert "clock__days" not in html
    assert '<progress class="bar" max="46" value="3"' in html
    assert "已用 3 天" in html
    assert "休息日" not in html


def test_a_line_of_facts_leaves_out_what_is_empty_and_starts_no_line_with_a_dot():
    html = draw("{% meta name '' day %}", name="<b>渌口区市场监督管理局行政许可股", day="2026年11月25日")
    assert html == "<span>&lt;b&gt;渌口区市场监督管理局行政许可股</span>\u00a0· <span class=nb>2026年11月25日</span>"
