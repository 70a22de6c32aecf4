"""Forms out of an item's JSON Schema (2020-12): shown as accessible HTML, read back, checked, with Chinese messages.

A schema of an item is an object whose properties are fields. Beside the standard's words it uses:

* ``x-widget``: text, textarea, number, date, select, radio, checkbox, checks, yesno, id_number, uscc, phone, address,
  money (fen inside, yuan shown) or table (an array of flat objects);
* ``x-group`` and at the top ``x-groups`` (key, title, hint): the parts of the page; ``x-order``: place within a part;
* ``x-labels``: value to text for an ``enum``; ``x-unit``: shown behind a number;
* ``x-prefill``: where the value may be known from, for example ``person.name`` or ``licence.<type>.<field>``;
* ``x-when``: a condition (`tongban.catalogue.conditions`); the field counts only where it holds; ``x-required``: then
  it must be given (a field without ``x-when`` uses the standard's ``required``);
* ``x-autocomplete``: the HTML word.
"""

from __future__ import annotations

from tongban.catalogue.forms.cleaning import clean
from tongban.catalogue.forms.prefill import Known, prefill
from tongban.catalogue.forms.schema import FormSchema, active_fields
from tongban.catalogue.forms.validation import validate
from tongban.catalogue.forms.view import Choice, Field, FormView, Group, form_view
from tongban.catalogue.forms.words import Line, in_words

__all__ = [
    "Choice",
    "Field",
    "FormSchema",
    "FormView",
    "Group",
    "Known",
    "Line",
    "active_fields",
    "clean",
    "form_view",
    "in_words",
    "prefill",
    "validate",
]
