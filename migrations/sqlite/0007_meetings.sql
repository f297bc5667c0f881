-- +goose Up
-- Consultations that belong to a meeting: found by their address, never listed.
ALTER TABLE consultations ADD COLUMN unlisted boolean NOT NULL DEFAULT false;

CREATE TABLE meetings (
    id                    integer NOT NULL PRIMARY KEY,
    organisation_id       integer NOT NULL CONSTRAINT meetings_organisation_id_fkey REFERENCES organisations (id),
    slug                  text NOT NULL,
    lang                  text NOT NULL,
    title                 text NOT NULL,
    matter                text NOT NULL DEFAULT '',
    ask                   text NOT NULL DEFAULT '',
    description           text NOT NULL DEFAULT '',
    kind                  text NOT NULL,
    procedure             text NOT NULL DEFAULT '',
    rule_set              text NOT NULL DEFAULT '',
    about                 text NOT NULL DEFAULT '',
    about_id              integer NOT NULL DEFAULT 0,
    starts_at             timestamp NOT NULL,
    ends_at               timestamp NOT NULL,
    place                 text NOT NULL DEFAULT '',
    link                  text NOT NULL DEFAULT '',
    access                text NOT NULL DEFAULT '',
    contact               text NOT NULL DEFAULT '',
    seats                 integer NOT NULL DEFAULT 0,
    categories            text NOT NULL DEFAULT '[]',
    quotas                text NOT NULL DEFAULT '[]',
    questions             text NOT NULL DEFAULT '[]',
    districts             text NOT NULL DEFAULT '[]',
    demands               text NOT NULL DEFAULT '[]',
    sides                 boolean NOT NULL DEFAULT false,
    observers             integer NOT NULL DEFAULT 0,
    open_to               text NOT NULL DEFAULT 'all',
    account_needed        boolean NOT NULL DEFAULT false,
    conditions            text NOT NULL DEFAULT '',
    duties                text NOT NULL DEFAULT '',
    privacy               text NOT NULL DEFAULT '',
    undertaking           text NOT NULL DEFAULT '',
    opens_at              timestamp,
    closes_at             timestamp,
    first_closes_at       timestamp,
    answer_by             timestamp,
    papers_at             timestamp,
    forget_at             timestamp,
    method                text NOT NULL DEFAULT '',
    households            boolean NOT NULL DEFAULT false,
    units                 boolean NOT NULL DEFAULT false,
    invited_at_most       integer NOT NULL DEFAULT 0,
    invited_within_months integer NOT NULL DEFAULT 0,
    exclude_conflict      boolean NOT NULL DEFAULT false,
    panels                integer NOT NULL DEFAULT 0,
    seed                  text NOT NULL DEFAULT '{}',
    minutes_each          integer NOT NULL DEFAULT 0,
    short_reason          text NOT NULL DEFAULT '',
    first_starts_at       timestamp,
    state                 text NOT NULL,
    author                text NOT NULL,
    contributors          text NOT NULL DEFAULT '[]',
    submitted_by          text NOT NULL DEFAULT '',
    approved_by           text NOT NULL DEFAULT '',
    approved_at           timestamp,
    account_by            text NOT NULL DEFAULT '',
    published_at          timestamp,
    cancelled_at          timestamp,
    note                  text NOT NULL DEFAULT '',
    rules_text            text NOT NULL DEFAULT '',
    rules_digest          text NOT NULL DEFAULT '',
    consultation_id       integer NOT NULL DEFAULT 0,
    imported_id           text NOT NULL DEFAULT '',
    topic                 text NOT NULL DEFAULT '',
    district              text NOT NULL DEFAULT '',
    attended              integer NOT NULL DEFAULT 0,
    proposals             integer NOT NULL DEFAULT 0,
    interventions         integer NOT NULL DEFAULT 0,
    source                text NOT NULL DEFAULT '',
    created_at            timestamp NOT NULL,
    updated_at            timestamp NOT NULL,
    version               integer NOT NULL DEFAULT 1,
    CONSTRAINT meetings_slug_key UNIQUE (slug)
);
CREATE INDEX meetings_organisation_idx ON meetings (organisation_id, id);
CREATE INDEX meetings_starts_idx ON meetings (starts_at, id);
CREATE INDEX meetings_forget_idx ON meetings (forget_at) WHERE forget_at IS NOT NULL;
CREATE UNIQUE INDEX meetings_imported_idx ON meetings (organisation_id, imported_id) WHERE imported_id <> '';

-- What happened to a meeting; detail is JSON: old and new dates, a corrected quota.
CREATE TABLE meeting_events (
    meeting_id integer NOT NULL CONSTRAINT meeting_events_meeting_id_fkey REFERENCES meetings (id),
    id         integer NOT NULL,
    event      text NOT NULL,
    from_state text NOT NULL,
    to_state   text NOT NULL,
    actor      text NOT NULL,
    actor_name text NOT NULL,
    note       text NOT NULL DEFAULT '',
    detail     text NOT NULL DEFAULT '',
    at         timestamp NOT NULL,
    PRIMARY KEY (meeting_id, id)
);

CREATE TABLE meeting_sessions (
    meeting_id integer NOT NULL CONSTRAINT meeting_sessions_meeting_id_fkey REFERENCES meetings (id),
    id         integer NOT NULL,
    position   integer NOT NULL,
    name       text NOT NULL,
    starts_at  timestamp NOT NULL,
    ends_at    timestamp NOT NULL,
    capacity   integer NOT NULL,
    group_most integer NOT NULL DEFAULT 1,
    PRIMARY KEY (meeting_id, id)
);

