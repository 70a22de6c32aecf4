"""Gathers what a search finds by the index of words, always: without it a word that the planner has never seen is
estimated as common, and the whole table is read for it; so with what was meant by a slip.
"""

from django.db import migrations

_MAKE = """
CREATE FUNCTION tongban_search_hits(query tsquery, steps tsquery[], tokens varchar[], places varchar[], most int)
RETURNS TABLE (step int, rank smallint, base_id bigint) LANGUAGE plpgsql STABLE
SET search_path = public SET enable_seqscan = off AS $$
DECLARE
    conditions text[] := '{}';
    number text := '0';
BEGIN
    IF query IS NOT NULL THEN conditions := conditions || 'e.search @@ $1'::text; END IF;
    IF cardinality(tokens) > 0 THEN conditions := conditions || 'e.facets @> $3'::text; END IF;
    IF cardinality(places) > 0 THEN conditions := conditions || 'e.places && $4'::text; END IF;
    IF cardinality(conditions) = 0 THEN conditions := conditions || 'TRUE'::text; END IF;
    IF cardinality(steps) > 1 THEN
        SELECT 'CASE ' || string_agg(format('WHEN e.search @@ $2[%s] THEN %s', one, one - 1), ' ' ORDER BY one) || ' END'
        INTO number FROM generate_series(1, cardinality(steps)) AS one;
    END IF;
    RETURN QUERY EXECUTE format(
        'SELECT %s, e.rank, e.base_id FROM catalogue_searchentry e WHERE %s LIMIT $5',
        number, array_to_string(conditions, ' AND ')
    ) USING query, steps, tokens, places, most;
END $$;

CREATE FUNCTION tongban_search_terms(sound varchar, slips varchar[], most int)
RETURNS TABLE (term varchar, pinyin varchar) LANGUAGE plpgsql STABLE
SET search_path = public SET enable_seqscan = off AS $$
BEGIN
    RETURN QUERY SELECT t.text, t.pinyin FROM catalogue_searchterm t WHERE t.pinyin = sound LIMIT most;
    RETURN QUERY SELECT t.text, t.pinyin FROM catalogue_searchterm t WHERE t.slips && $2 LIMIT most;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0008_questions")]

    operations = [
        migrations.RunSQL(
            _MAKE,
            "DROP FUNCTION IF EXISTS tongban_search_hits(tsquery, tsquery[], varchar[], varchar[], int);"
            "DROP FUNCTION IF EXISTS tongban_search_terms(varchar, varchar[], int)",
        ),
    ]
