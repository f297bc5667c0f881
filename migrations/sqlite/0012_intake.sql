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

-- Where something came from that staff or an import took in.
CREATE TABLE submission_origins (
    consultation_id integer NOT NULL,
    submission_id   integer NOT NULL,
    file            text NOT NULL DEFAULT '',
    number          text NOT NULL DEFAULT '',
    posted_on       timestamp,
    PRIMARY KEY (consultation_id, submission_id)
);
CREATE INDEX submission_origins_number_idx ON submission_origins (consultation_id, number) WHERE number <> '';

-- What came attached, as named in the leaf.
CREATE TABLE submission_files (
    consultation_id integer NOT NULL,
    submission_id   integer NOT NULL,
    position        integer NOT NULL,
    attachment_id   integer NOT NULL,
    name            text NOT NULL,
    size            integer NOT NULL,
    sha256          text NOT NULL,
    PRIMARY KEY (consultation_id, submission_id, position)
);

-- The answers of a survey, as named in the leaf.
CREATE TABLE submission_answers (
    consultation_id integer NOT NULL,
    submission_id   integer NOT NULL,
    position        integer NOT NULL,
    question        text NOT NULL,
    answer          text NOT NULL,
    PRIMARY KEY (consultation_id, submission_id, position)
);

-- +goose Down
DROP TABLE submission_answers;
DROP TABLE submission_files;
DROP TABLE submission_origins;
ALTER TABLE comments DROP COLUMN redacted;
ALTER TABLE comments DROP COLUMN withheld;
DROP INDEX submissions_held_idx;
ALTER TABLE submissions DROP COLUMN held;
ALTER TABLE submissions DROP COLUMN late;
ALTER TABLE submissions DROP COLUMN entry;
