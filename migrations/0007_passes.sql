-- Passes: credentials without an account, each for one part of one mount, for a time.

CREATE TABLE pass (
    id TEXT PRIMARY KEY,
    -- SHA-256 of the secret, 64 hexadecimal digits; NULL once the pass is revoked.
    hash TEXT UNIQUE,
    -- Of the database when it was made (meta.epoch): a pass of an earlier one opens nothing.
    epoch TEXT NOT NULL,
    -- The mount whose rules count, and the identifier in the form that requests are brought into.
    mount TEXT NOT NULL,
    identifier TEXT NOT NULL,
    -- 1: for that identifier alone; 0: for what is below it, too.
    exact BIGINT NOT NULL,
    -- Bits of the conditions that it stands for, separated by commas; NULL: whatever is asked for.
    bits TEXT,
    -- How large an answer may be, in pixels; NULL: as large as the rule permits.
    max_px BIGINT,
    -- First second in which it no longer counts.
    expires BIGINT NOT NULL,
    -- How often its link can still be redeemed; NULL: any number of times, and its secret is a token, too.
    uses_left BIGINT,
    made BIGINT NOT NULL,
    -- The account of who made it; NULL: the command line.
    made_by TEXT,
    note TEXT NOT NULL,
    -- To the minute; NULL: never.
    last_used BIGINT,
    revoked BIGINT
);
CREATE INDEX pass_by_making ON pass (made, id);
CREATE INDEX pass_by_expiry ON pass (expires);
