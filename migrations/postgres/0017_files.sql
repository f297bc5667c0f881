-- +goose Up
-- A file whose owner is 'upload' came before what it belongs to: whoever holds its
-- key may make it part of a submission to that consultation within a day. The hash
-- of the key stays, so that a request that is repeated finds the same file.
ALTER TABLE attachments ADD COLUMN consultation_id bigint NOT NULL DEFAULT 0;
ALTER TABLE attachments ADD COLUMN key_hash bytea;
-- A file of a submission is shown to the public only when moderation said so.
ALTER TABLE attachments ADD COLUMN public boolean NOT NULL DEFAULT false;
CREATE UNIQUE INDEX attachments_key_idx ON attachments (key_hash) WHERE key_hash IS NOT NULL;
CREATE INDEX attachments_sha256_idx ON attachments (sha256);
CREATE INDEX attachments_public_idx ON attachments (consultation_id, owner_id) WHERE public;

-- What is known of a content, once however many files have it: whether the virus
-- scanner let it pass ('' not asked yet, clean, infected), and the text in it
-- ('' not read yet, done, none, failed). scan_at and read_at are when the next try
-- is due; null: none is.
CREATE TABLE attachment_contents (
    sha256     text    NOT NULL PRIMARY KEY,
    media_type text    NOT NULL,
    scan       text    NOT NULL DEFAULT '',
    finding    text    NOT NULL DEFAULT '',
    scan_at    timestamptz,
    scan_tries bigint NOT NULL DEFAULT 0,
    reading    text    NOT NULL DEFAULT '',
    read_at    timestamptz,
    read_tries bigint NOT NULL DEFAULT 0,
    text       text    NOT NULL DEFAULT '',
    cut        boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL
);
CREATE INDEX attachment_contents_scan_idx ON attachment_contents (scan_at) WHERE scan_at IS NOT NULL;
CREATE INDEX attachment_contents_read_idx ON attachment_contents (read_at) WHERE read_at IS NOT NULL;

-- +goose Down
DROP TABLE attachment_contents;
DROP INDEX attachments_public_idx;
DROP INDEX attachments_sha256_idx;
DROP INDEX attachments_key_idx;
ALTER TABLE attachments DROP COLUMN public;
ALTER TABLE attachments DROP COLUMN key_hash;
ALTER TABLE attachments DROP COLUMN consultation_id;