-- Kept in the transaction of what they count. part is '' for the whole meeting, a
-- category, 'side:' with a side, 'session:' with a session.
CREATE TABLE meeting_counters (
    meeting_id integer NOT NULL CONSTRAINT meeting_counters_meeting_id_fkey REFERENCES meetings (id),
    part       text NOT NULL,
    applied    integer NOT NULL DEFAULT 0,
    seated     integer NOT NULL DEFAULT 0,
    waiting    integer NOT NULL DEFAULT 0,
    numbered   integer NOT NULL DEFAULT 0,
    PRIMARY KEY (meeting_id, part)
);

-- Whom a call for named persons names: a blind index of a contact.
CREATE TABLE meeting_named (
    meeting_id   integer NOT NULL CONSTRAINT meeting_named_meeting_id_fkey REFERENCES meetings (id),
    person_index blob NOT NULL,
    added_by     text NOT NULL,
    added_at     timestamp NOT NULL,
    PRIMARY KEY (meeting_id, person_index)
);

CREATE TABLE agenda_items (
    meeting_id      integer NOT NULL CONSTRAINT agenda_items_meeting_id_fkey REFERENCES meetings (id),
    id              integer NOT NULL,
    position        integer NOT NULL,
    title           text NOT NULL,
    text            text NOT NULL DEFAULT '',
    reporter        text NOT NULL DEFAULT '',
    minutes         integer NOT NULL DEFAULT 0,
    attended        boolean NOT NULL DEFAULT true,
    consultation    text NOT NULL DEFAULT '',
    consultation_id integer NOT NULL DEFAULT 0,
    suggestions     text NOT NULL DEFAULT '[]',
    matter          text NOT NULL DEFAULT '',
    state           text NOT NULL,
    result          text NOT NULL DEFAULT '',
    result_note     text NOT NULL DEFAULT '',
    moved_to        integer NOT NULL DEFAULT 0,
    moved_from      integer NOT NULL DEFAULT 0,
    note            text NOT NULL DEFAULT '',
    version         integer NOT NULL DEFAULT 1,
    PRIMARY KEY (meeting_id, id)
);

CREATE TABLE application_numbers (
    year  integer NOT NULL PRIMARY KEY,
    value integer NOT NULL
);

CREATE TABLE applications (
    meeting_id        integer NOT NULL CONSTRAINT applications_meeting_id_fkey REFERENCES meetings (id),
    id                integer NOT NULL,
    reference         text NOT NULL,
    number            integer NOT NULL,
    label             text NOT NULL,
    category          text NOT NULL DEFAULT '',
    side              text NOT NULL DEFAULT '',
    sex               text NOT NULL DEFAULT '',
    age_band          text NOT NULL DEFAULT '',
    district          text NOT NULL DEFAULT '',
    answers           text NOT NULL DEFAULT '{}',
    household         blob,
    unit              blob,
    conflict          boolean NOT NULL DEFAULT false,
    publish_name      boolean NOT NULL DEFAULT false,
    state             text NOT NULL,
    rank              integer NOT NULL DEFAULT 0,
    reason            text NOT NULL DEFAULT '',
    nominated         boolean NOT NULL DEFAULT false,
    vetted_by         text NOT NULL DEFAULT '',
    account           integer NOT NULL DEFAULT 0,
    representative    integer NOT NULL DEFAULT 0,
    session           integer NOT NULL DEFAULT 0,
    party             integer NOT NULL DEFAULT 1,
    items             text NOT NULL DEFAULT '[]',
    carried_from      integer NOT NULL DEFAULT 0,
    carried_to        integer NOT NULL DEFAULT 0,
    channel           text NOT NULL,
    entered_by        text NOT NULL DEFAULT '',
    lang              text NOT NULL,
    idempotency_key   text NOT NULL,
    body_hash         blob NOT NULL,
    applied_at        timestamp NOT NULL,
    updated_at        timestamp NOT NULL,
    erased            boolean NOT NULL DEFAULT false,
    version           integer NOT NULL DEFAULT 1,
    PRIMARY KEY (meeting_id, id),
    CONSTRAINT applications_reference_key UNIQUE (reference),
    CONSTRAINT applications_number_key UNIQUE (meeting_id, number),
    CONSTRAINT applications_idempotency_key_key UNIQUE (meeting_id, idempotency_key)
);
CREATE INDEX applications_state_idx ON applications (meeting_id, state, number);
CREATE INDEX applications_account_idx ON applications (account) WHERE account <> 0;
CREATE INDEX applications_representative_idx ON applications (representative) WHERE representative <> 0;

-- Name, contact and reasons of an applicant, sealed; erased on schedule. One
-- application a person: the index is empty once it was withdrawn or erased.
CREATE TABLE applicants (
    meeting_id     integer NOT NULL,
    application_id integer NOT NULL,
    sealed         blob NOT NULL,
    person_index   blob,
    id_index       blob,
    PRIMARY KEY (meeting_id, application_id),
    CONSTRAINT applicants_application_id_fkey FOREIGN KEY (meeting_id, application_id) REFERENCES applications (meeting_id, id),
    CONSTRAINT applicants_person_key UNIQUE (meeting_id, person_index),
    CONSTRAINT applicants_id_key UNIQUE (meeting_id, id_index)
);

CREATE INDEX audit_entries_object_idx ON audit_entries (object, object_id, id) WHERE action <> 'receive';

-- +goose Down
DROP INDEX audit_entries_object_idx;
DROP TABLE applicants;
DROP TABLE applications;
DROP TABLE application_numbers;
DROP TABLE agenda_items;
DROP TABLE meeting_named;
DROP TABLE meeting_counters;
DROP TABLE meeting_sessions;
DROP TABLE meeting_events;
DROP TABLE meetings;
ALTER TABLE consultations DROP COLUMN unlisted;
