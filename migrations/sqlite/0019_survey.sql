-- +goose Up
-- The questionnaire of a consultation: its questions change only while the notice
-- is prepared, together, so that they are one value.
CREATE TABLE surveys (
    consultation_id    integer      NOT NULL PRIMARY KEY CONSTRAINT surveys_consultation_id_fkey REFERENCES consultations (id),
    title              text        NOT NULL DEFAULT '',
    title_other        text        NOT NULL DEFAULT '',
    introduction       text        NOT NULL DEFAULT '',
    introduction_other text        NOT NULL DEFAULT '',
    results            text        NOT NULL,
    questions          text        NOT NULL DEFAULT '[]',
    created_at         timestamp NOT NULL,
    updated_at         timestamp NOT NULL,
    version            integer      NOT NULL DEFAULT 1
);

-- What one response chose. Its words are comments of the submission, named by
-- their position, and stand nowhere a second time.
CREATE TABLE survey_responses (
    consultation_id integer      NOT NULL,
    submission_id   integer      NOT NULL,
    way             text        NOT NULL,
    submitter_kind  text        NOT NULL,
    lang            text        NOT NULL,
    answers         text        NOT NULL,
    received_at     timestamp NOT NULL,
    PRIMARY KEY (consultation_id, submission_id)
);

-- How many chose what. question '' counts responses, choice '' counts who answered
-- the question at all. Bounded by the questionnaire, not by its responses.
CREATE TABLE survey_counters (
    consultation_id integer NOT NULL,
    question        text   NOT NULL,
    choice          text   NOT NULL,
    way             text   NOT NULL,
    submitter_kind  text   NOT NULL,
    responses       integer NOT NULL,
    PRIMARY KEY (consultation_id, question, choice, way, submitter_kind)
);

-- +goose Down
DROP TABLE survey_counters;
DROP TABLE survey_responses;
DROP TABLE surveys;
