-- +goose Up
-- Leaves that wait for their place in the register, in no order. Those that were
-- left before leaves were kept are empty until the program fills them at its start.
ALTER TABLE register_pending RENAME TO register_pending_hashes;
CREATE TABLE register_pending (
    id   bigint NOT NULL,
    kind text NOT NULL,
    ref  bigint NOT NULL,
    leaf bytea NOT NULL,
    CONSTRAINT register_pending_key PRIMARY KEY (id)
);
INSERT INTO register_pending (id, kind, ref, leaf) SELECT id, kind, ref, ''::bytea FROM register_pending_hashes;
DROP TABLE register_pending_hashes;

-- A queue: rows come and go at once, so that it is cleared by number, not by share.
ALTER TABLE register_pending SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000,
    autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 5000, autovacuum_vacuum_cost_delay = 0);

-- The leaves of the log in their order, dense from 0.
CREATE TABLE register_leaves (
    idx  bigint NOT NULL,
    kind text NOT NULL,
    ref  bigint NOT NULL,
    leaf bytea NOT NULL,
    CONSTRAINT register_leaves_pkey PRIMARY KEY (idx),
    CONSTRAINT register_leaves_kind_ref_key UNIQUE (kind, ref)
);

-- The hashes over complete blocks of 256 leaves (level 8), of 256 blocks (16), and so on.
CREATE TABLE register_nodes (
    level bigint NOT NULL,
    n     bigint NOT NULL,
    hash  bytea NOT NULL,
    CONSTRAINT register_nodes_pkey PRIMARY KEY (level, n)
);

-- What was signed, dense from 0; note is what is served.
CREATE TABLE register_checkpoints (
    number     bigint NOT NULL,
    size       bigint NOT NULL,
    root       bytea NOT NULL,
    note       text NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT register_checkpoints_pkey PRIMARY KEY (number)
);

-- The public keys of all that ever signed; the current one has no last checkpoint.
CREATE TABLE register_keys (
    hash             text NOT NULL,
    verifier         text NOT NULL,
    second           text NOT NULL DEFAULT '',
    first_checkpoint bigint NOT NULL,
    last_checkpoint  bigint,
    created_at       timestamptz NOT NULL,
    CONSTRAINT register_keys_pkey PRIMARY KEY (hash)
);

-- +goose Down
ALTER TABLE register_pending RENAME TO register_pending_leaves;
ALTER TABLE register_pending_leaves DROP CONSTRAINT register_pending_key;
CREATE TABLE register_pending (
    id   bigint NOT NULL PRIMARY KEY,
    kind text NOT NULL,
    ref  bigint NOT NULL,
    hash bytea NOT NULL
);
INSERT INTO register_pending (id, kind, ref, hash)
SELECT p.id, p.kind, p.ref, COALESCE(s.leaf_hash, p.leaf) FROM register_pending_leaves p LEFT JOIN submissions s ON p.kind = 'submission' AND s.id = p.ref;
DROP TABLE register_pending_leaves;
INSERT INTO register_pending (id, kind, ref, hash)
SELECT l.ref, l.kind, l.ref, COALESCE(s.leaf_hash, l.leaf) FROM register_leaves l LEFT JOIN submissions s ON l.kind = 'submission' AND s.id = l.ref
WHERE true ON CONFLICT (id) DO NOTHING;
DROP TABLE register_keys;
DROP TABLE register_checkpoints;
DROP TABLE register_nodes;
DROP TABLE register_leaves;
