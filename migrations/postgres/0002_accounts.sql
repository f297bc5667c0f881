-- +goose Up
CREATE TABLE organisations (
    id             bigint      NOT NULL PRIMARY KEY,
    slug           text        NOT NULL,
    name           text        NOT NULL,
    lang           text        NOT NULL DEFAULT 'zh-CN',
    seal           text        NOT NULL DEFAULT '',
    accent         text        NOT NULL DEFAULT '',
    contact        text        NOT NULL DEFAULT '',
    site_code      text        NOT NULL DEFAULT '',
    signer_differs boolean     NOT NULL DEFAULT false,
    created_at     timestamptz NOT NULL,
    version        bigint      NOT NULL DEFAULT 1,
    CONSTRAINT organisations_slug_key UNIQUE (slug)
);

CREATE TABLE accounts (
    id            bigint      NOT NULL PRIMARY KEY,
    email         text        NOT NULL,
    name          text        NOT NULL,
    password_hash text        NOT NULL,
    disabled_at   timestamptz,
    created_at    timestamptz NOT NULL,
    version       bigint      NOT NULL DEFAULT 1,
    CONSTRAINT accounts_email_key UNIQUE (email)
);

-- organisation_id 0 is the site itself (operators).
CREATE TABLE grants (
    account_id      bigint      NOT NULL CONSTRAINT grants_account_id_fkey REFERENCES accounts (id),
    organisation_id bigint      NOT NULL,
    role            text        NOT NULL,
    created_at      timestamptz NOT NULL,
    PRIMARY KEY (account_id, organisation_id, role)
);
CREATE INDEX grants_organisation_idx ON grants (organisation_id, role);

CREATE TABLE sessions (
    token_hash bytea       NOT NULL PRIMARY KEY,
    account_id bigint      NOT NULL CONSTRAINT sessions_account_id_fkey REFERENCES accounts (id),
    created_at timestamptz NOT NULL,
    seen_at    timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX sessions_account_idx ON sessions (account_id);
CREATE INDEX sessions_expires_idx ON sessions (expires_at);

CREATE TABLE sign_in_failures (
    key     text        NOT NULL PRIMARY KEY,
    count   bigint      NOT NULL,
    last_at timestamptz NOT NULL
);

CREATE TABLE api_tokens (
    id              bigint      NOT NULL PRIMARY KEY,
    organisation_id bigint      NOT NULL CONSTRAINT api_tokens_organisation_id_fkey REFERENCES organisations (id),
    account_id      bigint               CONSTRAINT api_tokens_account_id_fkey REFERENCES accounts (id),
    name            text        NOT NULL,
    scopes          text        NOT NULL,
    hash            bytea       NOT NULL,
    created_at      timestamptz NOT NULL,
    revoked_at      timestamptz,
    CONSTRAINT api_tokens_hash_key UNIQUE (hash)
);
CREATE INDEX api_tokens_organisation_idx ON api_tokens (organisation_id);

CREATE TABLE attachments (
    id              bigint      NOT NULL PRIMARY KEY,
    organisation_id bigint      NOT NULL CONSTRAINT attachments_organisation_id_fkey REFERENCES organisations (id),
    owner           text        NOT NULL,
    owner_id        bigint      NOT NULL,
    title           text        NOT NULL,
    name            text        NOT NULL,
    lang            text        NOT NULL DEFAULT 'zh-CN',
    media_type      text        NOT NULL,
    size            bigint      NOT NULL,
    sha256          text        NOT NULL,
    created_at      timestamptz NOT NULL
);
CREATE INDEX attachments_owner_idx ON attachments (owner, owner_id, id);

-- +goose Down
DROP TABLE attachments;
DROP TABLE api_tokens;
DROP TABLE sign_in_failures;
DROP TABLE sessions;
DROP TABLE grants;
DROP TABLE accounts;
DROP TABLE organisations;
