"""What a browser sends of a section's page, for tests."""

from tongban.catalogue.editing.showing import Input, RowsView, SectionView


def posted_of(view: SectionView) -> dict[str, list[str]]:
    """The section's form as it stands, without a change."""
    sent: dict[str, list[str]] = {}
    for part in view.parts:
        _part(part, sent)
    return sent


def _part(part: Input | RowsView, sent: dict[str, list[str]]) -> None:
    if isinstance(part, Input):
        _input(part, sent)
        return
    sent[f"{part.path}.rows"] = [str(len(part.rows))]
    for row in part.rows:
        for one in (*row.inputs, *row.rare):
            _input(one, sent)
        if row.inner is not None:
            _part(row.inner, sent)


def _input(one: Input, sent: dict[str, list[str]]) -> None:
    kind, path = one.entry.kind, one.path
    on = [choice.value for choice in one.choices if choice.on]
    if kind in ("choices", "codes", "flag", "condition"):
        sent[f"{path}.there"] = [""]
    if kind in ("choice", "number_choice"):
        sent[path] = on or [one.choices[0].value]
    elif kind in ("choices", "codes"):
        sent[path] = on
    elif kind == "flag":
        sent[path] = [one.value] if one.value else []
    elif kind == "limit":
        sent[f"{path}.amount"], sent[f"{path}.unit"] = [one.value], [one.second]
    elif kind == "leads":
        sent[f"{path}.to"], sent[f"{path}.message"] = [one.value], [one.second]
    elif kind == "condition":
        sent[path] = [choice.value for _heading, choices in one.groups for choice in choices if choice.on]
        sent[f"{path}.json"] = [one.second]
    else:
        sent[path] = [one.value.replace("\n", "\r\n")]
