-- +goose Up
CREATE TABLE node_counter (
    id    integer NOT NULL PRIMARY KEY,
    value integer NOT NULL
);
INSERT INTO node_counter (id, value) VALUES (1, 0);

CREATE TABLE site_keys (
    name       text        NOT NULL PRIMARY KEY,
    sealed     blob       NOT NULL,
    created_at timestamp NOT NULL
);

-- A number that grows when what a cache holds has changed.
CREATE TABLE revisions (
    name  text   NOT NULL PRIMARY KEY,
    value integer NOT NULL
);

CREATE TABLE audit_entries (
    id              integer      NOT NULL PRIMARY KEY,
    organisation_id integer      NOT NULL DEFAULT 0,
    consultation_id integer      NOT NULL DEFAULT 0,
    actor_kind      text        NOT NULL,
    actor_id        integer      NOT NULL DEFAULT 0,
    token_id        integer      NOT NULL DEFAULT 0,
    action          text        NOT NULL,
    object          text        NOT NULL,
    object_id       integer      NOT NULL,
    before          text        NOT NULL DEFAULT '',
    after           text        NOT NULL DEFAULT '',
    at              timestamp NOT NULL
);
CREATE INDEX audit_entries_consultation_idx ON audit_entries (consultation_id, id) WHERE consultation_id <> 0 AND action <> 'receive';
CREATE INDEX audit_entries_organisation_idx ON audit_entries (organisation_id, id) WHERE action <> 'receive';

-- Hashes that wait to become leaves of the register, in no order.
CREATE TABLE register_pending (
    id   integer NOT NULL PRIMARY KEY,
    kind text   NOT NULL,
    ref  integer NOT NULL,
    hash blob  NOT NULL
);

CREATE TABLE outbox (
    id              integer      NOT NULL PRIMARY KEY,
    topic           text        NOT NULL,
    consultation_id integer      NOT NULL,
    ref             integer      NOT NULL,
    created_at      timestamp NOT NULL,
    sent_at         timestamp,
    attempts        integer      NOT NULL DEFAULT 0,
    next_at         timestamp NOT NULL,
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
