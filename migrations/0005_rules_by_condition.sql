-- Which rules name a condition, and how many: found and counted without reading the rules.
CREATE INDEX rule_by_conditions ON rule (conditions);
