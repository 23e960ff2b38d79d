-- math.db of the learning apps. Its users are those of core.db, which SQLite cannot refer to: user_id
-- is a number and nothing more. Times are milliseconds since 1970.
--
--   sqlite3 exports/math.db < examples/learning-apps/math.sql

PRAGMA foreign_keys = ON;
BEGIN;

CREATE TABLE math_problem (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  operation  TEXT NOT NULL,
  expression TEXT NOT NULL,
  answer     DECIMAL(12, 4) NOT NULL,
  difficulty INTEGER NOT NULL,
  UNIQUE (operation, expression)
);
CREATE TABLE session_result (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  user_id     INTEGER NOT NULL,
  mode        TEXT NOT NULL,
  score       REAL NOT NULL,
  correct     INTEGER NOT NULL,
  total       INTEGER NOT NULL,
  started_at  INTEGER NOT NULL,
  finished_at INTEGER
);
CREATE TABLE question_history (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  user_id      INTEGER NOT NULL,
  session_id   INTEGER REFERENCES session_result (id),
  problem_id   INTEGER NOT NULL REFERENCES math_problem (id),
  given_answer TEXT NOT NULL,
  is_correct   INTEGER NOT NULL,
  seconds      REAL NOT NULL,
  answered_at  INTEGER NOT NULL
);
CREATE TABLE mistake (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  user_id    INTEGER NOT NULL,
  problem_id INTEGER NOT NULL REFERENCES math_problem (id),
  kind       TEXT NOT NULL,
  count      INTEGER NOT NULL DEFAULT 1,
  last_seen  INTEGER NOT NULL,
  UNIQUE (user_id, problem_id, kind)
);
CREATE TABLE mastery (
  user_id   INTEGER NOT NULL,
  operation TEXT NOT NULL,
  level     INTEGER NOT NULL,
  accuracy  REAL NOT NULL,
  PRIMARY KEY (user_id, operation)
);
CREATE TABLE learning_profile (
  user_id     INTEGER PRIMARY KEY,
  pace        REAL NOT NULL,
  preferences TEXT NOT NULL
);
CREATE TABLE performance_pattern (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  user_id     INTEGER NOT NULL,
  hour_of_day INTEGER NOT NULL,
  weekday     INTEGER NOT NULL,
  accuracy    REAL,
  UNIQUE (user_id, weekday, hour_of_day)
);
CREATE TABLE repetition_schedule (
  user_id    INTEGER NOT NULL,
  problem_id INTEGER NOT NULL REFERENCES math_problem (id),
  interval   INTEGER NOT NULL,
  ease       REAL NOT NULL,
  due_on     TEXT NOT NULL,
  PRIMARY KEY (user_id, problem_id)
);

WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 120)
INSERT INTO math_problem (operation, expression, answer, difficulty)
SELECT CASE i % 3 WHEN 0 THEN 'add' WHEN 1 THEN 'multiply' ELSE 'divide' END,
       CASE i % 3 WHEN 0 THEN i || ' + ' || (i + 3) WHEN 1 THEN i || ' × 4' ELSE i || ' ÷ 8' END,
       CASE i % 3 WHEN 0 THEN i + i + 3 WHEN 1 THEN i * 4 ELSE i / 8.0 END, i % 5 + 1 FROM n;
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 90)
INSERT INTO session_result (user_id, mode, score, correct, total, started_at, finished_at)
SELECT CASE i % 3 WHEN 0 THEN 1 WHEN 1 THEN 2 ELSE 8 END, CASE i % 2 WHEN 0 THEN 'practice' ELSE 'timed' END,
       (i % 11) / 10.0, i % 11, 10, 1725264000000 + i * 3600123, CASE WHEN i % 9 = 0 THEN NULL ELSE 1725264000000 + i * 3600123 + 300500 END FROM n;
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200)
INSERT INTO question_history (user_id, session_id, problem_id, given_answer, is_correct, seconds, answered_at)
SELECT CASE i % 3 WHEN 0 THEN 1 WHEN 1 THEN 2 ELSE 8 END, CASE WHEN i % 10 = 0 THEN NULL ELSE i % 90 + 1 END, i % 120 + 1,
       CASE WHEN i % 8 = 0 THEN 'idk' ELSE CAST(i AS TEXT) END, i % 4 > 0, (i % 300) / 7.0, 1725264000000 + i * 60001 FROM n;
INSERT INTO mistake VALUES
  (1, 1, 3, 'carry', 4, 1725300000001), (2, 1, 3, 'sign', 1, 1725300000002), (7, 8, 120, 'order', 2, 1740900000999);
INSERT INTO mastery VALUES (1, 'add', 5, 0.97), (1, 'divide', 2, 0.1), (8, 'add', 3, 1.0);
INSERT INTO learning_profile VALUES (1, 1.25, '{"hints": true}'), (8, 0.875, '{"hints": false, "voice": "kid"}');
INSERT INTO performance_pattern VALUES (1, 1, 7, 0, 0.5), (2, 1, 18, 6, NULL), (3, 2, 0, 3, 1e-9);
INSERT INTO repetition_schedule VALUES (1, 1, 1, 2.5, '2025-03-04'), (1, 2, 6, 2.36, '2025-03-09'), (8, 1, 240, 1.3, '2025-12-31');
COMMIT;
