-- +goose Up
-- How an organisation keeps its pool of standing representatives. Districts and
-- fields are the lists to choose from, one a line.
CREATE TABLE representative_pools (
    organisation_id bigint      NOT NULL PRIMARY KEY CONSTRAINT representative_pools_organisation_id_fkey REFERENCES organisations (id),
    open            boolean     NOT NULL DEFAULT false,
    lang            text        NOT NULL DEFAULT 'zh-CN',
    about           text        NOT NULL DEFAULT '',
    conditions      text        NOT NULL DEFAULT '',
    districts       text        NOT NULL DEFAULT '',
    fields          text        NOT NULL DEFAULT '',
    term_months     bigint      NOT NULL DEFAULT 24,
    renew_days      bigint      NOT NULL DEFAULT 60,
    forget_days     bigint      NOT NULL DEFAULT 180,
    updated_at      timestamptz NOT NULL,
    version         bigint      NOT NULL DEFAULT 1
);

-- Categories of an organisation's own, beside those of the program.
CREATE TABLE representative_categories (
    organisation_id bigint      NOT NULL CONSTRAINT representative_categories_organisation_id_fkey REFERENCES organisations (id),
    code            text        NOT NULL,
    name            text        NOT NULL,
    note            text        NOT NULL DEFAULT '',
    retired         boolean     NOT NULL DEFAULT false,
    created_at      timestamptz NOT NULL,
    version         bigint      NOT NULL DEFAULT 1,
    PRIMARY KEY (organisation_id, code)
);

CREATE TABLE representative_numbers (
    year bigint NOT NULL PRIMARY KEY,
    last bigint NOT NULL
);

-- person is a blind index of the contact while the membership lives, so that
-- nobody is in a pool twice; afterwards it says nothing. public_name is what is
-- shown, masked or not.
CREATE TABLE representatives (
    organisation_id   bigint      NOT NULL CONSTRAINT representatives_organisation_id_fkey REFERENCES organisations (id),
    id                bigint      NOT NULL,
    reference         text        NOT NULL,
    account_id        bigint      NOT NULL DEFAULT 0,
    person            text        NOT NULL,
    idempotency_key   text        NOT NULL,
    body_hash         bytea       NOT NULL,
    lang              text        NOT NULL,
    category          text        NOT NULL,
    district          text        NOT NULL DEFAULT '',
    conflict          boolean     NOT NULL DEFAULT false,
    public_name       text        NOT NULL DEFAULT '',
    name_public       boolean     NOT NULL DEFAULT false,
    state             text        NOT NULL,
    applied_at        timestamptz NOT NULL,
    consented_at      timestamptz NOT NULL,
    first_by          text        NOT NULL DEFAULT '',
    first_name        text        NOT NULL DEFAULT '',
    first_at          timestamptz,
    first_admits      boolean     NOT NULL DEFAULT false,
    first_note        text        NOT NULL DEFAULT '',
    second_by         text        NOT NULL DEFAULT '',
    second_name       text        NOT NULL DEFAULT '',
    second_at         timestamptz,
    reason            text        NOT NULL DEFAULT '',
    term_from         timestamptz,
    term_until        timestamptz,
    renewal_asked_at  timestamptz,
    renewal_wanted_at timestamptz,
    suspended_by      text        NOT NULL DEFAULT '',
    suspended_at      timestamptz,
    suspended_for     text        NOT NULL DEFAULT '',
    appealed_at       timestamptz,
    appeal_answer     text        NOT NULL DEFAULT '',
    answered_by       text        NOT NULL DEFAULT '',
    answered_at       timestamptz,
    ended_at          timestamptz,
    forget_at         timestamptz,
    erased_at         timestamptz,
    invited           bigint      NOT NULL DEFAULT 0,
    came              bigint      NOT NULL DEFAULT 0,
    version           bigint      NOT NULL DEFAULT 1,
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
    organisation_id   bigint NOT NULL,
    representative_id bigint NOT NULL,
    field             text   NOT NULL,
    PRIMARY KEY (organisation_id, representative_id, field),
    CONSTRAINT representative_fields_representative_id_fkey FOREIGN KEY (organisation_id, representative_id) REFERENCES representatives (organisation_id, id)
);

-- What is known of the person; the row goes when the contact is forgotten.
CREATE TABLE representative_people (
    organisation_id   bigint NOT NULL,
    representative_id bigint NOT NULL,
    sealed            bytea  NOT NULL,
    email_index       bytea,
    phone_index       bytea,
    PRIMARY KEY (organisation_id, representative_id),
    CONSTRAINT representative_people_representative_id_fkey FOREIGN KEY (organisation_id, representative_id) REFERENCES representatives (organisation_id, id)
);
CREATE INDEX representative_people_email_idx ON representative_people (organisation_id, email_index) WHERE email_index IS NOT NULL;
CREATE INDEX representative_people_phone_idx ON representative_people (organisation_id, phone_index) WHERE phone_index IS NOT NULL;

-- Which meetings a representative was invited to, and to which they came.
CREATE TABLE representative_calls (
    organisation_id   bigint      NOT NULL,
    representative_id bigint      NOT NULL,
    meeting_id        bigint      NOT NULL,
    invited_at        timestamptz NOT NULL,
    came_at           timestamptz,
    PRIMARY KEY (organisation_id, representative_id, meeting_id),
    CONSTRAINT representative_calls_representative_id_fkey FOREIGN KEY (organisation_id, representative_id) REFERENCES representatives (organisation_id, id)
);

CREATE TABLE representative_events (
    organisation_id   bigint      NOT NULL,
    representative_id bigint      NOT NULL,
    id                bigint      NOT NULL,
    event             text        NOT NULL,
    actor             text        NOT NULL,
    actor_name        text        NOT NULL,
    note              text        NOT NULL DEFAULT '',
    at                timestamptz NOT NULL,
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
