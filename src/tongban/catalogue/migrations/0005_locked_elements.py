"""Base elements of what was published before they were kept, and the database's refusal of a version that differs."""

from django.db import migrations

_FILL = """
UPDATE catalogue_baseitem AS base SET number = 1, elements = found.elements
FROM (
    SELECT DISTINCT ON (item.base_id) item.base_id, jsonb_build_object(
        'name', version.definition -> 'name',
        'catalog_code', version.definition -> 'catalog_code',
        'kind', version.definition -> 'kind',
        'legal_basis', version.definition -> 'legal_basis',
        'levels', (SELECT jsonb_agg(DISTINCT level ORDER BY level) FROM catalogue_implementation
                   WHERE base_id = item.base_id)
    ) AS elements
    FROM catalogue_implementation AS item JOIN catalogue_itemversion AS version ON version.id = item.current_id
    ORDER BY item.base_id, item.id
) AS found
WHERE found.base_id = base.id;
INSERT INTO catalogue_baseversion (base_id, number, elements, published_at, published_by)
SELECT id, 1, elements, now(), 'system:migration' FROM catalogue_baseitem WHERE number = 1;
UPDATE catalogue_baseitem SET pack_digest = 'before' WHERE number = 1;
UPDATE catalogue_implementation AS item SET pack_digest = version.digest
FROM catalogue_itemversion AS version WHERE version.id = item.current_id;
"""

#: 同一事项、同一标准、同一编码: whatever program writes, a version carries the base elements of its entry.
_REFUSE = """
CREATE FUNCTION tongban_version_keeps_elements() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
DECLARE
    locked jsonb;
BEGIN
    SELECT base.elements INTO locked FROM catalogue_implementation AS item
    JOIN catalogue_baseitem AS base ON base.id = item.base_id WHERE item.id = NEW.implementation_id;
    IF (NEW.definition -> 'name', NEW.definition -> 'catalog_code', NEW.definition -> 'kind',
        NEW.definition -> 'legal_basis')
       IS DISTINCT FROM (locked -> 'name', locked -> 'catalog_code', locked -> 'kind', locked -> 'legal_basis') THEN
        RAISE EXCEPTION 'the version differs from the base elements of its entry'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'item_version_keeps_elements';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER item_version_keeps_elements BEFORE INSERT ON catalogue_itemversion
FOR EACH ROW EXECUTE FUNCTION tongban_version_keeps_elements();
"""
_UNDO = """
DROP TRIGGER item_version_keeps_elements ON catalogue_itemversion;
DROP FUNCTION tongban_version_keeps_elements();
"""


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0004_life")]

    operations = [
        migrations.RunSQL(_FILL, migrations.RunSQL.noop),
        migrations.RunSQL(_REFUSE, _UNDO),
    ]
