-- +goose Up
CREATE TABLE node_counter (
    id    bigint NOT NULL PRIMARY KEY,
    value bigint NOT NULL
);
INSERT INTO node_counter (id, value) VALUES (1, 0);

CREATE TABLE site_keys (
    name       text        NOT NULL PRIMARY KEY,
    sealed     bytea       NOT NULL,
    created_at timestamptz NOT NULL
);

-- A number that grows when what a cache holds has changed.
CREATE TABLE revisions (
    name  text   NOT NULL PRIMARY KEY,
    value bigint NOT NULL
);

CREATE TABLE audit_entries (
    id              bigint      NOT NULL PRIMARY KEY,
    organisation_id bigint      NOT NULL DEFAULT 0,
    consultation_id bigint      NOT NULL DEFAULT 0,
    actor_kind      text        NOT NULL,
    actor_id        bigint      NOT NULL DEFAULT 0,
    token_id        bigint      NOT NULL DEFAULT 0,
    action          text        NOT NULL,
    object          text        NOT NULL,
    object_id       bigint      NOT NULL,
    before          text        NOT NULL DEFAULT '',
    after           text        NOT NULL DEFAULT '',
    at              timestamptz NOT NULL
);
CREATE INDEX audit_entries_consultation_idx ON audit_entries (consultation_id, id) WHERE consultation_id <> 0 AND action <> 'receive';
CREATE INDEX audit_entries_organisation_idx ON audit_entries (organisation_id, id) WHERE action <> 'receive';

-- Hashes that wait to become leaves of the register, in no order.
CREATE TABLE register_pending (
    id   bigint NOT NULL PRIMARY KEY,
    kind text   NOT NULL,
    ref  bigint NOT NULL,
    hash bytea  NOT NULL
);

CREATE TABLE outbox (
    id              bigint      NOT NULL PRIMARY KEY,
    topic           text        NOT NULL,
    consultation_id bigint      NOT NULL,
    ref             bigint      NOT NULL,
    created_at      timestamptz NOT NULL,
    sent_at         timestamptz,
    attempts        bigint      NOT NULL DEFAULT 0,
    next_at         timestamptz NOT NULL,
    failure         text        NOT NULL DEFAULT ''
);
CREATE INDEX outbox_waiting_idx ON outbox (next_at) WHERE sent_at IS NULL;

-- +goose Down
DROP TABLE outbox;
DROP TABLE register_pending;
DROP TABLE audit_entries;
DROP TABLE revisions;
DROP TABLE site_keys;
DROP TABLE node_counter;
