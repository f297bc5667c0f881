-- +goose Up
-- To whom an organisation passes petitions and accusations on.
CREATE TABLE referral_recipients (
    organisation_id integer NOT NULL,
    id              integer NOT NULL,
    name            text NOT NULL,
    address         text NOT NULL DEFAULT '',
    phone           text NOT NULL DEFAULT '',
    active          boolean NOT NULL DEFAULT true,
    version         integer NOT NULL DEFAULT 1,
    CONSTRAINT referral_recipients_key PRIMARY KEY (organisation_id, id)
);

-- A petition or accusation found among the submissions of a consultation. The
-- submission itself is not touched: it stays counted, gathered and answered.
-- recipient, address and phone are what they were when it was passed on.
CREATE TABLE referrals (
    consultation_id integer NOT NULL,
    id              integer NOT NULL,
    organisation_id integer NOT NULL,
    submission_id   integer NOT NULL,
    kind            text NOT NULL,
    reason          text NOT NULL DEFAULT '',
    note            text NOT NULL DEFAULT '',
    state           text NOT NULL,
    recipient       text NOT NULL DEFAULT '',
    address         text NOT NULL DEFAULT '',
    phone           text NOT NULL DEFAULT '',
    pass_due        timestamp,
    pass_rule       text NOT NULL DEFAULT '',
    answer_due      timestamp,
    answer_rule     text NOT NULL DEFAULT '',
    profile         text NOT NULL DEFAULT '',
    told            text NOT NULL DEFAULT '',
    told_at         timestamp,
    passed_at       timestamp,
    passed_by       text NOT NULL DEFAULT '',
    answer          text NOT NULL DEFAULT '',
    answered_at     timestamp,
    received_at     timestamp NOT NULL,
    recorded_by     text NOT NULL,
    recorded_at     timestamp NOT NULL,
    version         integer NOT NULL DEFAULT 1,
    CONSTRAINT referrals_key PRIMARY KEY (consultation_id, id)
);
CREATE INDEX referrals_submission_idx ON referrals (consultation_id, submission_id);
CREATE INDEX referrals_waiting_idx ON referrals (organisation_id, state);

-- +goose Down
DROP TABLE referrals;
DROP TABLE referral_recipients;
