-- +goose Up
CREATE TABLE suggestions (
    consultation_id integer      NOT NULL CONSTRAINT suggestions_consultation_id_fkey REFERENCES consultations (id),
    id              integer      NOT NULL,
    number          integer      NOT NULL,
    text            text        NOT NULL,
    lang            text        NOT NULL,
    provision       text        NOT NULL DEFAULT '',
    state           text        NOT NULL,
    disposition     text        NOT NULL DEFAULT '',
    reason          text        NOT NULL DEFAULT '',
    reason_lang     text        NOT NULL DEFAULT 'zh-CN',
    note            text        NOT NULL DEFAULT '',
    author          text        NOT NULL,
    drafted_by      text        NOT NULL DEFAULT '',
    submitted_by    text        NOT NULL DEFAULT '',
    agreed_by       text        NOT NULL DEFAULT '',
    agreed_at       timestamp,
    comments        integer      NOT NULL DEFAULT 0,
    submissions     integer      NOT NULL DEFAULT 0,
    people          integer      NOT NULL DEFAULT 0,
    created_at      timestamp NOT NULL,
    updated_at      timestamp NOT NULL,
    version         integer      NOT NULL DEFAULT 1,
    PRIMARY KEY (consultation_id, id),
    CONSTRAINT suggestions_id_key UNIQUE (id),
    CONSTRAINT suggestions_number_key UNIQUE (consultation_id, number)
);
CREATE INDEX suggestions_state_idx ON suggestions (consultation_id, state, number);

CREATE TABLE suggestion_provisions (
    consultation_id integer NOT NULL,
    suggestion_id   integer NOT NULL,
    position        integer NOT NULL,
    provision       text   NOT NULL,
    PRIMARY KEY (consultation_id, suggestion_id, position),
    CONSTRAINT suggestion_provisions_suggestion_id_fkey FOREIGN KEY (consultation_id, suggestion_id) REFERENCES suggestions (consultation_id, id)
);

-- How many comments of which submission a suggestion holds: from it the letters and
-- people of a suggestion are kept without counting its comments again.
CREATE TABLE suggestion_senders (
    consultation_id integer NOT NULL,
    suggestion_id   integer NOT NULL,
    person          integer NOT NULL,
    submission_id   integer NOT NULL,
    comments        integer NOT NULL,
    PRIMARY KEY (consultation_id, suggestion_id, person, submission_id),
    CONSTRAINT suggestion_senders_suggestion_id_fkey FOREIGN KEY (consultation_id, suggestion_id) REFERENCES suggestions (consultation_id, id)
);

-- What was done to a suggestion and by whom: its history, and the source of the
-- rule that nobody reviews their own.
CREATE TABLE suggestion_events (
    consultation_id integer      NOT NULL,
    suggestion_id   integer      NOT NULL,
    id              integer      NOT NULL,
    event           text        NOT NULL,
    actor           text        NOT NULL,
    actor_name      text        NOT NULL,
    note            text        NOT NULL DEFAULT '',
    at              timestamp NOT NULL,
    PRIMARY KEY (consultation_id, suggestion_id, id),
    CONSTRAINT suggestion_events_suggestion_id_fkey FOREIGN KEY (consultation_id, suggestion_id) REFERENCES suggestions (consultation_id, id)
);

-- counts is the JSON that was published, taken from the records at that moment.
CREATE TABLE summaries (
    consultation_id integer      NOT NULL CONSTRAINT summaries_consultation_id_fkey REFERENCES consultations (id),
    number          integer      NOT NULL,
    counts          text        NOT NULL,
    submitted_by    text        NOT NULL,
    published_by    text        NOT NULL,
    published_at    timestamp NOT NULL,
    PRIMARY KEY (consultation_id, number)
);

-- +goose Down
DROP TABLE summaries;
DROP TABLE suggestion_events;
DROP TABLE suggestion_senders;
DROP TABLE suggestion_provisions;
DROP TABLE suggestions;
