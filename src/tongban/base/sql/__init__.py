"""Hand-written SQL of the room: hot paths and set-based sweeps."""

#: Takes the next number of a series; the row is locked until the transaction ends.
TAKE_NUMBER = """
INSERT INTO base_counter (series, period, value) VALUES (%s, %s, 1)
ON CONFLICT (series, period) DO UPDATE SET value = base_counter.value + 1
RETURNING value
"""

#: Makes or finds the head of a chain and locks it; gives length and hash of its last event.
LOCK_CHAIN = """
INSERT INTO base_chain (subject, length, head) VALUES (%s, 0, %s)
ON CONFLICT (subject) DO UPDATE SET length = base_chain.length
RETURNING id, length, head
"""

#: Does so for many chains in one order, so that two that want the same never wait for each other.
LOCK_CHAINS = """
INSERT INTO base_chain (subject, length, head)
SELECT subject, 0, %s FROM unnest(%s::text[]) AS subject ORDER BY subject
ON CONFLICT (subject) DO UPDATE SET length = base_chain.length
RETURNING subject, id, length, head
"""

#: Records the heads that moved since they were last sealed; the newest sealed length is found by index.
SEAL_CHANGED_HEADS = """
INSERT INTO base_sealedhead (seal_id, subject, length, head)
SELECT %s, c.subject, c.length, c.head
FROM base_chain c
LEFT JOIN LATERAL (
    SELECT s.length, s.head FROM base_sealedhead s WHERE s.subject = c.subject ORDER BY s.seal_id DESC LIMIT 1
) last ON true
WHERE c.length > 0 AND (last.length IS NULL OR last.length <> c.length OR last.head <> c.head)
"""

#: The newest sealed head of every chain, in the order of the root.
NEWEST_SEALED_HEADS = """
SELECT DISTINCT ON (subject) subject, length, head FROM base_sealedhead ORDER BY subject, seal_id DESC
"""

#: Counts one more use in a window and gives the count.
HIT_RATE = """
INSERT INTO base_ratewindow (bucket, key_index, window_start, expires_at, count) VALUES (%s, %s, %s, %s, 1)
ON CONFLICT (bucket, key_index, window_start) DO UPDATE SET count = base_ratewindow.count + 1
RETURNING count
"""

#: The next delivery whose turn it is: due, and no earlier one of its subject waits for the same consumer.
NEXT_DELIVERY = """
SELECT d.id FROM base_delivery d
WHERE d.state = 'pending' AND d.next_at <= %s AND d.consumer = ANY(%s)
  AND NOT EXISTS (
    SELECT 1 FROM base_delivery e
    WHERE e.consumer = d.consumer AND e.subject = d.subject AND e.seq < d.seq AND e.state IN ('pending', 'dead')
  )
ORDER BY d.next_at, d.id
LIMIT 1
FOR UPDATE OF d SKIP LOCKED
"""

#: Claims a request key for its owner; no row comes back if it was taken. Waits for a transaction that holds it.
CLAIM_KEY = """
INSERT INTO base_idempotencykey (owner, key, request_hash, created_at) VALUES (%s, %s, %s, %s)
ON CONFLICT (owner, key) DO NOTHING
RETURNING id
"""
