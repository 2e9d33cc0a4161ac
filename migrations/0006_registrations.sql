-- Requests for an account are stored whatever the name: what a taken name leaves out would tell that it is taken, and
-- whoever asks first would keep a name from whoever it belongs to. Nothing has written to the table so far.
DROP TABLE registration;
CREATE TABLE registration (
    -- The account's, once it is approved.
    id TEXT PRIMARY KEY,
    username TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    message TEXT NOT NULL,
    asked BIGINT NOT NULL
);
CREATE INDEX registration_by_time ON registration (asked, id);
CREATE INDEX registration_by_name ON registration (username);
