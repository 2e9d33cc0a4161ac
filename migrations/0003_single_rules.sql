-- Rules one by one, and many of them: read in bulk without their notes, and found by what they are about.

-- The part of the document that decides, in few bytes (src/store/compact.rs); NULL: only the document says it,
-- as with rows from before.
ALTER TABLE rule ADD COLUMN compact TEXT;

CREATE INDEX rule_by_selector ON rule (mount, identifier);
