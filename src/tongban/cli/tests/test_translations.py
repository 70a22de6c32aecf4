"""The English catalogue: complete, built, and a check that notices what is not."""

import shutil
from pathlib import Path

import pytest
from babel.messages.pofile import read_po, write_po

from tongban.cli import extraction, translations
from tongban.cli.extraction import Words
from tongban.cli.places import ROOT

HOME = "portal/templates/portal/home.html"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of one public page with a catalogue that has all of its words."""
    package = tmp_path / translations.PACKAGE
    for name in (HOME, "portal/web/home.py", "locale/en/LC_MESSAGES/django.po"):
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / translations.PACKAGE / name, package / name)
    translations.update("en", translations.extract(tmp_path), tmp_path)
    return tmp_path


def test_nothing_is_missing_in_english():
    assert translations.missing("en") == {}


def test_the_built_catalogue_is_that_of_the_source():
    assert not translations.unbuilt("en")


def test_public_pages_have_no_unmarked_words():
    assert translations.unmarked() == []


def test_a_complete_copy_has_no_faults(checkout):
    assert translations.faults(checkout) == []


def test_words_taken_out_of_the_catalogue_are_missed(checkout):
    path = translations.catalogue_path("en", checkout)
    with path.open("rb") as stream:
        catalogue = read_po(stream)
    catalogue.delete("人生大事")
    with path.open("wb") as stream:
        write_po(stream, catalogue)
    assert [words.msgid for words in translations.missing("en", checkout)] == ["人生大事"]
    assert any("人生大事" in fault and HOME in fault for fault in translations.faults(checkout))
    assert translations.unbuilt("en", checkout)


def test_a_catalogue_that_was_not_built_is_noticed(checkout):
    translations.catalogue_path("en", checkout).with_suffix(".mo").unlink()
    assert translations.unbuilt("en", checkout)


def test_a_doubtful_translation_does_not_count(checkout):
    path = translations.catalogue_path("en", checkout)
    path.write_text(path.read_text().replace('msgid "人生大事"', '#, fuzzy\nmsgid "人生大事"'))
    assert [words.msgid for words in translations.missing("en", checkout)] == ["人生大事"]


@pytest.mark.parametrize("written", ["<p>办好了</p>", '<a title="办好了">x</a>', '{% icon "check" label="办好了" %}'])
def test_an_unmarked_word_on_a_page_is_noticed(checkout, written):
    page = checkout / translations.PACKAGE / HOME
    page.write_text(page.read_text() + written)
    assert [name for name, _found in translations.unmarked(checkout)] == [HOME]


@pytest.mark.parametrize("written", ["{# 办好了 #}", "{% comment %}办好了{% endcomment %}", "<!-- 办好了 -->"])
def test_a_comment_may_be_in_chinese(checkout, written):
    page = checkout / translations.PACKAGE / HOME
    page.write_text(page.read_text() + written)
    assert translations.unmarked(checkout) == []


def test_an_unmarked_word_of_a_view_is_noticed(checkout):
    view = checkout / translations.PACKAGE / "portal/web/home.py"
    view.write_text(view.read_text() + '\nDONE = "办好了"\n')
    assert [found.text for _name, found in translations.unmarked(checkout)] == ["办好了"]


TEMPLATES = [
    ('{% trans "满 100% 了" %}', Words("满 100%% 了")),
    ("{% translate '首页' as home %}", Words("首页")),
    ('{% trans "，" context "list" %}', Words("，", context="list")),
    ("{% blocktrans with n=page.n|length %}第 {{ n }} 页{% endblocktrans %}", Words("第 %(n)s 页")),
    ("{% blocktrans trimmed %}\n  一行，\n  又一行\n{% endblocktrans %}", Words("一行， 又一行")),
    ("{% blocktrans count n=rows %}{{ n }} 件{% plural %}{{ n }} 件{% endblocktrans %}", Words("%(n)s 件", "%(n)s 件")),
    ('{{ words|default:_("首页") }}', Words("首页")),
]


@pytest.mark.parametrize(("text", "words"), TEMPLATES)
def test_words_of_templates_are_those_that_django_looks_up(text, words):
    assert [found.words for found in extraction.marked_in_template(text)] == [words]
    assert extraction.unmarked_in_template(text) == []


MODULES = [
    ("from django.utils.translation import gettext as _\n_('首页')", Words("首页")),
    ("from django.utils.translation import gettext_lazy\ngettext_lazy('一' '二')", Words("一二")),
    (
        "from django.utils.translation import ngettext\nngettext('%(n)s 天', '%(n)s 天', 2)",
        Words("%(n)s 天", "%(n)s 天"),
    ),
    (
        "def f():\n    from django.utils.translation import pgettext as p\n    p('list', '，')",
        Words("，", context="list"),
    ),
]


@pytest.mark.parametrize(("text", "words"), MODULES)
def test_words_of_modules_are_found_under_any_name(text, words):
    assert [found.words for found in extraction.marked_in_python(text)] == [words]
    assert extraction.unmarked_in_python(text) == []


def test_a_block_that_is_not_closed_is_refused():
    with pytest.raises(ValueError, match="not closed"):
        extraction.marked_in_template("{% blocktrans %}首页")
