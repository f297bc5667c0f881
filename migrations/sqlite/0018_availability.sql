-- +goose Up
-- Solutions of the proof of work that were handed in: each counts once, on whichever
-- node. Only a digest is kept, and only until the task would have lapsed anyway.
CREATE TABLE challenge_uses (
    digest     blob      NOT NULL PRIMARY KEY,
    expires_at timestamp NOT NULL
);
CREATE INDEX challenge_uses_expires_idx ON challenge_uses (expires_at);

-- How many requests the site slowed down, refused or held on a day, by kind. Figures
-- only: nothing tells whose they were.
CREATE TABLE guard_days (
    day   text    NOT NULL,
    kind  text    NOT NULL,
    count integer NOT NULL,
    PRIMARY KEY (day, kind)
);

-- One row for each run of a node: from its first sign of life to its latest.
CREATE TABLE heartbeats (
    id       integer   NOT NULL PRIMARY KEY,
    began_at timestamp NOT NULL,
    last_at  timestamp NOT NULL,
    beats    integer   NOT NULL
);
CREATE INDEX heartbeats_last_idx ON heartbeats (last_at);

-- When the site could not take anything in. cause is stopped, database, storage,
-- intake or reported; words and actor are of those that somebody reported.
CREATE TABLE outages (
    id          integer   NOT NULL PRIMARY KEY,
    cause       text      NOT NULL,
    began_at    timestamp NOT NULL,
    ended_at    timestamp NOT NULL,
    note        text      NOT NULL DEFAULT '',
    actor       text      NOT NULL DEFAULT '',
    recorded_at timestamp NOT NULL,
    CONSTRAINT outages_began_at_cause_key UNIQUE (began_at, cause)
);
CREATE INDEX outages_ended_idx ON outages (ended_at);

-- Work on the site that was announced beforehand, in both languages of the site.
CREATE TABLE maintenances (
    id           integer   NOT NULL PRIMARY KEY,
    begins_at    timestamp NOT NULL,
    ends_at      timestamp NOT NULL,
    note_zh      text      NOT NULL,
    note_en      text      NOT NULL,
    actor        text      NOT NULL,
    announced_at timestamp NOT NULL,
    cancelled_at timestamp
);

-- What an organisation answered to the proposal to make up for outages.
CREATE TABLE outage_answers (
    id              integer   NOT NULL PRIMARY KEY,
    organisation_id integer   NOT NULL,
    consultation_id integer   NOT NULL CONSTRAINT outage_answers_consultation_id_fkey REFERENCES consultations (id),
    answer          text      NOT NULL,
    lost            integer   NOT NULL,
    days            integer   NOT NULL,
    reason          text      NOT NULL DEFAULT '',
    actor           text      NOT NULL,
    at              timestamp NOT NULL
);
CREATE INDEX outage_answers_consultation_idx ON outage_answers (consultation_id);

-- +goose Down
DROP TABLE outage_answers;
DROP TABLE maintenances;
DROP TABLE outages;
DROP TABLE heartbeats;
DROP TABLE guard_days;
DROP TABLE challenge_uses;
