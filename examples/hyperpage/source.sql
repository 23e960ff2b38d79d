-- Hyperpage's database as it stood on SQLite: a developer portal that made its tables by hand. Text
-- ids, booleans as 0 and 1, JSON as text, times as integers: seconds in some columns and milliseconds
-- in others, as whoever wrote the code had them at hand.
--
--   sqlite3 exports/hyperpage.db < examples/hyperpage/source.sql

PRAGMA foreign_keys = ON;
BEGIN;

-- The login at the provider is the user's e-mail address. Seconds.
CREATE TABLE users (
  id               TEXT PRIMARY KEY NOT NULL,
  provider         TEXT NOT NULL,
  provider_user_id TEXT NOT NULL,
  display_name     TEXT,
  avatar_url       TEXT,
  is_admin         INTEGER NOT NULL DEFAULT 0 CHECK (is_admin IN (0, 1)),
  created_at       INTEGER NOT NULL,
  last_login_at    INTEGER,
  UNIQUE (provider, provider_user_id)
);

-- Milliseconds.
CREATE TABLE jobs (
  id           TEXT PRIMARY KEY NOT NULL,
  requested_by TEXT REFERENCES users (id) ON DELETE SET NULL,
  type         TEXT NOT NULL,
  status       TEXT NOT NULL DEFAULT 'queued',
  priority     INTEGER NOT NULL DEFAULT 0,
  payload      TEXT NOT NULL DEFAULT '{}',
  result       TEXT,
  error        TEXT,
  retry_count  INTEGER NOT NULL DEFAULT 0,
  locked_by    TEXT,
  created_at   INTEGER NOT NULL,
  scheduled_at INTEGER,
  started_at   INTEGER,
  completed_at INTEGER
);
CREATE INDEX jobs_status ON jobs (status, scheduled_at);

-- Milliseconds.
CREATE TABLE job_history (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  job_id      TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
  status      TEXT NOT NULL,
  message     TEXT,
  duration_ms REAL,
  created_at  INTEGER NOT NULL
);
CREATE INDEX job_history_job ON job_history (job_id, created_at);

-- reset_time as the providers' headers give it, in seconds; last_updated in milliseconds.
CREATE TABLE rate_limits (
  id              TEXT PRIMARY KEY NOT NULL,
  limit_remaining INTEGER,
  limit_total     INTEGER,
  reset_time      INTEGER,
  last_updated    INTEGER NOT NULL
);

-- Seconds.
CREATE TABLE tool_configs (
  tool_name  TEXT PRIMARY KEY NOT NULL,
  enabled    INTEGER NOT NULL DEFAULT 1,
  config     TEXT NOT NULL,
  updated_at INTEGER NOT NULL
);

-- Seconds.
CREATE TABLE app_state (
  key        TEXT PRIMARY KEY NOT NULL,
  value      TEXT NOT NULL,
  updated_at INTEGER NOT NULL
) WITHOUT ROWID;

-- AES-256-GCM: the ciphertext in base64, its initialization vector and authentication tag in
-- hexadecimal. Seconds, as OAuth has them.
CREATE TABLE oauth_tokens (
  id                 INTEGER PRIMARY KEY AUTOINCREMENT,
  user_id            TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  tool_name          TEXT NOT NULL,
  access_token       TEXT NOT NULL,
  access_token_iv    TEXT NOT NULL,
  access_token_tag   TEXT NOT NULL,
  refresh_token      TEXT,
  refresh_token_iv   TEXT,
  refresh_token_tag  TEXT,
  scopes             TEXT NOT NULL DEFAULT '[]',
  metadata           TEXT,
  expires_at         INTEGER,
  refresh_expires_at INTEGER,
  created_at         INTEGER NOT NULL,
  updated_at         INTEGER NOT NULL,
  UNIQUE (user_id, tool_name)
);

-- Milliseconds. Empty: everybody was signed out for the move.
CREATE TABLE user_sessions (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  user_id      TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  session_data TEXT NOT NULL,
  user_agent   TEXT,
  created_at   INTEGER NOT NULL,
  expires_at   INTEGER NOT NULL
);

