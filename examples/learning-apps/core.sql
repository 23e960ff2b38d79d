-- core.db of the learning apps: the users, what they have earned, what they have done. Made by
-- SQLAlchemy: times are text in UTC without a zone, booleans 0 and 1, JSON is text.
--
--   sqlite3 exports/core.db < examples/learning-apps/core.sql

PRAGMA foreign_keys = ON;
BEGIN;

CREATE TABLE users (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  username      VARCHAR(40) NOT NULL UNIQUE,
  email         VARCHAR(254) NOT NULL UNIQUE,
  password_hash TEXT NOT NULL,
  is_active     BOOLEAN NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
  created_at    DATETIME NOT NULL,
  last_login    DATETIME
);
CREATE TABLE user_profiles (
  user_id      INTEGER PRIMARY KEY REFERENCES users (id),
  display_name VARCHAR(80) NOT NULL,
  birth_date   DATE,
  avatar       BLOB,
  preferences  JSON NOT NULL DEFAULT '{}',
  timezone     VARCHAR(40) NOT NULL DEFAULT 'UTC'
);
CREATE TABLE user_xp (
  user_id    INTEGER PRIMARY KEY REFERENCES users (id),
  total_xp   BIGINT NOT NULL DEFAULT 0,
  level      SMALLINT NOT NULL DEFAULT 1,
  updated_at DATETIME NOT NULL
);
CREATE TABLE xp_log (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  user_id    INTEGER NOT NULL REFERENCES users (id),
  app        VARCHAR(20) NOT NULL,
  amount     INTEGER NOT NULL,
  reason     TEXT,
  created_at DATETIME NOT NULL
);
CREATE TABLE user_streak (
  user_id        INTEGER PRIMARY KEY REFERENCES users (id),
  current_streak INTEGER NOT NULL DEFAULT 0,
  longest_streak INTEGER NOT NULL DEFAULT 0,
  last_active    DATE
);
CREATE TABLE achievement (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  code        VARCHAR(40) NOT NULL UNIQUE,
  title       TEXT NOT NULL,
  description TEXT,
  criteria    JSON NOT NULL,
  xp_reward   INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE user_achievement (
  user_id        INTEGER NOT NULL REFERENCES users (id),
  achievement_id INTEGER NOT NULL REFERENCES achievement (id),
  earned_at      DATETIME NOT NULL,
  PRIMARY KEY (user_id, achievement_id)
);
CREATE TABLE app_progress (
  id               INTEGER PRIMARY KEY AUTOINCREMENT,
  user_id          INTEGER NOT NULL REFERENCES users (id),
  app              VARCHAR(20) NOT NULL,
  percent_complete NUMERIC(5, 2) NOT NULL DEFAULT 0,
  minutes_spent    FLOAT NOT NULL DEFAULT 0,
  last_opened      DATETIME,
  UNIQUE (user_id, app)
);
CREATE TABLE subject_mastery (
  user_id INTEGER NOT NULL REFERENCES users (id),
  subject VARCHAR(40) NOT NULL,
  score   REAL NOT NULL,
  samples INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (user_id, subject)
);
CREATE TABLE learning_goal (
  id        INTEGER PRIMARY KEY AUTOINCREMENT,
  user_id   INTEGER NOT NULL REFERENCES users (id),
  parent_id INTEGER REFERENCES learning_goal (id),
  title     TEXT NOT NULL,
  target    INTEGER NOT NULL,
  due_date  DATE,
  remind_at TIME,
  is_done   BOOLEAN NOT NULL DEFAULT 0
);
CREATE TABLE user_note (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  user_id    INTEGER NOT NULL REFERENCES users (id),
  text       TEXT NOT NULL,
  tags       JSON NOT NULL DEFAULT '[]',
  created_at DATETIME NOT NULL
);
CREATE TABLE activity_log_entry (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  user_id     INTEGER REFERENCES users (id),
  action      VARCHAR(60) NOT NULL,
  detail      JSON,
  occurred_at DATETIME NOT NULL
);

INSERT INTO users VALUES
  (1, 'ada',   'ada@school.example',   '$2b$12$abcdefghijklmnopqrstuv', 1, '2024-01-08 07:30:00.000000', '2025-03-01 18:05:12.120450'),
  (2, 'björn', 'bjorn@school.example', '$2b$12$bcdefghijklmnopqrstuvw', 1, '2024-01-08 07:31:00.000000', '2025-02-28 15:45:00.000000'),
  (3, 'chidi', 'chidi@school.example', '$2b$12$cdefghijklmnopqrstuvwx', 1, '2024-02-29 23:59:59.999999', NULL),
  (5, 'dóra',  'dora@school.example',  '$2b$12$defghijklmnopqrstuvwxy', 0, '2024-03-10 12:00:00.000000', '2024-03-10 12:00:01.000000'),
  (8, 'eun',   'eun@school.example',   '$2b$12$efghijklmnopqrstuvwxyz', 1, '2024-09-02 06:15:30.500000', '2025-03-02 06:00:00.000000');
-- A user that was deleted had the highest id.
UPDATE sqlite_sequence SET seq = 12 WHERE name = 'users';

INSERT INTO user_profiles VALUES
  (1, 'Ada 🚀',  '2014-12-10', x'89504e470d0a1a0a00ff', '{"theme": "dark", "sounds": true}', 'Europe/London'),
  (2, 'Björn',   '2013-02-28', NULL, '{}', 'Europe/Stockholm'),
  (3, 'Chidi',   NULL,         NULL, '{"font": 1.10}', 'Africa/Lagos'),
  (5, 'Dóra',    '2012-02-29', x'', '{}', 'Europe/Budapest'),
  (8, '은 (Eun)', '2015-07-31', NULL, '{"theme": "light"}', 'Asia/Seoul');
INSERT INTO user_xp VALUES
  (1, 12345, 12, '2025-03-01 18:05:12.000000'), (2, 9876, 9, '2025-02-28 15:45:00.000000'),
  (3, 0, 1, '2024-03-01 00:00:00.000000'), (8, 3000000000, 99, '2025-03-02 06:00:00.000000');
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400)
INSERT INTO xp_log (user_id, app, amount, reason, created_at)
SELECT CASE i % 4 WHEN 0 THEN 1 WHEN 1 THEN 2 WHEN 2 THEN 3 ELSE 8 END,
       CASE i % 3 WHEN 0 THEN 'math' WHEN 1 THEN 'reading' ELSE 'comprehension' END,
       i % 50 - 5, CASE WHEN i % 7 = 0 THEN NULL ELSE 'session ' || i END,
       strftime('%Y-%m-%d %H:%M:%f000', '2024-09-02 08:00:00', '+' || (i * 97) || ' minutes') FROM n;
