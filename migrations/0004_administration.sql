-- What the administration needs: accounts that end, sessions that can be seen, links for setting a password, people
-- who ask for an account, second factors, what was deleted and can be had back, and the audit trail.

-- First second in which the account is over; NULL: it does not end.
ALTER TABLE account ADD COLUMN expires BIGINT;
ALTER TABLE account ADD COLUMN note TEXT NOT NULL DEFAULT '';
-- Raised by every change, so that two who change the same account do not overwrite each other.
ALTER TABLE account ADD COLUMN revision BIGINT NOT NULL DEFAULT 1;
ALTER TABLE account ADD COLUMN last_login BIGINT;
CREATE INDEX account_by_creation ON account (created);
CREATE INDEX account_by_expiry ON account (expires);
CREATE INDEX account_by_login ON account (last_login);

-- Sessions that began with a login and are not over.
CREATE TABLE session (
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    -- Of the account at the login: once it is raised, the session is over.
    generation BIGINT NOT NULL,
    began BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    -- What the browser calls itself, cut.
    agent TEXT NOT NULL
);
CREATE INDEX session_by_account ON session (account);
CREATE INDEX session_by_expiry ON session (expires);

-- One-time links with which a person sets a password.
CREATE TABLE password_link (
    -- SHA-256 of the link's secret, 64 hexadecimal digits.
    hash TEXT PRIMARY KEY,
    account TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    expires BIGINT NOT NULL
);
CREATE INDEX password_link_by_account ON password_link (account);

-- People who ask for an account; they have none until somebody approves.
CREATE TABLE registration (
    id TEXT PRIMARY KEY,
    username TEXT NOT NULL UNIQUE,
    password_hash TEXT NOT NULL,
    message TEXT NOT NULL,
    asked BIGINT NOT NULL
);

-- A time-based one-time password (RFC 6238) as second factor.
CREATE TABLE second_factor (
    account TEXT PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
    -- Sealed with TILEGATE_KEYS for this account, whatever the store epoch.
    secret TEXT NOT NULL,
    made BIGINT NOT NULL,
    -- The time step of the last code that was taken: none counts twice.
    last_step BIGINT NOT NULL
);

CREATE TABLE recovery_code (
    account TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    -- SHA-256 of the code, 64 hexadecimal digits.
    hash TEXT NOT NULL,
    PRIMARY KEY (account, hash)
);

-- What was deleted and can be had back for a while.
CREATE TABLE deleted (
    id TEXT PRIMARY KEY,
    -- 'account' or 'rule'
    kind TEXT NOT NULL,
    -- All that is needed to have it back, as JSON.
    document TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX deleted_by_time ON deleted (kind, at);

-- Who did what. Each line is chained to the one before it (docs/audit.md).
CREATE TABLE audit (
    number BIGINT PRIMARY KEY,
    at BIGINT NOT NULL,
    -- 'account', 'command', 'service' or 'visitor'
    actor_kind TEXT NOT NULL,
    -- The account's identity; empty for the others.
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    -- What it was done to: an identity, a condition's name, a rule's number, a mount and an identifier.
    subject TEXT NOT NULL,
    -- JSON; of persons there are identities in it and never names.
    details TEXT NOT NULL,
    -- SHA-256 over the line before and this one, and its HMAC with a key of the ring.
    hash TEXT NOT NULL,
    key TEXT NOT NULL,
    mac TEXT NOT NULL
);
CREATE INDEX audit_by_time ON audit (at);
CREATE INDEX audit_by_action ON audit (action, number);
CREATE INDEX audit_by_subject ON audit (subject, number);
CREATE INDEX audit_by_actor ON audit (actor, number);

-- One row, once lines were pruned: where the chain begins now.
CREATE TABLE audit_checkpoint (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    -- The last line that was pruned.
    number BIGINT NOT NULL,
    hash TEXT NOT NULL,
    key TEXT NOT NULL,
    mac TEXT NOT NULL
);

-- The names of persons in the audit trail, apart from it: whoever is forgotten here is a number there.
CREATE TABLE person (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL
);
INSERT INTO person (id, name) SELECT id, username FROM account;
