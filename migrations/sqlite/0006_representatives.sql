-- +goose Up
-- How an organisation keeps its pool of standing representatives. Districts and
-- fields are the lists to choose from, one a line.
CREATE TABLE representative_pools (
    organisation_id integer     NOT NULL PRIMARY KEY CONSTRAINT representative_pools_organisation_id_fkey REFERENCES organisations (id),
    open            boolean     NOT NULL DEFAULT false,
    lang            text        NOT NULL DEFAULT 'zh-CN',
    about           text        NOT NULL DEFAULT '',
    conditions      text        NOT NULL DEFAULT '',
    districts       text        NOT NULL DEFAULT '',
    fields          text        NOT NULL DEFAULT '',
    term_months     integer     NOT NULL DEFAULT 24,
    renew_days      integer     NOT NULL DEFAULT 60,
    forget_days     integer     NOT NULL DEFAULT 180,
    updated_at      timestamp NOT NULL,
    version         integer     NOT NULL DEFAULT 1
);

-- Categories of an organisation's own, beside those of the program.
CREATE TABLE representative_categories (
    organisation_id integer     NOT NULL CONSTRAINT representative_categories_organisation_id_fkey REFERENCES organisations (id),
    code            text        NOT NULL,
    name            text        NOT NULL,
    note            text        NOT NULL DEFAULT '',
    retired         boolean     NOT NULL DEFAULT false,
    created_at      timestamp NOT NULL,
    version         integer     NOT NULL DEFAULT 1,
    PRIMARY KEY (organisation_id, code)
);

CREATE TABLE representative_numbers (
    year integer NOT NULL PRIMARY KEY,
    last integer NOT NULL
);

-- person is a blind index of the contact while the membership lives, so that
-- nobody is in a pool twice; afterwards it says nothing. public_name is what is
-- shown, masked or not.
CREATE TABLE representatives (
    organisation_id   integer     NOT NULL CONSTRAINT representatives_organisation_id_fkey REFERENCES organisations (id),
    id                integer     NOT NULL,
    reference         text        NOT NULL,
    account_id        integer     NOT NULL DEFAULT 0,
    person            text        NOT NULL,
    idempotency_key   text        NOT NULL,
    body_hash         blob       NOT NULL,
    lang              text        NOT NULL,
    category          text        NOT NULL,
    district          text        NOT NULL DEFAULT '',
    conflict          boolean     NOT NULL DEFAULT false,
    public_name       text        NOT NULL DEFAULT '',
    name_public       boolean     NOT NULL DEFAULT false,
    state             text        NOT NULL,
    applied_at        timestamp NOT NULL,
    consented_at      timestamp NOT NULL,
    first_by          text        NOT NULL DEFAULT '',
    first_name        text        NOT NULL DEFAULT '',
    first_at          timestamp,
    first_admits      boolean     NOT NULL DEFAULT false,
    first_note        text        NOT NULL DEFAULT '',
    second_by         text        NOT NULL DEFAULT '',
    second_name       text        NOT NULL DEFAULT '',
    second_at         timestamp,
    reason            text        NOT NULL DEFAULT '',
    term_from         timestamp,
    term_until        timestamp,
    renewal_asked_at  timestamp,
    renewal_wanted_at timestamp,
    suspended_by      text        NOT NULL DEFAULT '',
    suspended_at      timestamp,
    suspended_for     text        NOT NULL DEFAULT '',
    appealed_at       timestamp,
    appeal_answer     text        NOT NULL DEFAULT '',
    answered_by       text        NOT NULL DEFAULT '',
    answered_at       timestamp,
    ended_at          timestamp,
    forget_at         timestamp,
    erased_at         timestamp,
    invited           integer     NOT NULL DEFAULT 0,
    came              integer     NOT NULL DEFAULT 0,
    version           integer     NOT NULL DEFAULT 1,
    PRIMARY KEY (organisation_id, id),
    CONSTRAINT representatives_id_key UNIQUE (id),
    CONSTRAINT representatives_reference_key UNIQUE (reference),
    CONSTRAINT representatives_person_key UNIQUE (organisation_id, person),
    CONSTRAINT representatives_idempotency_key UNIQUE (organisation_id, idempotency_key)
);
CREATE INDEX representatives_state_idx ON representatives (organisation_id, state, id);
CREATE INDEX representatives_account_idx ON representatives (account_id) WHERE account_id <> 0;
CREATE INDEX representatives_term_idx ON representatives (term_until) WHERE state = 'admitted' OR state = 'suspended';
CREATE INDEX representatives_forget_idx ON representatives (forget_at) WHERE forget_at IS NOT NULL AND erased_at IS NULL;

CREATE TABLE representative_fields (
    organisation_id   integer NOT NULL,
    representative_id integer NOT NULL,
    field             text   NOT NULL,
    PRIMARY KEY (organisation_id, representative_id, field),
    CONSTRAINT representative_fields_representative_id_fkey FOREIGN KEY (organisation_id, representative_id) REFERENCES representatives (organisation_id, id)
);

-- What is known of the person; the row goes when the contact is forgotten.
CREATE TABLE representative_people (
    organisation_id   integer NOT NULL,
    representative_id integer NOT NULL,
    sealed            blob  NOT NULL,
    email_index       blob,
    phone_index       blob,
    PRIMARY KEY (organisation_id, representative_id),
    CONSTRAINT representative_people_representative_id_fkey FOREIGN KEY (organisation_id, representative_id) REFERENCES representatives (organisation_id, id)
);
CREATE INDEX representative_people_email_idx ON representative_people (organisation_id, email_index) WHERE email_index IS NOT NULL;
CREATE INDEX representative_people_phone_idx ON representative_people (organisation_id, phone_index) WHERE phone_index IS NOT NULL;

-- Which meetings a representative was invited to, and to which they came.
CREATE TABLE representative_calls (
    organisation_id   integer     NOT NULL,
    representative_id integer     NOT NULL,
    meeting_id        integer     NOT NULL,
    invited_at        timestamp NOT NULL,
    came_at           timestamp,
    PRIMARY KEY (organisation_id, representative_id, meeting_id),
    CONSTRAINT representative_calls_representative_id_fkey FOREIGN KEY (organisation_id, representative_id) REFERENCES representatives (organisation_id, id)
);

CREATE TABLE representative_events (
    organisation_id   integer     NOT NULL,
    representative_id integer     NOT NULL,
    id                integer     NOT NULL,
    event             text        NOT NULL,
    actor             text        NOT NULL,
    actor_name        text        NOT NULL,
    note              text        NOT NULL DEFAULT '',
    at                timestamp NOT NULL,
    PRIMARY KEY (organisation_id, representative_id, id),
    CONSTRAINT representative_events_representative_id_fkey FOREIGN KEY (organisation_id, representative_id) REFERENCES representatives (organisation_id, id)
);

-- +goose Down
DROP TABLE representative_events;
DROP TABLE representative_calls;
DROP TABLE representative_people;
DROP TABLE representative_fields;
DROP TABLE representatives;
DROP TABLE representative_numbers;
DROP TABLE representative_categories;
DROP TABLE representative_pools;
