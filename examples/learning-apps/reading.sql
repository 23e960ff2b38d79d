-- reading.db of the learning apps. It has the user's id as text, as its web session gave it.
--
--   sqlite3 exports/reading.db < examples/learning-apps/reading.sql

PRAGMA foreign_keys = ON;
BEGIN;

CREATE TABLE word (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  text       TEXT NOT NULL UNIQUE,
  phonetic   TEXT,
  difficulty DOUBLE NOT NULL,
  audio      BLOB
);
CREATE TABLE reading_result (
  id               INTEGER PRIMARY KEY AUTOINCREMENT,
  user_id          TEXT NOT NULL,
  expected_text    TEXT NOT NULL,
  recognized_text  TEXT NOT NULL,
  accuracy         DOUBLE NOT NULL,
  words_per_minute DOUBLE,
  created_at       TIMESTAMP NOT NULL
);
CREATE TABLE word_performance (
  user_id   TEXT NOT NULL,
  word_id   INTEGER NOT NULL REFERENCES word (id),
  correct   INTEGER NOT NULL DEFAULT 0,
  wrong     INTEGER NOT NULL DEFAULT 0,
  last_seen TIMESTAMP,
  PRIMARY KEY (user_id, word_id)
);
CREATE TABLE quiz (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  title      TEXT NOT NULL,
  pass_score INTEGER NOT NULL,
  created_at TIMESTAMP NOT NULL
);
CREATE TABLE question (
  id             INTEGER PRIMARY KEY AUTOINCREMENT,
  quiz_id        INTEGER NOT NULL REFERENCES quiz (id),
  position       INTEGER NOT NULL,
  prompt         TEXT NOT NULL,
  choices        JSON NOT NULL,
  correct_choice INTEGER NOT NULL,
  UNIQUE (quiz_id, position)
);
CREATE TABLE quiz_attempt (
  id       INTEGER PRIMARY KEY AUTOINCREMENT,
  user_id  TEXT NOT NULL,
  quiz_id  INTEGER NOT NULL REFERENCES quiz (id),
  score    INTEGER NOT NULL,
  answers  JSON NOT NULL,
  passed   TEXT NOT NULL,
  taken_at TIMESTAMP NOT NULL
);
CREATE TABLE reading_learning_profile (
  user_id       TEXT PRIMARY KEY NOT NULL,
  reading_level DOUBLE NOT NULL,
  weak_sounds   TEXT NOT NULL
);
CREATE TABLE reading_streak (
  user_id      TEXT PRIMARY KEY NOT NULL,
  current      INTEGER NOT NULL DEFAULT 0,
  longest      INTEGER NOT NULL DEFAULT 0,
  last_read_on DATE NOT NULL
);

WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 150)
INSERT INTO word (text, phonetic, difficulty, audio)
SELECT 'word' || i, CASE WHEN i % 2 = 0 THEN '/wɜːd ' || i || '/' END, i / 3.0, CASE WHEN i % 10 = 0 THEN CAST('OggS' || i AS BLOB) END FROM n;
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 80)
INSERT INTO reading_result (user_id, expected_text, recognized_text, accuracy, words_per_minute, created_at)
SELECT CASE i % 3 WHEN 0 THEN '1' WHEN 1 THEN '3' ELSE '8' END, 'The quick fox no. ' || i, 'The quick fox no. ' || (i - i % 2),
       1.0 - i / 1000.0, CASE WHEN i % 6 = 0 THEN NULL ELSE 60 + i / 4.0 END,
       strftime('%Y-%m-%dT%H:%M:%fZ', '2024-11-05 16:20:00', '+' || (i * 1441) || ' minutes') FROM n;
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 140)
INSERT INTO word_performance
SELECT CASE i % 2 WHEN 0 THEN '1' ELSE '8' END, i, i % 7, i % 3, CASE WHEN i % 5 = 0 THEN NULL ELSE '2025-01-15T08:00:00.125Z' END FROM n;
INSERT INTO quiz VALUES
  (1, 'The fox and the crow', 70, '2024-11-01T00:00:00Z'), (2, 'Weather', 50, '2024-12-24T17:00:00.5+01:00');
INSERT INTO question VALUES
  (1, 1, 1, 'What did the crow hold?', '["cheese", "a ring", "nothing"]', 0),
  (2, 1, 2, 'Who asked it to sing?', '["the fox", "the wolf"]', 0),
  (5, 2, 1, 'Что такое дождь?', '["вода с неба", "ветер"]', 0);
INSERT INTO quiz_attempt VALUES
  (1, '1', 1, 100, '[0, 0]', 'yes', '2024-11-06T09:00:00Z'), (2, '3', 1, 50, '[0, 1]', 'no', '2024-11-06T09:30:00Z'),
  (3, '8', 2, 100, '{"1": 0}', 'yes', '2025-01-01T00:00:00.000001Z');
INSERT INTO reading_learning_profile VALUES ('1', 4.5, '["th", "r"]'), ('3', 2.25, '[]');
INSERT INTO reading_streak VALUES ('1', 3, 21, '2025-03-01'), ('8', 0, 2, '2025-01-02');
COMMIT;
