-- +goose Up
-- What happened on the day, as devices noted it. The content is sealed: it holds
-- who came, and words that nobody has confirmed yet. refused says why an act does
-- not count; it is kept all the same.
CREATE TABLE sitting_acts (
    meeting_id  integer     NOT NULL CONSTRAINT sitting_acts_meeting_id_fkey REFERENCES meetings (id),
    id          text        NOT NULL,
    seq         integer     NOT NULL,
    kind        text        NOT NULL,
    device      text        NOT NULL,
    actor       text        NOT NULL,
    at          timestamp NOT NULL,
    told_at     timestamp NOT NULL,
    received_at timestamp NOT NULL,
    sealed      blob        NOT NULL,
    refused     text        NOT NULL DEFAULT '',
    PRIMARY KEY (meeting_id, id)
);

-- A confirmed wording and the submission that it became. digest is of the words:
-- the same words of the same person are one statement, from whichever device.
CREATE TABLE sitting_statements (
    meeting_id     integer     NOT NULL CONSTRAINT sitting_statements_meeting_id_fkey REFERENCES meetings (id),
    application_id integer     NOT NULL,
    item_id        integer     NOT NULL,
    digest         text        NOT NULL,
    entry          text        NOT NULL,
    act            text        NOT NULL,
    way            text        NOT NULL,
    submission_id  integer     NOT NULL,
    receipt        text        NOT NULL,
    signed_at      timestamp NOT NULL,
    told_at        timestamp,
    PRIMARY KEY (meeting_id, application_id, item_id, digest)
);
CREATE INDEX sitting_statements_submission_idx ON sitting_statements (submission_id);

-- One-purpose links, found by their hash and sealed, so that a letter can hold one.
-- purpose is sign or feedback. A used
-- feedback link says nothing of when, so that no answer can be laid to it.
CREATE TABLE sitting_links (
    meeting_id     integer     NOT NULL CONSTRAINT sitting_links_meeting_id_fkey REFERENCES meetings (id),
    purpose        text        NOT NULL,
    token_hash     blob        NOT NULL,
    sealed         blob        NOT NULL,
    application_id integer     NOT NULL,
    entry          text        NOT NULL DEFAULT '',
    ends_at        timestamp NOT NULL,
    used           boolean     NOT NULL DEFAULT false,
    PRIMARY KEY (meeting_id, token_hash),
    CONSTRAINT sitting_links_token_hash_key UNIQUE (token_hash)
);

CREATE TABLE sitting_files (
    meeting_id integer     NOT NULL CONSTRAINT sitting_files_meeting_id_fkey REFERENCES meetings (id),
    id         integer     NOT NULL,
    entry      text        NOT NULL,
    name       text        NOT NULL,
    media_type text        NOT NULL,
    size       integer     NOT NULL,
    sealed     blob        NOT NULL,
    added_by   text        NOT NULL,
    added_at   timestamp NOT NULL,
    PRIMARY KEY (meeting_id, id)
);

-- The public account. content is what was published, taken from the record at that
-- moment; before, the account is worked out each time.
CREATE TABLE sitting_accounts (
    meeting_id   integer     NOT NULL PRIMARY KEY CONSTRAINT sitting_accounts_meeting_id_fkey REFERENCES meetings (id),
    lead         text        NOT NULL DEFAULT '',
    hidden       text        NOT NULL DEFAULT '{}',
    content      text        NOT NULL DEFAULT '',
    author       text        NOT NULL,
    updated_at   timestamp NOT NULL,
    published_at timestamp,
    version      integer     NOT NULL DEFAULT 1
);

-- Internal minutes (会议纪要). They stay internal unless a basis for publishing was
-- recorded by one person and agreed to by another.
CREATE TABLE sitting_minutes (
    meeting_id integer     NOT NULL PRIMARY KEY CONSTRAINT sitting_minutes_meeting_id_fkey REFERENCES meetings (id),
    sealed     blob        NOT NULL,
    author     text        NOT NULL,
    updated_at timestamp NOT NULL,
    basis      text        NOT NULL DEFAULT '',
    basis_by   text        NOT NULL DEFAULT '',
    agreed_by  text        NOT NULL DEFAULT '',
    agreed_at  timestamp,
    version    integer     NOT NULL DEFAULT 1
);

-- Answers on the meeting, apart from who gave them and when; id is random.
CREATE TABLE sitting_feedback (
    meeting_id integer NOT NULL CONSTRAINT sitting_feedback_meeting_id_fkey REFERENCES meetings (id),
    id         integer NOT NULL,
    heard      integer NOT NULL,
    prepared   integer NOT NULL,
    again      integer NOT NULL,
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