INSERT INTO users VALUES
  ('usr_mara', 'github', 'mara@hyperpage.example', 'Mara Lindqvist', 'https://avatars.example/1?s=64&d=%20', 1, 1672531200, 1740823215),
  ('usr_zoë', 'gitlab', 'Z.O''Hara@Hyperpage.example', 'Zoë "Zed" O''Hara 👩🏽‍💻', NULL, 0, 1675209600, 1740822000),
  ('USR-3', 'github', 'ming@hyperpage.example', '李明', '', 0, 1709210096, NULL),
  ('4', 'google', 'nobody@hyperpage.example', '', NULL, 0, 0, NULL),
  ('usr bot', 'local', 'bot@hyperpage.example', NULL, NULL, 0, 1672531201, 4102444800);

INSERT INTO jobs VALUES
  ('job_first', 'usr_mara', 'index-repository', 'done', 5,
   '{"repository":"hyperpage/portal","depth":3,"since":"2024-02-29","ratio":1.10}',
   '{"files":1024,"bytes":9007199254740993}', NULL, 0, NULL,
   1709164800000, 1709164800500, 1709164801123, 1709164899999),
  ('job_unicode', 'usr_zoë', 'notify', 'error', -3,
   '{"title":"Größe ≤ 5 · 四","emoji":"👨‍👩‍👧‍👦","path":"C:\\temp\\new","line":"a\u2028b"}',
   NULL, 'ECONNRESET' || char(10, 9) || 'at "read" \ 10.0.0.7:443', 3, NULL,
   1709164800001, NULL, 1709164860000, 1709164860007),
  ('job_waiting', NULL, 'renew-certificate', 'queued', 0, '{}', NULL, NULL, 0, NULL,
   1740823215250, 2209032000000, NULL, NULL),
  ('job_running', 'USR-3', 'index-repository', 'running', 32767, '[1,[2,[3,null]]]', NULL, '', 1, 'worker-7',
   1740823215251, 1740823215251, 1740823215300, NULL),
  ('00000000-0000-4000-8000-00000000000a', '4', 'import', 'cancelled', 0, 'null', '"a JSON string"', NULL, 0, NULL,
   1, NULL, NULL, 1740823215252);

-- The large ones: 400 more jobs, three entries of history for each.
INSERT INTO jobs
  WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 400)
  SELECT
    printf('job_%06d', n),
    CASE n % 4 WHEN 0 THEN 'usr_mara' WHEN 1 THEN 'usr_zoë' WHEN 2 THEN 'USR-3' END,
    CASE n % 3 WHEN 0 THEN 'notify' ELSE 'index-repository' END,
    CASE n % 10 WHEN 9 THEN 'error' ELSE 'done' END,
    n % 5,
    json_object('sequence', n, 'ratio', n / 8.0, 'label', 'Nr. ' || n, 'tags', json_array('t' || n % 7)),
    CASE n % 10 WHEN 9 THEN NULL ELSE json_object('files', n * 17) END,
    CASE n % 10 WHEN 9 THEN 'timed out after ' || n || ' s' END,
    n % 10 / 5,
    NULL,
    1709164800000 + n * 60013,
    CASE n % 2 WHEN 0 THEN 1709164800000 + n * 60013 + 250 END,
    1709164800000 + n * 60013 + 999,
    1709164800000 + n * 60013 + 5000 + n
  FROM number;
INSERT INTO job_history (job_id, status, message, duration_ms, created_at)
  SELECT id, 'queued', NULL, NULL, created_at FROM jobs ORDER BY rowid;
INSERT INTO job_history (job_id, status, message, duration_ms, created_at)
  SELECT id, 'running', 'started' || char(9) || 'on worker-' || priority, NULL, started_at
  FROM jobs WHERE started_at IS NOT NULL ORDER BY rowid;
INSERT INTO job_history (job_id, status, message, duration_ms, created_at)
  SELECT id, status, error, (completed_at - started_at) / 3.0, completed_at
  FROM jobs WHERE completed_at IS NOT NULL ORDER BY rowid;