INSERT INTO user_streak VALUES (1, 14, 30, '2025-03-01'), (2, 0, 5, '2025-02-20'), (3, 0, 0, NULL);
INSERT INTO achievement VALUES
  (1, 'first_steps', 'First steps', 'Finish one session', '{"sessions": 1}', 10),
  (2, 'bookworm', 'Bookworm', NULL, '{"pages": 100, "apps": ["reading"]}', 50),
  (4, 'perfect', 'No mistake', 'A session without one', '{"accuracy": 1.0}', 25);
INSERT INTO user_achievement VALUES
  (1, 1, '2024-01-08 08:00:00.000000'), (1, 2, '2024-06-01 10:00:00.000000'),
  (2, 1, '2024-01-09 08:00:00.000000'), (8, 4, '2024-10-01 09:30:00.250000');
INSERT INTO app_progress VALUES
  (1, 1, 'math', 87.5, 612.25, '2025-03-01 18:05:12.000000'),
  (2, 1, 'reading', 100, 1200.1, '2025-02-01 10:00:00.000000'),
  (3, 2, 'math', 12.34, 33.3, NULL), (4, 8, 'comprehension', 0.01, 0.1, '2025-03-02 06:00:00.000000');
INSERT INTO subject_mastery VALUES
  (1, 'addition', 0.99, 210), (1, 'fractions', 0.30000000000000004, 12), (2, 'addition', 0.5, 4);
INSERT INTO learning_goal VALUES
  (1, 1, 3, 'Fractions', 20, '2025-04-30', '07:30:00.000000', 0),
  (2, 1, 3, 'Decimals', 10, NULL, NULL, 1),
  (3, 1, NULL, 'Ready for the test', 30, '2025-06-01', '18:00:00.000000', 0),
  (4, 8, NULL, 'Ten books', 10, '2025-12-31', NULL, 0);
INSERT INTO user_note VALUES
  (1, 2, 'Ask about "carrying"' || char(10) || 'and borrowing.', '["math"]', '2024-05-05 05:05:05.050505'),
  (2, 1, '', '[]', '2024-05-06 00:00:00.000000');
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 600)
INSERT INTO activity_log_entry (user_id, action, detail, occurred_at)
SELECT CASE i % 5 WHEN 0 THEN NULL WHEN 1 THEN 1 WHEN 2 THEN 2 WHEN 3 THEN 5 ELSE 8 END,
       CASE i % 3 WHEN 0 THEN 'login' WHEN 1 THEN 'open_app' ELSE 'logout' END,
       CASE WHEN i % 4 = 0 THEN NULL ELSE json_object('n', i, 'ok', json('true')) END,
       strftime('%Y-%m-%d %H:%M:%f000', '2024-09-02 08:00:00', '+' || (i * 61) || ' minutes') FROM n;
COMMIT;
