-- What a person has allowed a viewer on another origin is a session of its own, which is listed and can be ended alone.

-- The viewer's origin; NULL where somebody has logged in.
ALTER TABLE session ADD COLUMN viewer TEXT;
-- The login in which it was allowed, and with which it ends.
ALTER TABLE session ADD COLUMN allowed_in TEXT;
CREATE INDEX session_by_allowed_in ON session (allowed_in);
