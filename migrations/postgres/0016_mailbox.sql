-- +goose Up
-- Mailboxes that are asked for mail. The password is sealed. lease_by and
-- lease_until say which process fetches: one at a time.
CREATE TABLE mail_accounts (
    id              bigint    NOT NULL PRIMARY KEY,
    organisation_id bigint    NOT NULL CONSTRAINT mail_accounts_organisation_id_fkey REFERENCES organisations (id),
    address         text      NOT NULL,
    host            text      NOT NULL,
    port            bigint    NOT NULL,
    security        text      NOT NULL,
    username        text      NOT NULL,
    sealed          bytea      NOT NULL,
    folder          text      NOT NULL DEFAULT 'INBOX',
    active          boolean   NOT NULL DEFAULT true,
    uid_validity    bigint    NOT NULL DEFAULT 0,
    last_uid        bigint    NOT NULL DEFAULT 0,
    lease_by        text      NOT NULL DEFAULT '',
    lease_until     timestamptz,
    fetched_at      timestamptz,
    failure         text      NOT NULL DEFAULT '',
    failure_detail  text      NOT NULL DEFAULT '',
    failing_since   timestamptz,
    failures        bigint    NOT NULL DEFAULT 0,
    next_at         timestamptz NOT NULL,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    version         bigint    NOT NULL DEFAULT 1,
    CONSTRAINT mail_accounts_address_key UNIQUE (address)
);
CREATE INDEX mail_accounts_organisation_idx ON mail_accounts (organisation_id, id);

-- Addresses that stand for a consultation, besides box+slug@domain, which needs no row.
CREATE TABLE mail_addresses (
    address         text      NOT NULL PRIMARY KEY,
    organisation_id bigint    NOT NULL CONSTRAINT mail_addresses_organisation_id_fkey REFERENCES organisations (id),
    account_id      bigint    NOT NULL CONSTRAINT mail_addresses_account_id_fkey REFERENCES mail_accounts (id),
    consultation_id bigint    NOT NULL CONSTRAINT mail_addresses_consultation_id_fkey REFERENCES consultations (id),
    created_at      timestamptz NOT NULL
);
CREATE INDEX mail_addresses_consultation_idx ON mail_addresses (consultation_id);

-- Every mail that was fetched, once for each consultation that it was sent to
-- (0: none was found). What it says is sealed; the keys are blind.
CREATE TABLE mails (
    id              bigint    NOT NULL PRIMARY KEY,
    organisation_id bigint    NOT NULL CONSTRAINT mails_organisation_id_fkey REFERENCES organisations (id),
    account_id      bigint    NOT NULL CONSTRAINT mails_account_id_fkey REFERENCES mail_accounts (id),
    consultation_id bigint    NOT NULL,
    uid_validity    bigint    NOT NULL,
    uid             bigint    NOT NULL,
    message_key     bytea      NOT NULL,
    content_key     bytea      NOT NULL,
    sender_key      bytea,
    received_at     timestamptz NOT NULL,
    fetched_at      timestamptz NOT NULL,
    size            bigint    NOT NULL,
    state           text      NOT NULL,
    reason          text      NOT NULL DEFAULT '',
    submission_id   bigint    NOT NULL DEFAULT 0,
    sealed          bytea      NOT NULL,
    flagged         boolean   NOT NULL DEFAULT false,
    decided_by      text      NOT NULL DEFAULT '',
    decided_at      timestamptz,
    version         bigint    NOT NULL DEFAULT 1,
    CONSTRAINT mails_place_key UNIQUE (account_id, uid_validity, uid, consultation_id)
);
CREATE INDEX mails_consultation_idx ON mails (consultation_id, state, id);
CREATE INDEX mails_organisation_idx ON mails (organisation_id, state, id);
CREATE INDEX mails_message_idx ON mails (message_key);
CREATE INDEX mails_sender_idx ON mails (sender_key, fetched_at);
CREATE INDEX mails_submission_idx ON mails (submission_id);
CREATE INDEX mails_unflagged_idx ON mails (account_id, uid) WHERE NOT flagged;

-- The mail byte for byte, compressed and sealed.
CREATE TABLE mail_originals (
    mail_id bigint NOT NULL PRIMARY KEY CONSTRAINT mail_originals_mail_id_fkey REFERENCES mails (id),
    sealed  bytea    NOT NULL
);

-- +goose Down
DROP TABLE mail_originals;
DROP TABLE mails;
DROP TABLE mail_addresses;
DROP TABLE mail_accounts;
