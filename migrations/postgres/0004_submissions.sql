-- +goose Up
-- No foreign keys from here on the intake's path: each costs a look-up per row at
-- the moment of greatest load; the audit of the whole database looks for orphans.
CREATE TABLE submissions (
    consultation_id bigint      NOT NULL,
    id              bigint      NOT NULL,
    receipt         text        NOT NULL,
    channel         text        NOT NULL,
    lang            text        NOT NULL,
    draft_version   bigint      NOT NULL,
    submitter_kind  text        NOT NULL,
    region          text        NOT NULL DEFAULT '',
    public_name     text        NOT NULL DEFAULT '',
    person          bigint      NOT NULL,
    state           text        NOT NULL,
    idempotency_key text        NOT NULL,
    body_hash       bytea       NOT NULL,
    salt            bytea       NOT NULL,
    leaf_hash       bytea       NOT NULL,
    entered_by      text        NOT NULL DEFAULT '',
    received_at     timestamptz NOT NULL,
    PRIMARY KEY (consultation_id, id),
    CONSTRAINT submissions_receipt_key UNIQUE (receipt),
    CONSTRAINT submissions_idempotency_key_key UNIQUE (consultation_id, idempotency_key)
);

-- A comment without parent is a part as received: its text is never changed. A
-- split makes children, which are spans (in code points) of that text. aimed_at is
-- what its sender chose and never changes; provision is where staff have it now.
CREATE TABLE comments (
    consultation_id bigint      NOT NULL,
    id              bigint      NOT NULL,
    submission_id   bigint      NOT NULL,
    position        bigint      NOT NULL,
    parent_id       bigint      NOT NULL DEFAULT 0,
    span_start      bigint      NOT NULL DEFAULT 0,
    span_end        bigint      NOT NULL DEFAULT 0,
    split           boolean     NOT NULL DEFAULT false,
    provision       text        NOT NULL,
    aimed_at        text        NOT NULL,
    text            text        NOT NULL,
    proposed_text   text        NOT NULL DEFAULT '',
    lang            text        NOT NULL,
    draft_version   bigint      NOT NULL,
    channel         text        NOT NULL,
    submitter_kind  text        NOT NULL,
    public_name     text        NOT NULL DEFAULT '',
    public          boolean     NOT NULL DEFAULT false,
    suggestion_id   bigint      NOT NULL DEFAULT 0,
    received_at     timestamptz NOT NULL,
    version         bigint      NOT NULL DEFAULT 1,
    PRIMARY KEY (consultation_id, id)
);
CREATE INDEX comments_submission_idx ON comments (consultation_id, submission_id);
CREATE INDEX comments_public_idx ON comments (consultation_id, id DESC) WHERE public AND NOT split;
CREATE INDEX comments_provision_idx ON comments (consultation_id, provision, id DESC) WHERE NOT split;
CREATE INDEX comments_open_idx ON comments (consultation_id, id) WHERE suggestion_id = 0 AND NOT split;
CREATE INDEX comments_suggestion_idx ON comments (consultation_id, suggestion_id, id) WHERE suggestion_id <> 0;

-- Name and contact of a sender, sealed, apart from what was said.
CREATE TABLE submitters (
    consultation_id bigint NOT NULL,
    submission_id   bigint NOT NULL,
    sealed          bytea  NOT NULL,
    email_index     bytea,
    phone_index     bytea,
    PRIMARY KEY (consultation_id, submission_id)
);
CREATE INDEX submitters_email_idx ON submitters (email_index) WHERE email_index IS NOT NULL;
CREATE INDEX submitters_phone_idx ON submitters (phone_index) WHERE phone_index IS NOT NULL;

-- Receipt numbers are handed out in blocks, one counter a year.
CREATE TABLE receipt_blocks (
    year  bigint NOT NULL PRIMARY KEY,
    value bigint NOT NULL
);

-- +goose Down
DROP TABLE receipt_blocks;
DROP TABLE submitters;
DROP TABLE comments;
DROP TABLE submissions;
