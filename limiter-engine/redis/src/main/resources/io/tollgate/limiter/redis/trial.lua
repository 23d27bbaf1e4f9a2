-- Whether whoever calls may run each command that the other scripts run.
--
-- KEYS: one that nobody else has.
-- ARGV: none.
-- Answers: two texts for each command that is refused: its name, and why in Redis's words.

return refused_commands(KEYS[1])
