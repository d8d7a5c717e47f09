-- ashlar:migration 20260101000000_add_ashlar_sessions
-- ashlar:op create_table ashlar_sessions (
--   ref text size=32
--   hash text size=64
--   csrf bytes
--   data text
--   created_at time
--   seen_at time
--   expires_at time
--   primary key (ref)
--   index ashlar_sessions_expires_at_idx (expires_at)
--   unique ashlar_sessions_hash_key (hash)
-- )
-- ashlar:up
CREATE TABLE ashlar_sessions (
    ref TEXT NOT NULL CHECK (length(ref) <= 32),
    hash TEXT NOT NULL CHECK (length(hash) <= 64),
    csrf BLOB NOT NULL,
    data TEXT NOT NULL,
    created_at INTEGER NOT NULL CHECK (created_at BETWEEN -62135596800000000 AND 253402300799999999),
    seen_at INTEGER NOT NULL CHECK (seen_at BETWEEN -62135596800000000 AND 253402300799999999),
    expires_at INTEGER NOT NULL CHECK (expires_at BETWEEN -62135596800000000 AND 253402300799999999),
    PRIMARY KEY (ref)
) STRICT;

CREATE INDEX ashlar_sessions_expires_at_idx ON ashlar_sessions (expires_at);
CREATE UNIQUE INDEX ashlar_sessions_hash_key ON ashlar_sessions (hash);
-- ashlar:down
-- loses the rows of ashlar_sessions
DROP TABLE ashlar_sessions;
