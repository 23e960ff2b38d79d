-- comprehension.db of the learning apps. Its models were written when all tables were to be in one
-- database, so they refer to users, which this file does not have. Times are seconds since 1970.
--
--   sqlite3 exports/comprehension.db < examples/learning-apps/comprehension.sql

BEGIN;

CREATE TABLE question_type (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE);
CREATE TABLE subject (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE);
CREATE TABLE difficulty_level (
  id     INTEGER PRIMARY KEY AUTOINCREMENT,
  name   TEXT NOT NULL UNIQUE,
  weight FLOAT NOT NULL
);
CREATE TABLE question (
  id             TEXT PRIMARY KEY NOT NULL,
  type_id        INTEGER NOT NULL REFERENCES question_type (id),
  subject_id     INTEGER NOT NULL REFERENCES subject (id),
  difficulty_id  INTEGER NOT NULL REFERENCES difficulty_level (id),
  text           TEXT NOT NULL,
  correct_answer TEXT NOT NULL,
  explanation    TEXT
);
CREATE TABLE user_progress (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  user_id     INTEGER NOT NULL REFERENCES users (id),
  question_id TEXT NOT NULL REFERENCES question (id),
  is_correct  BOOLEAN NOT NULL,
  confidence  FLOAT,
  answered_at INTEGER NOT NULL
);
CREATE TABLE user_stats (
  user_id        INTEGER PRIMARY KEY REFERENCES users (id),
  questions_seen INTEGER NOT NULL,
  average_score  REAL NOT NULL,
  best_subject   TEXT
);

INSERT INTO question_type VALUES (1, 'multiple choice'), (2, 'free text'), (3, 'true or false');
INSERT INTO subject VALUES (1, 'science'), (2, 'history'), (4, 'Erdkunde');
INSERT INTO difficulty_level VALUES (1, 'easy', 0.5), (2, 'medium', 1.0), (3, 'hard', 1.75);
INSERT INTO question VALUES
  ('q-water', 1, 1, 1, 'At what temperature does water boil?', '100', 'At sea level.'),
  ('q-rome', 2, 2, 3, 'Who founded Rome, as the legend has it?', 'Romulus', NULL),
  ('q-donau', 3, 4, 2, 'Die Donau fließt ins Schwarze Meer.', 'true', 'Richtig: "ja".');
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60)
INSERT INTO user_progress (user_id, question_id, is_correct, confidence, answered_at)
SELECT CASE i % 3 WHEN 0 THEN 1 WHEN 1 THEN 5 ELSE 8 END, CASE i % 3 WHEN 0 THEN 'q-water' WHEN 1 THEN 'q-rome' ELSE 'q-donau' END,
       i % 2, CASE WHEN i % 4 = 0 THEN NULL ELSE i / 60.0 END, 1735689600 + i * 86399 FROM n;
INSERT INTO user_stats VALUES (1, 20, 87.125, 'science'), (5, 20, 0.001, NULL), (8, 4000000000, 99.999, 'Erdkunde');
COMMIT;
