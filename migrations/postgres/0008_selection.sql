-- +goose Up
-- One row for each meeting whose pool was frozen: where the selection stands.
-- record is the full draw record (numbers and features, no names), public_record
-- what anyone may read of it; both are empty until the chances are computed.
CREATE TABLE selections (
    meeting_id      bigint NOT NULL CONSTRAINT selections_meeting_id_fkey REFERENCES meetings (id),
    organisation_id bigint NOT NULL CONSTRAINT selections_organisation_id_fkey REFERENCES organisations (id),
    method          text        NOT NULL,
    stage           text        NOT NULL,
    trivial         boolean     NOT NULL DEFAULT false,
    seats           bigint      NOT NULL,
    people          bigint      NOT NULL,
    excluded        bigint      NOT NULL DEFAULT 0,
    panels          bigint      NOT NULL DEFAULT 0,
    source          text        NOT NULL DEFAULT '{}',
    nonce           text        NOT NULL,
    conflicts       text        NOT NULL DEFAULT '[]',
    record          text        NOT NULL DEFAULT '',
    public_record   text        NOT NULL DEFAULT '',
    digest          text        NOT NULL DEFAULT '',
    frozen_by       text        NOT NULL,
    frozen_at       timestamptz NOT NULL,
    computed_at     timestamptz,
    published_by    text        NOT NULL DEFAULT '',
    published_at    timestamptz,
    seed            text        NOT NULL DEFAULT '',
    seed_by         text        NOT NULL DEFAULT '',
    seed_by_name    text        NOT NULL DEFAULT '',
    seed_at         timestamptz,
    result          text        NOT NULL DEFAULT '',
    drawn_by        text        NOT NULL DEFAULT '',
    drawn_at        timestamptz,
    version         bigint      NOT NULL DEFAULT 1,
    CONSTRAINT selections_pkey PRIMARY KEY (meeting_id)
);

-- The frozen pool. A person taken out carries the rule that did it. chance is in
-- billionths; on is how many of the panels the person sits on.
CREATE TABLE selection_people (
    meeting_id      bigint NOT NULL CONSTRAINT selection_people_meeting_id_fkey REFERENCES selections (meeting_id),
    application_id  bigint NOT NULL,
    label           text        NOT NULL,
    category        text        NOT NULL,
    features        text        NOT NULL,
    household       bigint      NOT NULL DEFAULT 0,
    rule            text        NOT NULL DEFAULT '',
    chance          bigint      NOT NULL DEFAULT 0,
    panels          bigint      NOT NULL DEFAULT 0,
    place           text        NOT NULL DEFAULT '',
    rank            bigint      NOT NULL DEFAULT 0,
    CONSTRAINT selection_people_pkey PRIMARY KEY (meeting_id, application_id),
    CONSTRAINT selection_people_label_key UNIQUE (meeting_id, label)
);

-- What is computed off the request: whether the quotas can be met at all, and the
-- chances. A worker that dies lets its claim run out, and another takes the job.
CREATE TABLE selection_jobs (
    meeting_id    bigint NOT NULL CONSTRAINT selection_jobs_meeting_id_fkey REFERENCES meetings (id),
    id            bigint NOT NULL,
    kind          text        NOT NULL,
    state         text        NOT NULL,
    level         bigint      NOT NULL DEFAULT 0,
    fixed         bigint      NOT NULL DEFAULT 0,
    people        bigint      NOT NULL DEFAULT 0,
    attempts      bigint      NOT NULL DEFAULT 0,
    claim         text        NOT NULL DEFAULT '',
    claimed_until timestamptz,
    outcome       text        NOT NULL DEFAULT '',
    asked_by      text        NOT NULL,
    asked_at      timestamptz NOT NULL,
    finished_at   timestamptz,
    CONSTRAINT selection_jobs_pkey PRIMARY KEY (meeting_id, id)
);
CREATE INDEX selection_jobs_state_idx ON selection_jobs (state, id);

-- Several parties each promise a value before the panels are published and open
-- it afterwards; salt and value are empty until then.
CREATE TABLE selection_commitments (
    meeting_id   bigint NOT NULL CONSTRAINT selection_commitments_meeting_id_fkey REFERENCES meetings (id),
    position     bigint NOT NULL,
    party        text        NOT NULL,
    digest       text        NOT NULL,
    committed_at timestamptz NOT NULL,
    salt         text        NOT NULL DEFAULT '',
    value        text        NOT NULL DEFAULT '',
    opened_at    timestamptz,
    CONSTRAINT selection_commitments_pkey PRIMARY KEY (meeting_id, position),
    CONSTRAINT selection_commitments_party_key UNIQUE (meeting_id, party)
);

-- Named witnesses, who may read the full record with a personal token.
CREATE TABLE selection_witnesses (
    meeting_id bigint NOT NULL CONSTRAINT selection_witnesses_meeting_id_fkey REFERENCES meetings (id),
    id         bigint NOT NULL,
    name       text        NOT NULL,
    token_hash bytea       NOT NULL,
    named_by   text        NOT NULL,
    named_at   timestamptz NOT NULL,
    CONSTRAINT selection_witnesses_pkey PRIMARY KEY (meeting_id, id),
    CONSTRAINT selection_witnesses_token_key UNIQUE (token_hash)
);

CREATE TABLE selection_events (
    meeting_id bigint NOT NULL CONSTRAINT selection_events_meeting_id_fkey REFERENCES meetings (id),
    id         bigint NOT NULL,
    event      text        NOT NULL,
    actor      text        NOT NULL,
    actor_name text        NOT NULL,
    note       text        NOT NULL DEFAULT '',
    at         timestamptz NOT NULL,
    CONSTRAINT selection_events_pkey PRIMARY KEY (meeting_id, id)
);

-- +goose Down
DROP TABLE selection_events;
DROP TABLE selection_witnesses;
DROP TABLE selection_commitments;
DROP TABLE selection_jobs;
DROP TABLE selection_people;
DROP TABLE selections;
