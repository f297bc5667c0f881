-- +goose Up
CREATE TABLE consultations (
    id                bigint      NOT NULL PRIMARY KEY,
    organisation_id   bigint      NOT NULL CONSTRAINT consultations_organisation_id_fkey REFERENCES organisations (id),
    slug              text        NOT NULL,
    lang              text        NOT NULL DEFAULT 'zh-CN',
    title             text        NOT NULL,
    ask               text        NOT NULL DEFAULT '',
    background        text        NOT NULL DEFAULT '',
    explanation       text        NOT NULL DEFAULT '',
    changes           text        NOT NULL DEFAULT '',
    contact           text        NOT NULL DEFAULT '',
    privacy           text        NOT NULL DEFAULT '',
    channels          text        NOT NULL DEFAULT '[]',
    demands           text        NOT NULL DEFAULT '[]',
    demand_reason     text        NOT NULL DEFAULT '',
    comments_public   text        NOT NULL DEFAULT 'no',
    opens_at          timestamptz,
    closes_at         timestamptz,
    first_closes_at   timestamptz,
    answer_due        timestamptz,
    state             text        NOT NULL,
    author            text        NOT NULL,
    submitted_by      text        NOT NULL DEFAULT '',
    approved_by       text        NOT NULL DEFAULT '',
    approved_at       timestamptz,
    summary_by        text        NOT NULL DEFAULT '',
    published_at      timestamptz,
    withdrawn_at      timestamptz,
    note              text        NOT NULL DEFAULT '',
    period_reason     text        NOT NULL DEFAULT '',
    contributors      text        NOT NULL DEFAULT '[]',
    created_at        timestamptz NOT NULL,
    updated_at        timestamptz NOT NULL,
    version           bigint      NOT NULL DEFAULT 1,
    CONSTRAINT consultations_slug_key UNIQUE (slug)
);
CREATE INDEX consultations_organisation_idx ON consultations (organisation_id, id);
CREATE INDEX consultations_closes_idx ON consultations (closes_at) WHERE state = 'approved';
CREATE INDEX consultations_published_idx ON consultations (published_at) WHERE published_at IS NOT NULL;

-- What happened to a consultation; the clock's moments too, each once.
CREATE TABLE consultation_events (
    consultation_id bigint      NOT NULL CONSTRAINT consultation_events_consultation_id_fkey REFERENCES consultations (id),
    id              bigint      NOT NULL,
    event           text        NOT NULL,
    from_state      text        NOT NULL,
    to_state        text        NOT NULL,
    actor           text        NOT NULL,
    actor_name      text        NOT NULL,
    note            text        NOT NULL DEFAULT '',
    at              timestamptz NOT NULL,
    once            text,
    PRIMARY KEY (consultation_id, id),
    CONSTRAINT consultation_events_once_key UNIQUE (consultation_id, once)
);

-- Kept in the transaction of what they count, so that no page counts rows.
CREATE TABLE consultation_counters (
    consultation_id bigint NOT NULL PRIMARY KEY CONSTRAINT consultation_counters_consultation_id_fkey REFERENCES consultations (id),
    submissions     bigint NOT NULL DEFAULT 0,
    comments        bigint NOT NULL DEFAULT 0,
    gathered        bigint NOT NULL DEFAULT 0,
    suggestions     bigint NOT NULL DEFAULT 0,
    in_review       bigint NOT NULL DEFAULT 0,
    agreed          bigint NOT NULL DEFAULT 0
);

CREATE TABLE channel_counters (
    consultation_id bigint NOT NULL CONSTRAINT channel_counters_consultation_id_fkey REFERENCES consultations (id),
    channel         text   NOT NULL,
    submissions     bigint NOT NULL,
    PRIMARY KEY (consultation_id, channel)
);

CREATE TABLE provision_counters (
    consultation_id bigint NOT NULL CONSTRAINT provision_counters_consultation_id_fkey REFERENCES consultations (id),
    provision       text   NOT NULL,
    comments        bigint NOT NULL,
    public          bigint NOT NULL,
    PRIMARY KEY (consultation_id, provision)
);

-- number 1 is the draft first put out; a version with published_at never changes.
CREATE TABLE draft_versions (
    consultation_id bigint      NOT NULL CONSTRAINT draft_versions_consultation_id_fkey REFERENCES consultations (id),
    number          bigint      NOT NULL,
    kind            text        NOT NULL,
    title           text        NOT NULL,
    lang            text        NOT NULL,
    source_name     text        NOT NULL,
    source_format   text        NOT NULL,
    source          text        NOT NULL,
    published_at    timestamptz,
    created_at      timestamptz NOT NULL,
    version         bigint      NOT NULL DEFAULT 1,
    PRIMARY KEY (consultation_id, number)
);

CREATE TABLE provisions (
    consultation_id bigint NOT NULL,
    draft_version   bigint NOT NULL,
    position        bigint NOT NULL,
    key             text   NOT NULL,
    kind            text   NOT NULL,
    number          text   NOT NULL,
    heading         text   NOT NULL,
    text            text   NOT NULL,
    parent          text   NOT NULL,
    lang            text   NOT NULL,
    PRIMARY KEY (consultation_id, draft_version, position),
    CONSTRAINT provisions_key_key UNIQUE (consultation_id, draft_version, key),
    CONSTRAINT provisions_draft_version_fkey FOREIGN KEY (consultation_id, draft_version) REFERENCES draft_versions (consultation_id, number)
);

-- +goose Down
DROP TABLE provisions;
DROP TABLE draft_versions;
DROP TABLE provision_counters;
DROP TABLE channel_counters;
DROP TABLE consultation_counters;
DROP TABLE consultation_events;
DROP TABLE consultations;
