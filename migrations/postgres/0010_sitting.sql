-- +goose Up
-- What happened on the day, as devices noted it. The content is sealed: it holds
-- who came, and words that nobody has confirmed yet. refused says why an act does
-- not count; it is kept all the same.
CREATE TABLE sitting_acts (
    meeting_id  bigint      NOT NULL CONSTRAINT sitting_acts_meeting_id_fkey REFERENCES meetings (id),
    id          text        NOT NULL,
    seq         bigint      NOT NULL,
    kind        text        NOT NULL,
    device      text        NOT NULL,
    actor       text        NOT NULL,
    at          timestamptz NOT NULL,
    told_at     timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    sealed      bytea       NOT NULL,
    refused     text        NOT NULL DEFAULT '',
    PRIMARY KEY (meeting_id, id)
);

-- A confirmed wording and the submission that it became. digest is of the words:
-- the same words of the same person are one statement, from whichever device.
CREATE TABLE sitting_statements (
    meeting_id     bigint      NOT NULL CONSTRAINT sitting_statements_meeting_id_fkey REFERENCES meetings (id),
    application_id bigint      NOT NULL,
    item_id        bigint      NOT NULL,
    digest         text        NOT NULL,
    entry          text        NOT NULL,
    act            text        NOT NULL,
    way            text        NOT NULL,
    submission_id  bigint      NOT NULL,
    receipt        text        NOT NULL,
    signed_at      timestamptz NOT NULL,
    told_at        timestamptz,
    PRIMARY KEY (meeting_id, application_id, item_id, digest)
);
CREATE INDEX sitting_statements_submission_idx ON sitting_statements (submission_id);

-- One-purpose links, found by their hash and sealed, so that a letter can hold one.
-- purpose is sign or feedback. A used
-- feedback link says nothing of when, so that no answer can be laid to it.
CREATE TABLE sitting_links (
    meeting_id     bigint      NOT NULL CONSTRAINT sitting_links_meeting_id_fkey REFERENCES meetings (id),
    purpose        text        NOT NULL,
    token_hash     bytea       NOT NULL,
    sealed         bytea       NOT NULL,
    application_id bigint      NOT NULL,
    entry          text        NOT NULL DEFAULT '',
    ends_at        timestamptz NOT NULL,
    used           boolean     NOT NULL DEFAULT false,
    PRIMARY KEY (meeting_id, token_hash),
    CONSTRAINT sitting_links_token_hash_key UNIQUE (token_hash)
);

CREATE TABLE sitting_files (
    meeting_id bigint      NOT NULL CONSTRAINT sitting_files_meeting_id_fkey REFERENCES meetings (id),
    id         bigint      NOT NULL,
    entry      text        NOT NULL,
    name       text        NOT NULL,
    media_type text        NOT NULL,
    size       bigint      NOT NULL,
    sealed     bytea       NOT NULL,
    added_by   text        NOT NULL,
    added_at   timestamptz NOT NULL,
    PRIMARY KEY (meeting_id, id)
);

-- The public account. content is what was published, taken from the record at that
-- moment; before, the account is worked out each time.
CREATE TABLE sitting_accounts (
    meeting_id   bigint      NOT NULL PRIMARY KEY CONSTRAINT sitting_accounts_meeting_id_fkey REFERENCES meetings (id),
    lead         text        NOT NULL DEFAULT '',
    hidden       text        NOT NULL DEFAULT '{}',
    content      text        NOT NULL DEFAULT '',
    author       text        NOT NULL,
    updated_at   timestamptz NOT NULL,
    published_at timestamptz,
    version      bigint      NOT NULL DEFAULT 1
);

-- Internal minutes (会议纪要). They stay internal unless a basis for publishing was
-- recorded by one person and agreed to by another.
CREATE TABLE sitting_minutes (
    meeting_id bigint      NOT NULL PRIMARY KEY CONSTRAINT sitting_minutes_meeting_id_fkey REFERENCES meetings (id),
    sealed     bytea       NOT NULL,
    author     text        NOT NULL,
    updated_at timestamptz NOT NULL,
    basis      text        NOT NULL DEFAULT '',
    basis_by   text        NOT NULL DEFAULT '',
    agreed_by  text        NOT NULL DEFAULT '',
    agreed_at  timestamptz,
    version    bigint      NOT NULL DEFAULT 1
);

-- Answers on the meeting, apart from who gave them and when; id is random.
CREATE TABLE sitting_feedback (
    meeting_id bigint NOT NULL CONSTRAINT sitting_feedback_meeting_id_fkey REFERENCES meetings (id),
    id         bigint NOT NULL,
    heard      bigint NOT NULL,
    prepared   bigint NOT NULL,
    again      bigint NOT NULL,
    PRIMARY KEY (meeting_id, id)
);

-- +goose Down
DROP TABLE sitting_feedback;
DROP TABLE sitting_minutes;
DROP TABLE sitting_accounts;
DROP TABLE sitting_files;
DROP TABLE sitting_links;
DROP TABLE sitting_statements;
DROP TABLE sitting_acts;
