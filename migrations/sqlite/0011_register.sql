-- +goose Up
-- Leaves that wait for their place in the register, in no order. Those that were
-- left before leaves were kept are empty until the program fills them at its start.
ALTER TABLE register_pending RENAME TO register_pending_hashes;
CREATE TABLE register_pending (
    id   integer NOT NULL,
    kind text NOT NULL,
    ref  integer NOT NULL,
    leaf blob NOT NULL,
    CONSTRAINT register_pending_key PRIMARY KEY (id)
);
INSERT INTO register_pending (id, kind, ref, leaf) SELECT id, kind, ref, x'' FROM register_pending_hashes;
DROP TABLE register_pending_hashes;

-- +goose Down
ALTER TABLE register_pending RENAME TO register_pending_leaves;
CREATE TABLE register_pending (
    id   integer NOT NULL PRIMARY KEY,
    kind text NOT NULL,
    ref  integer NOT NULL,
    hash blob NOT NULL
);
INSERT INTO register_pending (id, kind, ref, hash)
SELECT p.id, p.kind, p.ref, COALESCE(s.leaf_hash, p.leaf) FROM register_pending_leaves p LEFT JOIN submissions s ON p.kind = 'submission' AND s.id = p.ref;
DROP TABLE register_pending_leaves;
