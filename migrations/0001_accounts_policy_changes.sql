-- One set of statements for SQLite and PostgreSQL: TEXT and BIGINT only, yes and no as 1 and 0,
-- no auto-increment, no dialect (docs/decisions/0001). Identities are 32 hexadecimal digits,
-- times are seconds since 1970-01-01 UTC.

-- One row. Every writer locks it first, so that change-log lines are committed in order.
CREATE TABLE meta (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    epoch TEXT NOT NULL,
    -- Number of the newest line of policy_change.
    sequence BIGINT NOT NULL,
    -- Time of the newest line of policy_change.
    latest BIGINT NOT NULL
);

CREATE TABLE account (
    id TEXT PRIMARY KEY,
    username TEXT NOT NULL UNIQUE,
    password_hash TEXT NOT NULL,
    generation BIGINT NOT NULL,
    active BIGINT NOT NULL,
    administrator BIGINT NOT NULL,
    created BIGINT NOT NULL,
    changed BIGINT NOT NULL
);

-- Rows are never deleted: a dropped condition only loses its position and document, so that its
-- bit, which old credentials carry, is never given to another name.
CREATE TABLE access_condition (
    bit BIGINT PRIMARY KEY CHECK (bit BETWEEN 0 AND 255),
    name TEXT NOT NULL UNIQUE,
    -- Place in the policy file; NULL: not written there.
    position BIGINT,
    document TEXT
);

INSERT INTO access_condition (bit, name) VALUES (0, 'open'), (1, 'closed');

CREATE TABLE account_condition (
    account TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    bit BIGINT NOT NULL REFERENCES access_condition (bit),
    PRIMARY KEY (account, bit)
);

CREATE TABLE rule (
    position BIGINT PRIMARY KEY,
    mount TEXT NOT NULL,
    identifier TEXT NOT NULL,
    -- 'prefix' or 'exact'
    matching TEXT NOT NULL,
    -- Bits of the conditions, as decimal numbers separated by commas.
    conditions TEXT NOT NULL,
    -- The whole rule as JSON; the columns before it are drawn from it.
    document TEXT NOT NULL
);

CREATE TABLE policy_test (
    position BIGINT PRIMARY KEY,
    document TEXT NOT NULL
);

CREATE TABLE ended_session (
    id TEXT PRIMARY KEY,
    -- When the last credential of the session has expired.
    expires BIGINT NOT NULL
);

CREATE TABLE policy_change (
    sequence BIGINT PRIMARY KEY,
    -- 'account', 'session' or 'policy'
    kind TEXT NOT NULL,
    -- The account's or the session's identity; empty for 'policy'.
    key TEXT NOT NULL,
    at BIGINT NOT NULL
);
