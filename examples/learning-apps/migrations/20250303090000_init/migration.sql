-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "users" (
    "id" SERIAL NOT NULL,
    "username" VARCHAR(40) NOT NULL,
    "email" VARCHAR(254) NOT NULL,
    "password_hash" TEXT NOT NULL,
    "is_active" BOOLEAN NOT NULL DEFAULT true,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_login" TIMESTAMPTZ(6),

    CONSTRAINT "users_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "user_profiles" (
    "user_id" INTEGER NOT NULL,
    "display_name" VARCHAR(80) NOT NULL,
    "birth_date" DATE,
    "avatar" BYTEA,
    "preferences" JSONB NOT NULL DEFAULT '{}',
    "timezone" VARCHAR(40) NOT NULL DEFAULT 'UTC',

    CONSTRAINT "user_profiles_pkey" PRIMARY KEY ("user_id")
);

-- CreateTable
CREATE TABLE "user_xp" (
    "user_id" INTEGER NOT NULL,
    "total_xp" BIGINT NOT NULL DEFAULT 0,
    "level" SMALLINT NOT NULL DEFAULT 1,
    "updated_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "user_xp_pkey" PRIMARY KEY ("user_id")
);

-- CreateTable
CREATE TABLE "xp_log" (
    "id" SERIAL NOT NULL,
    "user_id" INTEGER NOT NULL,
    "app" VARCHAR(20) NOT NULL,
    "amount" INTEGER NOT NULL,
    "reason" TEXT,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "xp_log_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "user_streak" (
    "user_id" INTEGER NOT NULL,
    "current_streak" INTEGER NOT NULL DEFAULT 0,
    "longest_streak" INTEGER NOT NULL DEFAULT 0,
    "last_active" DATE,

    CONSTRAINT "user_streak_pkey" PRIMARY KEY ("user_id")
);

-- CreateTable
CREATE TABLE "achievement" (
    "id" SERIAL NOT NULL,
    "code" VARCHAR(40) NOT NULL,
    "title" TEXT NOT NULL,
    "description" TEXT,
    "criteria" JSONB NOT NULL,
    "xp_reward" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "achievement_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "user_achievement" (
    "user_id" INTEGER NOT NULL,
    "achievement_id" INTEGER NOT NULL,
    "earned_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "user_achievement_pkey" PRIMARY KEY ("user_id","achievement_id")
);

-- CreateTable
CREATE TABLE "app_progress" (
    "id" SERIAL NOT NULL,
    "user_id" INTEGER NOT NULL,
    "app" VARCHAR(20) NOT NULL,
    "percent_complete" DECIMAL(5,2) NOT NULL DEFAULT 0,
    "minutes_spent" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "last_opened" TIMESTAMPTZ(6),

    CONSTRAINT "app_progress_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "subject_mastery" (
    "user_id" INTEGER NOT NULL,
    "subject" VARCHAR(40) NOT NULL,
    "score" DOUBLE PRECISION NOT NULL,
    "samples" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "subject_mastery_pkey" PRIMARY KEY ("user_id","subject")
);

