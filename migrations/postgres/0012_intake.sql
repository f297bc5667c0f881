-- +goose Up
-- entry: who entered it (sender, clerk, import, after: a clerk after the end);
-- empty for submissions of the first form of leaf. late: it came after the end.
-- held: why it waits for moderation.
ALTER TABLE submissions ADD COLUMN entry text NOT NULL DEFAULT '';
ALTER TABLE submissions ADD COLUMN late boolean NOT NULL DEFAULT false;
ALTER TABLE submissions ADD COLUMN held text NOT NULL DEFAULT '';
UPDATE submissions SET late = true WHERE received_at >= (SELECT closes_at FROM consultations c WHERE c.id = submissions.consultation_id);
CREATE INDEX submissions_held_idx ON submissions (consultation_id, id) WHERE held <> '';

-- withheld: why its words are not shown; the comment stays in every count.
-- redacted: what the public reads instead of the words.
ALTER TABLE comments ADD COLUMN withheld text NOT NULL DEFAULT '';
ALTER TABLE comments ADD COLUMN redacted text NOT NULL DEFAULT '';

-- import_id: the file with which it came, 0 for none.
ALTER TABLE submissions ADD COLUMN import_id bigint NOT NULL DEFAULT 0;

-- A file of submissions that was taken in, or is being taken in: all rows up to
-- line are settled. The same file under the same columns is the same import.
CREATE TABLE submission_imports (
    id              bigint NOT NULL,
    consultation_id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    channel         text NOT NULL,
    file            text NOT NULL,
    columns         text NOT NULL DEFAULT '',
    name            text NOT NULL DEFAULT '',
    attachment_id   bigint NOT NULL DEFAULT 0,
    state           text NOT NULL,
    line            bigint NOT NULL DEFAULT 0,
    taken           bigint NOT NULL DEFAULT 0,
    repeated        bigint NOT NULL DEFAULT 0,
    refused         bigint NOT NULL DEFAULT 0,
    started_by      text NOT NULL,
    failure         text NOT NULL DEFAULT '',
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    ended_at        timestamptz,
    CONSTRAINT submission_imports_key PRIMARY KEY (id),
    CONSTRAINT submission_imports_file_key UNIQUE (consultation_id, file, channel, columns)
);

-- Where something came from that staff took in.
CREATE TABLE submission_origins (
    consultation_id bigint NOT NULL,
    submission_id   bigint NOT NULL,
    number          text NOT NULL DEFAULT '',
    posted_on       timestamptz,
    PRIMARY KEY (consultation_id, submission_id)
);
CREATE INDEX submission_origins_number_idx ON submission_origins (consultation_id, number) WHERE number <> '';

-- What came attached, as named in the leaf.
CREATE TABLE submission_files (
    consultation_id bigint NOT NULL,
    submission_id   bigint NOT NULL,
    position        bigint NOT NULL,
    attachment_id   bigint NOT NULL,
    name            text NOT NULL,
    size            bigint NOT NULL,
    sha256          text NOT NULL,
    PRIMARY KEY (consultation_id, submission_id, position)
);

-- The answers of a survey, as named in the leaf.
CREATE TABLE submission_answers (
    consultation_id bigint NOT NULL,
    submission_id   bigint NOT NULL,
    position        bigint NOT NULL,
    question        text NOT NULL,
    answer          text NOT NULL,
    PRIMARY KEY (consultation_id, submission_id, position)
);

-- +goose Down
DROP TABLE submission_answers;
DROP TABLE submission_files;
DROP TABLE submission_origins;
DROP TABLE submission_imports;
ALTER TABLE submissions DROP COLUMN import_id;
ALTER TABLE comments DROP COLUMN redacted;
ALTER TABLE comments DROP COLUMN withheld;
DROP INDEX submissions_held_idx;
ALTER TABLE submissions DROP COLUMN held;
ALTER TABLE submissions DROP COLUMN late;
ALTER TABLE submissions DROP COLUMN entry;
