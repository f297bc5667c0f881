-- +goose Up
-- An uploaded table waits for its columns, is tried, and is then taken in by
-- whichever node holds it: until lease, in milliseconds since 1970. size: of the
-- uploaded file in bytes, 0 when none is kept. header: its column names as JSON.
-- tried: what the trial found, as JSON. seen: rows read by the present pass.
-- findings: of the last pass. halt: somebody asked it to stop.
ALTER TABLE submission_imports ADD COLUMN size integer NOT NULL DEFAULT 0;
ALTER TABLE submission_imports ADD COLUMN header text NOT NULL DEFAULT '';
ALTER TABLE submission_imports ADD COLUMN tried text NOT NULL DEFAULT '';
ALTER TABLE submission_imports ADD COLUMN seen integer NOT NULL DEFAULT 0;
ALTER TABLE submission_imports ADD COLUMN findings integer NOT NULL DEFAULT 0;
ALTER TABLE submission_imports ADD COLUMN halt boolean NOT NULL DEFAULT false;
ALTER TABLE submission_imports ADD COLUMN lease integer NOT NULL DEFAULT 0;
ALTER TABLE submission_imports DROP COLUMN attachment_id;

-- The file, sealed part by part: names and contacts are in it. It goes when all of
-- it is in.
CREATE TABLE submission_import_parts (
    import_id integer NOT NULL,
    position  integer NOT NULL,
    sealed    blob NOT NULL,
    PRIMARY KEY (import_id, position)
);

-- What stands against its rows; place: the column, from 1.
CREATE TABLE submission_import_findings (
    import_id integer NOT NULL,
    position  integer NOT NULL,
    line      integer NOT NULL,
    place     integer NOT NULL,
    name      text NOT NULL,
    code      text NOT NULL,
    args      text NOT NULL DEFAULT '',
    PRIMARY KEY (import_id, position)
);

-- Which field each column of a table stood for, for the next table with the same
-- columns; header: their SHA-256.
CREATE TABLE submission_import_columns (
    organisation_id integer NOT NULL,
    header          text NOT NULL,
    channel         text NOT NULL,
    columns         text NOT NULL,
    updated_at      timestamp NOT NULL,
    PRIMARY KEY (organisation_id, header)
);

-- +goose Down
DROP TABLE submission_import_columns;
DROP TABLE submission_import_findings;
DROP TABLE submission_import_parts;
ALTER TABLE submission_imports ADD COLUMN attachment_id integer NOT NULL DEFAULT 0;
ALTER TABLE submission_imports DROP COLUMN lease;
ALTER TABLE submission_imports DROP COLUMN halt;
ALTER TABLE submission_imports DROP COLUMN findings;
ALTER TABLE submission_imports DROP COLUMN seen;
ALTER TABLE submission_imports DROP COLUMN tried;
ALTER TABLE submission_imports DROP COLUMN header;
ALTER TABLE submission_imports DROP COLUMN size;
