-- +goose Up
-- One row for each meeting whose pool was frozen: where the selection stands.
-- record is the full draw record (numbers and features, no names), public_record
-- what anyone may read of it; both are empty until the chances are computed.
CREATE TABLE selections (
    meeting_id      integer NOT NULL CONSTRAINT selections_meeting_id_fkey REFERENCES meetings (id),
    organisation_id integer NOT NULL CONSTRAINT selections_organisation_id_fkey REFERENCES organisations (id),
    method          text        NOT NULL,
    stage           text        NOT NULL,
    trivial         boolean     NOT NULL DEFAULT false,
    seats           integer      NOT NULL,
    people          integer      NOT NULL,
    excluded        integer      NOT NULL DEFAULT 0,
    panels          integer      NOT NULL DEFAULT 0,
    source          text        NOT NULL DEFAULT '{}',
    nonce           text        NOT NULL,
    conflicts       text        NOT NULL DEFAULT '[]',
    record          text        NOT NULL DEFAULT '',
    public_record   text        NOT NULL DEFAULT '',
    digest          text        NOT NULL DEFAULT '',
    frozen_by       text        NOT NULL,
    frozen_at       timestamp NOT NULL,
    computed_at     timestamp,
    published_by    text        NOT NULL DEFAULT '',
    published_at    timestamp,
    seed            text        NOT NULL DEFAULT '',
    seed_by         text        NOT NULL DEFAULT '',
    seed_by_name    text        NOT NULL DEFAULT '',
    seed_at         timestamp,
    result          text        NOT NULL DEFAULT '',
    drawn_by        text        NOT NULL DEFAULT '',
    drawn_at        timestamp,
    version         integer      NOT NULL DEFAULT 1,
    CONSTRAINT selections_pkey PRIMARY KEY (meeting_id)
);

-- The frozen pool. A person taken out carries the rule that did it. chance is in
-- billionths; on is how many of the panels the person sits on.
CREATE TABLE selection_people (
    meeting_id      integer NOT NULL CONSTRAINT selection_people_meeting_id_fkey REFERENCES selections (meeting_id),
    application_id  integer NOT NULL,
    label           text        NOT NULL,
    category        text        NOT NULL,
    features        text        NOT NULL,
    household       integer      NOT NULL DEFAULT 0,
    rule            text        NOT NULL DEFAULT '',
    chance          integer      NOT NULL DEFAULT 0,
    panels          integer      NOT NULL DEFAULT 0,
    place           text        NOT NULL DEFAULT '',
    rank            integer      NOT NULL DEFAULT 0,
    CONSTRAINT selection_people_pkey PRIMARY KEY (meeting_id, application_id),
    CONSTRAINT selection_people_label_key UNIQUE (meeting_id, label)
);

-- What is computed off the request: whether the quotas can be met at all, and the
-- chances. A worker that dies lets its claim run out, and another takes the job.
CREATE TABLE selection_jobs (
    meeting_id    integer NOT NULL CONSTRAINT selection_jobs_meeting_id_fkey REFERENCES meetings (id),
    id            integer NOT NULL,
    kind          text        NOT NULL,
    state         text        NOT NULL,
    level         integer      NOT NULL DEFAULT 0,
    fixed         integer      NOT NULL DEFAULT 0,
    people        integer      NOT NULL DEFAULT 0,
    attempts      integer      NOT NULL DEFAULT 0,
    claim         text        NOT NULL DEFAULT '',
    claimed_until timestamp,
    outcome       text        NOT NULL DEFAULT '',
    asked_by      text        NOT NULL,
    asked_at      timestamp NOT NULL,
    finished_at   timestamp,
    CONSTRAINT selection_jobs_pkey PRIMARY KEY (meeting_id, id)
);
CREATE INDEX selection_jobs_state_idx ON selection_jobs (state, id);

-- Several parties each promise a value before the panels are published and open
-- it afterwards; salt and value are empty until then.
CREATE TABLE selection_commitments (
    meeting_id   integer NOT NULL CONSTRAINT selection_commitments_meeting_id_fkey REFERENCES meetings (id),
    position     integer NOT NULL,
    party        text        NOT NULL,
    digest       text        NOT NULL,
    committed_at timestamp NOT NULL,
    salt         text        NOT NULL DEFAULT '',
    value        text        NOT NULL DEFAULT '',
    opened_at    timestamp,
    CONSTRAINT selection_commitments_pkey PRIMARY KEY (meeting_id, position),
    CONSTRAINT selection_commitments_party_key UNIQUE (meeting_id, party)
);

-- Named witnesses, who may read the full record with a personal token.
CREATE TABLE selection_witnesses (
    meeting_id integer NOT NULL CONSTRAINT selection_witnesses_meeting_id_fkey REFERENCES meetings (id),
    id         integer NOT NULL,
    name       text        NOT NULL,
    token_hash blob       NOT NULL,
    named_by   text        NOT NULL,
    named_at   timestamp NOT NULL,
    CONSTRAINT selection_witnesses_pkey PRIMARY KEY (meeting_id, id),
    CONSTRAINT selection_witnesses_token_key UNIQUE (token_hash)
);

CREATE TABLE selection_events (
    meeting_id integer NOT NULL CONSTRAINT selection_events_meeting_id_fkey REFERENCES meetings (id),
    id         integer NOT NULL,
    event      text        NOT NULL,
    actor      text        NOT NULL,
    actor_name text        NOT NULL,
    note       text        NOT NULL DEFAULT '',
    at         timestamp NOT NULL,
    CONSTRAINT selection_events_pkey PRIMARY KEY (meeting_id, id)
);

-- +goose Down
DROP TABLE selection_events;
DROP TABLE selection_witnesses;
DROP TABLE selection_commitments;
DROP TABLE selection_jobs;
DROP TABLE selection_people;
DROP TABLE selections;