-- Old history was deleted: its ids must not be given out again.
UPDATE sqlite_sequence SET seq = 250000 WHERE name = 'job_history';

INSERT INTO rate_limits VALUES
  ('github:core', 4987, 5000, 1740826800, 1740823215250),
  ('gitlab:api', 0, 2000, 1740823260, 1740823215251),
  ('jira:search', NULL, NULL, NULL, 1740823215252),
  ('google:quota', -1, 2147483647, 4102444800, 1);

INSERT INTO tool_configs VALUES
  ('github', 1, '{"baseUrl":"https://api.github.example","orgs":["hyperpage","portal-ü"],"pageSize":1e2}', 1740823215),
  ('gitlab', 1, '{"baseUrl":"https://gitlab.example","timeoutMs":30000}', 1740823216),
  ('jira', 0, '{}', 2147483648),
  ('old-wiki', 0, '[]', 0);

INSERT INTO app_state VALUES
  ('theme', '"dark"', 1740823215),
  ('layout', '{"columns":[{"w":0.3333333333333333},{"w":2}],"pinned":null}', 1740823216),
  ('schemaVersion', '17', 1672531200),
  ('onboarding.done', 'true', 1672531201),
  ('motd', '"Guten Morgen ☀️\nAll systems \"go\""', 1740823217),
  ('feature flags', 'null', 0);

-- Each is encrypted under the key in example.env.
INSERT INTO oauth_tokens VALUES
  (1, 'usr_mara', 'github',
   'oU4M4u90xgrWxitcWqUz9VtlhhnRFiDydQnSgWyO', 'c862fad302cc9f43851f9119', '607fb0459b1083f4963ed1c5d04f4d75',
   'UmyTnYsGayJpOhRpFkr4a1LPWZmnMVAukHOrC5MRJA==', '3d33d7b32a788888fbe1ce28', '43573176145593df2bc2e1c0a2aa08ce',
   '["repo","read:user"]', '{"installation":9007199254740993}', 1740852000, 1756375200, 1672531200, 1740823215),
  (2, 'usr_mara', 'jira',
   'RR7ex5XEUzTpTgqYFQvrYlRG1PJ8NP9olWiYzg==', 'cb1d1442a528d2957147dcd5', '387168a90ed6295b04e4784db1ed76e4',
   NULL, NULL, NULL,
   '[]', NULL, NULL, NULL, 1675209600, 1675209600),
  (7, 'usr_zoë', 'gitlab',
   'aTeNJm6duNfBIJGYUicd06v8XbW/ndnMr3u1g8R7pmAHAOA=', '7d07999964979f94f9e74021', '022e641d894fa24ca374d5438cebe925',
   'TNJTch1GBtViXoZ++5QBxa4X1KgPyCawZghb1b/BqA==', '7537d5835e3f251a80f8d2d0', 'd724ee86dc87844e6143fe100732c986',
   '["api","Größe, \"quoted\""]', '{"host":"gitlab.example","ids":[]}', 2147483648, 4102444800, 1709164800, 1740822000),
  (8, 'USR-3', 'github',
   'LphikSnarsfrfGbRk3GIhV6oxEZDlURNzsKk9XZF', '2d7dc46e6e5e5dfa702310c5', 'df2a93de2c48ece00fa9506c9701c2df',
   '2kvCTfQd8espmiLX+YsGMVWS/t8qF1q+2nfrZ+QRvQ==', '4286a5612f94b66e5e1e69a3', '093ede22b83423dbb15e113d809588ef',
   '["repo"]', 'null', 1709210096, 1709210097, 1709210096, 1709210096);
UPDATE sqlite_sequence SET seq = 40 WHERE name = 'oauth_tokens';
INSERT INTO sqlite_sequence (name, seq) VALUES ('user_sessions', 4711);

CREATE VIEW unfinished_jobs AS SELECT * FROM jobs WHERE completed_at IS NULL;

COMMIT;
