-- +goose Up
-- The outbox is the delivery log: one row a letter, person and way.
ALTER TABLE outbox ADD COLUMN organisation_id integer NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN way text NOT NULL DEFAULT 'mail';
ALTER TABLE outbox ADD COLUMN tried_at timestamp;
ALTER TABLE outbox ADD COLUMN given_up_at timestamp;
CREATE INDEX outbox_failed_idx ON outbox (id) WHERE sent_at IS NULL AND attempts > 0;
CREATE INDEX outbox_person_idx ON outbox (consultation_id, ref, id) WHERE organisation_id <> 0;

-- How far the inviting of a meeting has come.
CREATE TABLE invitation_rounds (
    meeting_id      integer      NOT NULL PRIMARY KEY,
    organisation_id integer      NOT NULL,
    invited_at      timestamp NOT NULL,
    invited_by      text        NOT NULL,
    places          integer      NOT NULL,
    papers_at       timestamp
);

-- One row a person asked. The link is kept twice: as a hash, by which it is
-- found, and sealed, so that a later letter can hold the same link.
CREATE TABLE invitations (
    meeting_id       integer      NOT NULL,
    application_id   integer      NOT NULL,
    organisation_id  integer      NOT NULL,
    round            integer      NOT NULL DEFAULT 1,
    called           text        NOT NULL,
    invited_at       timestamp NOT NULL,
    answer_by        timestamp NOT NULL,
    answer           text        NOT NULL DEFAULT '',
    answered_at      timestamp,
    answered_by      text        NOT NULL DEFAULT '',
    sealed_needs     blob,
    token_hash       blob       NOT NULL,
    sealed_token     blob,
    revoked_at       timestamp,
    undertaking_hash text        NOT NULL DEFAULT '',
    undertaken_at    timestamp,
    asked_again_at   timestamp,
    reminded_at      timestamp,
    version          integer      NOT NULL DEFAULT 1,
    PRIMARY KEY (meeting_id, application_id),
    CONSTRAINT invitations_token_hash_key UNIQUE (token_hash)
);
CREATE INDEX invitations_silent_idx ON invitations (answer_by) WHERE answer = '';
CREATE INDEX invitations_coming_idx ON invitations (meeting_id) WHERE answer = 'accepted' AND reminded_at IS NULL;

-- The words that were accepted, by their hash.
CREATE TABLE undertakings (
    meeting_id integer      NOT NULL,
    hash       text        NOT NULL,
    text       text        NOT NULL,
    created_at timestamp NOT NULL,
    PRIMARY KEY (meeting_id, hash)
);

-- Papers for those who come; the id is the attachment's.
CREATE TABLE papers (
    meeting_id   integer      NOT NULL,
    id           integer      NOT NULL,
    number       integer      NOT NULL,
    item         text        NOT NULL DEFAULT '',
    released_at  timestamp,
    released_by  text        NOT NULL DEFAULT '',
    created_at   timestamp NOT NULL,
    PRIMARY KEY (meeting_id, id)
);

CREATE TABLE paper_reads (
    meeting_id     integer      NOT NULL,
    application_id integer      NOT NULL,
    paper_id       integer      NOT NULL,
    first_at       timestamp NOT NULL,
    last_at        timestamp NOT NULL,
    times          integer      NOT NULL DEFAULT 1,
    PRIMARY KEY (meeting_id, application_id, paper_id)
);

-- +goose Down
DROP TABLE paper_reads;
DROP TABLE papers;
DROP TABLE undertakings;
DROP TABLE invitations;
DROP TABLE invitation_rounds;
DROP INDEX outbox_person_idx;
DROP INDEX outbox_failed_idx;
ALTER TABLE outbox DROP COLUMN given_up_at;
ALTER TABLE outbox DROP COLUMN tried_at;
ALTER TABLE outbox DROP COLUMN way;
ALTER TABLE outbox DROP COLUMN organisation_id;
