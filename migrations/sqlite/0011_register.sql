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

-- The leaves of the log in their order, dense from 0.
CREATE TABLE register_leaves (
    idx  integer NOT NULL,
    kind text NOT NULL,
    ref  integer NOT NULL,
    leaf blob NOT NULL,
    CONSTRAINT register_leaves_pkey PRIMARY KEY (idx),
    CONSTRAINT register_leaves_kind_ref_key UNIQUE (kind, ref)
);

-- The hashes over complete blocks of 256 leaves (level 8), of 256 blocks (16), and so on.
CREATE TABLE register_nodes (
    level integer NOT NULL,
    n     integer NOT NULL,
    hash  blob NOT NULL,
    CONSTRAINT register_nodes_pkey PRIMARY KEY (level, n)
);

-- What was signed, dense from 0; note is what is served.
CREATE TABLE register_checkpoints (
    number     integer NOT NULL,
    size       integer NOT NULL,
    root       blob NOT NULL,
    note       text NOT NULL,
    created_at timestamp NOT NULL,
    CONSTRAINT register_checkpoints_pkey PRIMARY KEY (number)
);

-- The public keys of all that ever signed; the current one has no last checkpoint.
CREATE TABLE register_keys (
    hash             text NOT NULL,
    verifier         text NOT NULL,
    second           text NOT NULL DEFAULT '',
    first_checkpoint integer NOT NULL,
    last_checkpoint  integer,
    created_at       timestamp NOT NULL,
    CONSTRAINT register_keys_pkey PRIMARY KEY (hash)
);

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
INSERT INTO register_pending (id, kind, ref, hash)
SELECT l.ref, l.kind, l.ref, COALESCE(s.leaf_hash, l.leaf) FROM register_leaves l LEFT JOIN submissions s ON l.kind = 'submission' AND s.id = l.ref
WHERE true ON CONFLICT (id) DO NOTHING;
DROP TABLE register_keys;
DROP TABLE register_checkpoints;
DROP TABLE register_nodes;
DROP TABLE register_leaves;
