-- +goose Up
-- waiting: it is shown once somebody has decided so. masks: which characters of
-- words and wording the public does not read (JSON); redacted and redacted_proposed
-- are what it reads instead.
ALTER TABLE comments ADD COLUMN waiting boolean NOT NULL DEFAULT false;
ALTER TABLE comments ADD COLUMN masks text NOT NULL DEFAULT '';
ALTER TABLE comments ADD COLUMN redacted_proposed text NOT NULL DEFAULT '';
UPDATE comments SET waiting = true WHERE NOT public
    AND consultation_id IN (SELECT id FROM consultations WHERE comments_public = 'moderated');
CREATE INDEX comments_waiting_idx ON comments (consultation_id, submission_id) WHERE waiting AND NOT split;
CREATE INDEX comments_withheld_idx ON comments (consultation_id, submission_id) WHERE withheld <> '' AND NOT split;
CREATE INDEX comments_masked_idx ON comments (consultation_id, submission_id) WHERE masks <> '' AND NOT split;
CREATE INDEX submissions_withdrawn_idx ON submissions (consultation_id, id) WHERE state = 'withdrawn';

-- Whether the count of what has come is kept back while a consultation is open.
-- procedure: the profile that the consultation follows, which may forbid showing
-- comments at once; empty: none.
ALTER TABLE consultations ADD COLUMN hide_count boolean NOT NULL DEFAULT false;
ALTER TABLE consultations ADD COLUMN procedure text NOT NULL DEFAULT '';

-- How many submissions wait, are kept from the public in part, were withdrawn: kept
-- with the states that they count.
ALTER TABLE consultation_counters ADD COLUMN held integer NOT NULL DEFAULT 0;
ALTER TABLE consultation_counters ADD COLUMN withheld integer NOT NULL DEFAULT 0;
ALTER TABLE consultation_counters ADD COLUMN withdrawn integer NOT NULL DEFAULT 0;

-- What was done about showing a submission, by whom and why. before and after say
-- how it stood: from them an act is taken back.
CREATE TABLE moderation_events (
    consultation_id integer NOT NULL,
    id              integer NOT NULL,
    submission_id   integer NOT NULL,
    act             text NOT NULL,
    reason          text NOT NULL DEFAULT '',
    words           text NOT NULL DEFAULT '',
    actor           text NOT NULL,
    actor_name      text NOT NULL,
    before          text NOT NULL,
    after           text NOT NULL,
    undone          boolean NOT NULL DEFAULT false,
    at              timestamp NOT NULL,
    CONSTRAINT moderation_events_key PRIMARY KEY (consultation_id, id)
);
CREATE INDEX moderation_events_submission_idx ON moderation_events (consultation_id, submission_id, id);

-- Which submissions wait; consultation_id 0 holds for the whole organisation.
CREATE TABLE moderation_rules (
    organisation_id integer NOT NULL,
    consultation_id integer NOT NULL,
    rules           text NOT NULL,
    version         integer NOT NULL DEFAULT 1,
    updated_at      timestamp NOT NULL,
    CONSTRAINT moderation_rules_key PRIMARY KEY (organisation_id, consultation_id)
);

-- Somebody says that a submission under their name is not theirs. submission_id is
-- 0 while nobody knows which one is meant.
CREATE TABLE identity_reports (
    consultation_id integer NOT NULL,
    id              integer NOT NULL,
    organisation_id integer NOT NULL,
    submission_id   integer NOT NULL DEFAULT 0,
    number          text NOT NULL,
    quoted          text NOT NULL DEFAULT '',
    sealed          blob NOT NULL,
    lang            text NOT NULL,
    state           text NOT NULL,
    outcome         text NOT NULL DEFAULT '',
    decided_by      text NOT NULL DEFAULT '',
    decided_at      timestamp,
    told            text NOT NULL DEFAULT '',
    due_at          timestamp NOT NULL,
    created_at      timestamp NOT NULL,
    version         integer NOT NULL DEFAULT 1,
    CONSTRAINT identity_reports_key PRIMARY KEY (consultation_id, id),
    CONSTRAINT identity_reports_number_key UNIQUE (number)
);
CREATE INDEX identity_reports_open_idx ON identity_reports (organisation_id, due_at) WHERE state = 'open';

-- +goose Down
DROP TABLE identity_reports;
DROP TABLE moderation_rules;
DROP TABLE moderation_events;
ALTER TABLE consultation_counters DROP COLUMN withdrawn;
ALTER TABLE consultation_counters DROP COLUMN withheld;
ALTER TABLE consultation_counters DROP COLUMN held;
ALTER TABLE consultations DROP COLUMN procedure;
ALTER TABLE consultations DROP COLUMN hide_count;
DROP INDEX submissions_withdrawn_idx;
DROP INDEX comments_masked_idx;
DROP INDEX comments_withheld_idx;
DROP INDEX comments_waiting_idx;
ALTER TABLE comments DROP COLUMN redacted_proposed;
ALTER TABLE comments DROP COLUMN masks;
ALTER TABLE comments DROP COLUMN waiting;
