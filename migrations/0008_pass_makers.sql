-- Passes with which another application makes passes, and whose they are.

-- 1: it opens nothing, and makes passes within its scope.
ALTER TABLE pass ADD COLUMN makes_passes BIGINT NOT NULL DEFAULT 0;
-- The pass that it was made with; NULL: an administrator or the command line made it.
ALTER TABLE pass ADD COLUMN maker TEXT;
CREATE INDEX pass_by_maker ON pass (maker, made);
