-- +goose Up
-- How much of what is typed from paper another person checks, in percent.
CREATE TABLE desk_settings (
    organisation_id integer  NOT NULL PRIMARY KEY CONSTRAINT desk_settings_organisation_id_fkey REFERENCES organisations (id),
    check_share     integer  NOT NULL DEFAULT 0,
    updated_by      text    NOT NULL,
    updated_at      timestamp NOT NULL
);

-- One sitting of a clerk over a pile of paper: what all of it has in common.
CREATE TABLE desk_batches (
    consultation_id integer  NOT NULL CONSTRAINT desk_batches_consultation_id_fkey REFERENCES consultations (id),
    id              integer  NOT NULL,
    way             text    NOT NULL,
    day             text    NOT NULL,
    title           text    NOT NULL DEFAULT '',
    clerk           text    NOT NULL,
    opened_at       timestamp NOT NULL,
    PRIMARY KEY (consultation_id, id)
);

-- What a clerk takes in for somebody. typists are the keys of all who typed any of it,
-- with spaces between and around. sealed holds all that was typed. An entry is
-- never deleted: it is taken (submission_id, receipt) or discarded (reason).
CREATE TABLE desk_entries (
    consultation_id integer  NOT NULL CONSTRAINT desk_entries_consultation_id_fkey REFERENCES consultations (id),
    id              integer  NOT NULL,
    organisation_id integer  NOT NULL,
    batch_id        integer  NOT NULL,
    key             text    NOT NULL,
    state           text    NOT NULL,
    way             text    NOT NULL,
    clerk           text    NOT NULL,
    typists         text    NOT NULL,
    sealed          blob    NOT NULL,
    points          integer  NOT NULL DEFAULT 0,
    signers         integer  NOT NULL DEFAULT 0,
    drawn           boolean NOT NULL DEFAULT false,
    late            boolean NOT NULL DEFAULT false,
    checked_by      text    NOT NULL DEFAULT '',
    checked_at      timestamp,
    corrected       boolean NOT NULL DEFAULT false,
    submission_id   integer  NOT NULL DEFAULT 0,
    receipt         text    NOT NULL DEFAULT '',
    reason          text    NOT NULL DEFAULT '',
    refused         text    NOT NULL DEFAULT '',
    corrects_id     integer  NOT NULL DEFAULT 0,
    created_at      timestamp NOT NULL,
    updated_at      timestamp NOT NULL,
    version         integer  NOT NULL DEFAULT 1,
    PRIMARY KEY (consultation_id, id),
    CONSTRAINT desk_entries_key_key UNIQUE (consultation_id, key)
);
CREATE INDEX desk_entries_batch_idx ON desk_entries (consultation_id, batch_id);
CREATE INDEX desk_entries_state_idx ON desk_entries (organisation_id, state);
CREATE INDEX desk_entries_submission_idx ON desk_entries (submission_id);

-- Every wording that counted, sealed, in order: what the clerk typed, what the
-- second person made of it, remarks made after it was taken.
CREATE TABLE desk_versions (
    consultation_id integer  NOT NULL,
    entry_id        integer  NOT NULL,
    seq             integer  NOT NULL,
    act             text    NOT NULL,
    actor           text    NOT NULL,
    at              timestamp NOT NULL,
    sealed          blob    NOT NULL,
    PRIMARY KEY (consultation_id, entry_id, seq),
    CONSTRAINT desk_versions_entry_fkey FOREIGN KEY (consultation_id, entry_id) REFERENCES desk_entries (consultation_id, id)
);

-- Scans and photographs of an entry.
CREATE TABLE desk_files (
    consultation_id integer  NOT NULL,
    entry_id        integer  NOT NULL,
    file_id         integer  NOT NULL,
    name            text    NOT NULL,
    media_type      text    NOT NULL,
    size            integer  NOT NULL,
    sha256          text    NOT NULL,
    PRIMARY KEY (consultation_id, entry_id, file_id),
    CONSTRAINT desk_files_entry_fkey FOREIGN KEY (consultation_id, entry_id) REFERENCES desk_entries (consultation_id, id)
);

-- By what the same letter is known again: blind indexes of who sent it (name,
-- phone, email) and of its words (text), checksums of its scans (file).
CREATE TABLE desk_marks (
    consultation_id integer NOT NULL,
    kind            text   NOT NULL,
    mark            blob   NOT NULL,
    entry_id        integer NOT NULL,
    PRIMARY KEY (consultation_id, kind, mark, entry_id),
    CONSTRAINT desk_marks_entry_fkey FOREIGN KEY (consultation_id, entry_id) REFERENCES desk_entries (consultation_id, id)
);

-- +goose Down
DROP TABLE desk_marks;
DROP TABLE desk_files;
DROP TABLE desk_versions;
DROP TABLE desk_entries;
DROP TABLE desk_batches;
DROP TABLE desk_settings;
