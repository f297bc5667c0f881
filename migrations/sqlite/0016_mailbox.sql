-- +goose Up
-- Mailboxes that are asked for mail. The password is sealed. lease_by and
-- lease_until say which process fetches: one at a time.
CREATE TABLE mail_accounts (
    id              integer   NOT NULL PRIMARY KEY,
    organisation_id integer   NOT NULL CONSTRAINT mail_accounts_organisation_id_fkey REFERENCES organisations (id),
    address         text      NOT NULL,
    host            text      NOT NULL,
    port            integer   NOT NULL,
    security        text      NOT NULL,
    username        text      NOT NULL,
    sealed          blob      NOT NULL,
    folder          text      NOT NULL DEFAULT 'INBOX',
    active          boolean   NOT NULL DEFAULT true,
    uid_validity    integer   NOT NULL DEFAULT 0,
    last_uid        integer   NOT NULL DEFAULT 0,
    lease_by        text      NOT NULL DEFAULT '',
    lease_until     timestamp,
    fetched_at      timestamp,
    failure         text      NOT NULL DEFAULT '',
    failure_detail  text      NOT NULL DEFAULT '',
    failing_since   timestamp,
    failures        integer   NOT NULL DEFAULT 0,
    next_at         timestamp NOT NULL,
    created_at      timestamp NOT NULL,
    updated_at      timestamp NOT NULL,
    version         integer   NOT NULL DEFAULT 1,
    CONSTRAINT mail_accounts_address_key UNIQUE (address)
);
CREATE INDEX mail_accounts_organisation_idx ON mail_accounts (organisation_id, id);

-- Addresses that stand for a consultation, besides box+slug@domain, which needs no row.
CREATE TABLE mail_addresses (
    address         text      NOT NULL PRIMARY KEY,
    organisation_id integer   NOT NULL CONSTRAINT mail_addresses_organisation_id_fkey REFERENCES organisations (id),
    account_id      integer   NOT NULL CONSTRAINT mail_addresses_account_id_fkey REFERENCES mail_accounts (id),
    consultation_id integer   NOT NULL CONSTRAINT mail_addresses_consultation_id_fkey REFERENCES consultations (id),
    created_at      timestamp NOT NULL
);
CREATE INDEX mail_addresses_consultation_idx ON mail_addresses (consultation_id);

-- Every mail that was fetched, once for each consultation that it was sent to
-- (0: none was found). What it says is sealed; the keys are blind.
CREATE TABLE mails (
    id              integer   NOT NULL PRIMARY KEY,
    organisation_id integer   NOT NULL CONSTRAINT mails_organisation_id_fkey REFERENCES organisations (id),
    account_id      integer   NOT NULL CONSTRAINT mails_account_id_fkey REFERENCES mail_accounts (id),
    consultation_id integer   NOT NULL,
    uid_validity    integer   NOT NULL,
    uid             integer   NOT NULL,
    message_key     blob      NOT NULL,
    content_key     blob      NOT NULL,
    sender_key      blob,
    received_at     timestamp NOT NULL,
    fetched_at      timestamp NOT NULL,
    size            integer   NOT NULL,
    state           text      NOT NULL,
    reason          text      NOT NULL DEFAULT '',
    submission_id   integer   NOT NULL DEFAULT 0,
    sealed          blob      NOT NULL,
    flagged         boolean   NOT NULL DEFAULT false,
    decided_by      text      NOT NULL DEFAULT '',
    decided_at      timestamp,
    version         integer   NOT NULL DEFAULT 1,
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
    mail_id integer NOT NULL PRIMARY KEY CONSTRAINT mail_originals_mail_id_fkey REFERENCES mails (id),
    sealed  blob    NOT NULL
);

-- +goose Down
DROP TABLE mail_originals;
DROP TABLE mails;
DROP TABLE mail_addresses;
DROP TABLE mail_accounts;