-- CreateTable
CREATE TABLE "learning_goal" (
    "id" SERIAL NOT NULL,
    "user_id" INTEGER NOT NULL,
    "parent_id" INTEGER,
    "title" TEXT NOT NULL,
    "target" INTEGER NOT NULL,
    "due_date" DATE,
    "remind_at" TIME(0),
    "is_done" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "learning_goal_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "user_note" (
    "id" SERIAL NOT NULL,
    "user_id" INTEGER NOT NULL,
    "body" TEXT NOT NULL,
    "tags" JSONB NOT NULL DEFAULT '[]',
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "user_note_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "activity_log_entry" (
    "id" BIGSERIAL NOT NULL,
    "user_id" INTEGER,
    "action" VARCHAR(60) NOT NULL,
    "detail" JSONB,
    "occurred_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "activity_log_entry_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "math_problem" (
    "id" SERIAL NOT NULL,
    "operation" VARCHAR(20) NOT NULL,
    "expression" TEXT NOT NULL,
    "answer" DECIMAL(12,4) NOT NULL,
    "difficulty" SMALLINT NOT NULL,

    CONSTRAINT "math_problem_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "session_result" (
    "id" SERIAL NOT NULL,
    "user_id" INTEGER NOT NULL,
    "mode" VARCHAR(20) NOT NULL,
    "score" DOUBLE PRECISION NOT NULL,
    "correct" INTEGER NOT NULL,
    "total" INTEGER NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "session_result_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "question_history" (
    "id" SERIAL NOT NULL,
    "user_id" INTEGER NOT NULL,
    "session_id" INTEGER,
    "problem_id" INTEGER NOT NULL,
    "given_answer" TEXT NOT NULL,
    "is_correct" BOOLEAN NOT NULL,
    "seconds" DOUBLE PRECISION NOT NULL,
    "answered_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "question_history_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "mistake" (
    "id" SERIAL NOT NULL,
    "user_id" INTEGER NOT NULL,
    "problem_id" INTEGER NOT NULL,
    "kind" VARCHAR(30) NOT NULL,
    "count" INTEGER NOT NULL DEFAULT 1,
    "last_seen" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "mistake_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "mastery" (
    "user_id" INTEGER NOT NULL,
    "operation" VARCHAR(20) NOT NULL,
    "level" SMALLINT NOT NULL,
    "accuracy" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "mastery_pkey" PRIMARY KEY ("user_id","operation")
);

-- CreateTable
CREATE TABLE "learning_profile" (
    "user_id" INTEGER NOT NULL,
    "pace" DOUBLE PRECISION NOT NULL,
    "preferences" JSONB NOT NULL,

    CONSTRAINT "learning_profile_pkey" PRIMARY KEY ("user_id")
);

-- CreateTable
CREATE TABLE "performance_pattern" (
    "id" SERIAL NOT NULL,
    "user_id" INTEGER NOT NULL,
    "hour_of_day" SMALLINT NOT NULL,
    "weekday" SMALLINT NOT NULL,
    "accuracy" DOUBLE PRECISION,

    CONSTRAINT "performance_pattern_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "repetition_schedule" (
    "user_id" INTEGER NOT NULL,
    "problem_id" INTEGER NOT NULL,
    "interval" INTEGER NOT NULL,
    "ease" DECIMAL(4,2) NOT NULL,
    "due_on" DATE NOT NULL,

    CONSTRAINT "repetition_schedule_pkey" PRIMARY KEY ("user_id","problem_id")
);

-- CreateTable
CREATE TABLE "word" (
    "id" SERIAL NOT NULL,
    "text" TEXT NOT NULL,
    "phonetic" TEXT,
    "difficulty" DOUBLE PRECISION NOT NULL,
    "audio" BYTEA,

    CONSTRAINT "word_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "reading_result" (
    "id" SERIAL NOT NULL,
    "user_id" INTEGER NOT NULL,
    "expected_text" TEXT NOT NULL,
    "recognized_text" TEXT NOT NULL,
    "accuracy" DOUBLE PRECISION NOT NULL,
    "words_per_minute" DOUBLE PRECISION,
    "created_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "reading_result_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "word_performance" (
    "user_id" INTEGER NOT NULL,
    "word_id" INTEGER NOT NULL,
    "correct" INTEGER NOT NULL DEFAULT 0,
    "wrong" INTEGER NOT NULL DEFAULT 0,
    "last_seen" TIMESTAMPTZ(6),

    CONSTRAINT "word_performance_pkey" PRIMARY KEY ("user_id","word_id")
);

-- CreateTable
CREATE TABLE "quiz" (
    "id" SERIAL NOT NULL,
    "title" TEXT NOT NULL,
    "pass_score" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "quiz_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "reading_question" (
    "id" SERIAL NOT NULL,
    "quiz_id" INTEGER NOT NULL,
    "position" SMALLINT NOT NULL,
    "prompt" TEXT NOT NULL,
    "choices" JSONB NOT NULL,
    "correct_choice" SMALLINT NOT NULL,

    CONSTRAINT "reading_question_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "quiz_attempt" (
    "id" SERIAL NOT NULL,
    "user_id" INTEGER NOT NULL,
    "quiz_id" INTEGER NOT NULL,
    "score" INTEGER NOT NULL,
    "answers" JSONB NOT NULL,
    "passed" BOOLEAN NOT NULL,
    "taken_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "quiz_attempt_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "reading_learning_profile" (
    "user_id" INTEGER NOT NULL,
    "reading_level" DOUBLE PRECISION NOT NULL,
    "weak_sounds" JSONB NOT NULL,

    CONSTRAINT "reading_learning_profile_pkey" PRIMARY KEY ("user_id")
);

-- CreateTable
CREATE TABLE "reading_streak" (
    "user_id" INTEGER NOT NULL,
    "current" INTEGER NOT NULL DEFAULT 0,
    "longest" INTEGER NOT NULL DEFAULT 0,
    "last_read_on" DATE NOT NULL,

    CONSTRAINT "reading_streak_pkey" PRIMARY KEY ("user_id")
);

-- CreateTable
CREATE TABLE "question_type" (
    "id" SERIAL NOT NULL,
    "name" VARCHAR(40) NOT NULL,

    CONSTRAINT "question_type_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "subject" (
    "id" SERIAL NOT NULL,
    "name" VARCHAR(40) NOT NULL,

    CONSTRAINT "subject_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "difficulty_level" (
    "id" SERIAL NOT NULL,
    "name" VARCHAR(20) NOT NULL,
    "weight" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "difficulty_level_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "comprehension_question" (
    "id" UUID NOT NULL,
    "type_id" INTEGER NOT NULL,
    "subject_id" INTEGER NOT NULL,
    "difficulty_id" INTEGER NOT NULL,
    "body" TEXT NOT NULL,
    "correct_answer" JSONB NOT NULL,
    "explanation" TEXT,

    CONSTRAINT "comprehension_question_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "user_progress" (
    "id" SERIAL NOT NULL,
    "user_id" INTEGER NOT NULL,
    "question_id" UUID NOT NULL,
    "is_correct" BOOLEAN NOT NULL,
    "confidence" DOUBLE PRECISION,
    "answered_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "user_progress_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "user_stats" (
    "user_id" INTEGER NOT NULL,
    "questions_seen" BIGINT NOT NULL,
    "average_score" DECIMAL(6,3) NOT NULL,
    "best_subject" VARCHAR(40),

    CONSTRAINT "user_stats_pkey" PRIMARY KEY ("user_id")
);

-- CreateIndex
CREATE UNIQUE INDEX "users_username_key" ON "users"("username");

-- CreateIndex
CREATE UNIQUE INDEX "users_email_key" ON "users"("email");

-- CreateIndex
CREATE INDEX "xp_log_user_id_created_at_idx" ON "xp_log"("user_id", "created_at");

-- CreateIndex
CREATE UNIQUE INDEX "achievement_code_key" ON "achievement"("code");

-- CreateIndex
CREATE UNIQUE INDEX "app_progress_user_id_app_key" ON "app_progress"("user_id", "app");

-- CreateIndex
CREATE INDEX "activity_log_entry_occurred_at_idx" ON "activity_log_entry"("occurred_at");

-- CreateIndex
CREATE UNIQUE INDEX "math_problem_operation_expression_key" ON "math_problem"("operation", "expression");

-- CreateIndex
CREATE INDEX "question_history_user_id_answered_at_idx" ON "question_history"("user_id", "answered_at");

-- CreateIndex
CREATE UNIQUE INDEX "mistake_user_id_problem_id_kind_key" ON "mistake"("user_id", "problem_id", "kind");

-- CreateIndex
CREATE UNIQUE INDEX "performance_pattern_user_id_weekday_hour_of_day_key" ON "performance_pattern"("user_id", "weekday", "hour_of_day");

-- CreateIndex
CREATE UNIQUE INDEX "word_text_key" ON "word"("text");

-- CreateIndex
CREATE UNIQUE INDEX "reading_question_quiz_id_position_key" ON "reading_question"("quiz_id", "position");

-- CreateIndex
CREATE UNIQUE INDEX "question_type_name_key" ON "question_type"("name");

-- CreateIndex
CREATE UNIQUE INDEX "subject_name_key" ON "subject"("name");

-- CreateIndex
CREATE UNIQUE INDEX "difficulty_level_name_key" ON "difficulty_level"("name");

-- AddForeignKey
ALTER TABLE "user_profiles" ADD CONSTRAINT "user_profiles_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "user_xp" ADD CONSTRAINT "user_xp_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "xp_log" ADD CONSTRAINT "xp_log_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "user_streak" ADD CONSTRAINT "user_streak_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "user_achievement" ADD CONSTRAINT "user_achievement_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "user_achievement" ADD CONSTRAINT "user_achievement_achievement_id_fkey" FOREIGN KEY ("achievement_id") REFERENCES "achievement"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "app_progress" ADD CONSTRAINT "app_progress_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "subject_mastery" ADD CONSTRAINT "subject_mastery_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "learning_goal" ADD CONSTRAINT "learning_goal_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "learning_goal" ADD CONSTRAINT "learning_goal_parent_id_fkey" FOREIGN KEY ("parent_id") REFERENCES "learning_goal"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "user_note" ADD CONSTRAINT "user_note_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "activity_log_entry" ADD CONSTRAINT "activity_log_entry_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "session_result" ADD CONSTRAINT "session_result_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "question_history" ADD CONSTRAINT "question_history_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "question_history" ADD CONSTRAINT "question_history_session_id_fkey" FOREIGN KEY ("session_id") REFERENCES "session_result"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "question_history" ADD CONSTRAINT "question_history_problem_id_fkey" FOREIGN KEY ("problem_id") REFERENCES "math_problem"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "mistake" ADD CONSTRAINT "mistake_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "mistake" ADD CONSTRAINT "mistake_problem_id_fkey" FOREIGN KEY ("problem_id") REFERENCES "math_problem"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "mastery" ADD CONSTRAINT "mastery_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "learning_profile" ADD CONSTRAINT "learning_profile_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "performance_pattern" ADD CONSTRAINT "performance_pattern_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "repetition_schedule" ADD CONSTRAINT "repetition_schedule_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "repetition_schedule" ADD CONSTRAINT "repetition_schedule_problem_id_fkey" FOREIGN KEY ("problem_id") REFERENCES "math_problem"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reading_result" ADD CONSTRAINT "reading_result_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "word_performance" ADD CONSTRAINT "word_performance_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "word_performance" ADD CONSTRAINT "word_performance_word_id_fkey" FOREIGN KEY ("word_id") REFERENCES "word"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reading_question" ADD CONSTRAINT "reading_question_quiz_id_fkey" FOREIGN KEY ("quiz_id") REFERENCES "quiz"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "quiz_attempt" ADD CONSTRAINT "quiz_attempt_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "quiz_attempt" ADD CONSTRAINT "quiz_attempt_quiz_id_fkey" FOREIGN KEY ("quiz_id") REFERENCES "quiz"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reading_learning_profile" ADD CONSTRAINT "reading_learning_profile_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reading_streak" ADD CONSTRAINT "reading_streak_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "comprehension_question" ADD CONSTRAINT "comprehension_question_type_id_fkey" FOREIGN KEY ("type_id") REFERENCES "question_type"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "comprehension_question" ADD CONSTRAINT "comprehension_question_subject_id_fkey" FOREIGN KEY ("subject_id") REFERENCES "subject"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "comprehension_question" ADD CONSTRAINT "comprehension_question_difficulty_id_fkey" FOREIGN KEY ("difficulty_id") REFERENCES "difficulty_level"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "user_progress" ADD CONSTRAINT "user_progress_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "user_progress" ADD CONSTRAINT "user_progress_question_id_fkey" FOREIGN KEY ("question_id") REFERENCES "comprehension_question"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "user_stats" ADD CONSTRAINT "user_stats_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

