-- Computers of reading rooms: an administrator makes one with a code, whoever sits at it types the code once.

CREATE TABLE device (
    id TEXT PRIMARY KEY,
    label TEXT NOT NULL,
    -- The condition it has; rows of access_condition are never deleted, so a dropped one stands in no import's way.
    bit BIGINT NOT NULL REFERENCES access_condition (bit),
    -- SHA-256 of the code, 64 hexadecimal digits; NULL once the code was used or the device revoked.
    code_hash TEXT UNIQUE,
    -- First second in which the code is no good any more; NULL with the code.
    code_expires BIGINT,
    made BIGINT NOT NULL,
    -- NULL: never.
    enrolled BIGINT,
    revoked BIGINT
);
