/** Small databases as the tools of the trade make them: names, types, defaults, keys, and what they store. */

export const PRISMA = `
CREATE TABLE "User" ("id" TEXT NOT NULL PRIMARY KEY, "email" TEXT NOT NULL, "isAdmin" BOOLEAN NOT NULL DEFAULT false,
  "credit" DECIMAL NOT NULL DEFAULT 0, "visits" BIGINT NOT NULL DEFAULT 0, "meta" JSONB, "avatar" BLOB, "seenOn" INTEGER,
  "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP, "updatedAt" DATETIME NOT NULL);
CREATE TABLE "Post" ("id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "title" TEXT NOT NULL, "authorId" TEXT NOT NULL,
  CONSTRAINT "Post_authorId_fkey" FOREIGN KEY ("authorId") REFERENCES "User" ("id") ON DELETE RESTRICT ON UPDATE CASCADE);
CREATE TABLE "Tag" ("id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "name" TEXT NOT NULL);
CREATE TABLE "_PostToTag" ("A" INTEGER NOT NULL, "B" INTEGER NOT NULL,
  CONSTRAINT "_PostToTag_A_fkey" FOREIGN KEY ("A") REFERENCES "Post" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT "_PostToTag_B_fkey" FOREIGN KEY ("B") REFERENCES "Tag" ("id") ON DELETE CASCADE ON UPDATE CASCADE);
CREATE TABLE "_prisma_migrations" ("id" TEXT PRIMARY KEY NOT NULL, "checksum" TEXT NOT NULL, "finished_at" DATETIME,
  "migration_name" TEXT NOT NULL, "logs" TEXT, "rolled_back_at" DATETIME, "started_at" DATETIME NOT NULL DEFAULT current_timestamp,
  "applied_steps_count" INTEGER UNSIGNED NOT NULL DEFAULT 0);
CREATE UNIQUE INDEX "User_email_key" ON "User"("email");
CREATE INDEX "Post_authorId_title_idx" ON "Post"("authorId", "title");
CREATE UNIQUE INDEX "_PostToTag_AB_unique" ON "_PostToTag"("A", "B");
CREATE INDEX "_PostToTag_B_index" ON "_PostToTag"("B");
INSERT INTO "User" VALUES ('clx1', 'a@x.org', 1, 12.5, 9007199254740993, '{"a":[1]}', x'00ff', 1, 1704067200123, 1704067200123),
  ('clx2', 'b@x.org', 0, 0, 0, NULL, NULL, 0, 0, 5000);
INSERT INTO "Post" VALUES (1, 'One', 'clx1'), (7, 'Two', 'clx1');
INSERT INTO "Tag" VALUES (1, 'x'), (2, 'y');
INSERT INTO "_PostToTag" VALUES (1, 1), (1, 2), (7, 1);
INSERT INTO "_prisma_migrations" VALUES ('i', 'c', 1, '2024_init', NULL, NULL, 1, 1);`;

export const DJANGO = `
CREATE TABLE "django_migrations" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "app" varchar(255) NOT NULL, "name" varchar(255) NOT NULL, "applied" datetime NOT NULL);
CREATE TABLE "auth_user" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "password" varchar(128) NOT NULL, "last_login" datetime NULL,
  "is_superuser" bool NOT NULL, "username" varchar(150) NOT NULL UNIQUE, "is_active" bool NOT NULL, "date_joined" datetime NOT NULL);
CREATE TABLE "shop_product" ("id" char(32) NOT NULL PRIMARY KEY, "name" varchar(50) NOT NULL, "price" decimal NOT NULL,
  "stock" integer unsigned NOT NULL CHECK ("stock" >= 0), "attributes" text NOT NULL CHECK ((JSON_VALID("attributes") OR "attributes" IS NULL)),
  "released" date NULL, "opens" time NULL, "owner_id" integer NOT NULL REFERENCES "auth_user" ("id") DEFERRABLE INITIALLY DEFERRED,
  "duration" bigint NULL);
CREATE TABLE "shop_product_buyers" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "product_id" char(32) NOT NULL REFERENCES "shop_product" ("id") DEFERRABLE INITIALLY DEFERRED,
  "user_id" integer NOT NULL REFERENCES "auth_user" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE UNIQUE INDEX "shop_product_buyers_uniq" ON "shop_product_buyers" ("product_id", "user_id");
CREATE INDEX "shop_product_owner_id_1" ON "shop_product" ("owner_id");
INSERT INTO "django_migrations" VALUES (1, 'shop', '0001_initial', '2024-01-01 10:00:00.123456');
INSERT INTO "auth_user" VALUES (1, 'pbkdf2', NULL, 1, 'ada', 1, '2024-01-01 10:00:00.123456'), (2, 'x', '2024-02-01 10:00:00', 0, 'bob', 1, '2024-01-01 10:00:00');
INSERT INTO "shop_product" VALUES ('2ed6657de927568b95e12665a8aea6a2', 'Lamp', 12.5, 3, '{"w": 40}', '2024-03-01', '08:30:00', 1, 3600000000);
INSERT INTO "shop_product_buyers" VALUES (1, '2ed6657de927568b95e12665a8aea6a2', 1), (2, '2ed6657de927568b95e12665a8aea6a2', 2);`;

export const RAILS = `
CREATE TABLE "schema_migrations" ("version" varchar NOT NULL PRIMARY KEY);
CREATE TABLE "ar_internal_metadata" ("key" varchar NOT NULL PRIMARY KEY, "value" varchar, "created_at" datetime(6) NOT NULL, "updated_at" datetime(6) NOT NULL);
CREATE TABLE "people" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "email" varchar DEFAULT '' NOT NULL, "admin" boolean DEFAULT 0 NOT NULL,
  "balance" decimal(10,2) DEFAULT 0.0, "height" float, "bio" text, "born_on" date, "settings" json DEFAULT '{}',
  "created_at" datetime(6) NOT NULL, "updated_at" datetime(6) NOT NULL);
CREATE TABLE "articles" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "title" varchar(80), "person_id" integer NOT NULL, "status" integer DEFAULT 0,
  "created_at" datetime(6) NOT NULL, "updated_at" datetime(6) NOT NULL, CONSTRAINT "fk_rails_1" FOREIGN KEY ("person_id") REFERENCES "people" ("id"));
CREATE UNIQUE INDEX "index_people_on_email" ON "people" ("email");
CREATE INDEX "index_articles_on_person_id" ON "articles" ("person_id");
CREATE UNIQUE INDEX "index_articles_published" ON "articles" ("title") WHERE status = 1;
INSERT INTO "schema_migrations" VALUES ('20240101000000');
INSERT INTO "people" VALUES (1, 'ada@x.org', 1, 10.25, 1.7, 'x', '1990-05-05', '{"a":1}', '2024-01-01 10:00:00.123456', '2024-01-01 10:00:00.123456'),
  (2, '', 0, 0, NULL, NULL, NULL, '{}', '2024-01-01 10:00:00', '2024-01-01 10:00:00.5');
INSERT INTO "articles" VALUES (1, 'One', 1, 1, '2024-01-01 10:00:00.1', '2024-01-01 10:00:00.2'), (2, 'One', 2, 0, '2024-01-01 10:00:00.1', '2024-01-01 10:00:00.2');`;

export const LARAVEL = `
CREATE TABLE "migrations" ("id" integer primary key autoincrement not null, "migration" varchar not null, "batch" integer not null);
CREATE TABLE "users" ("id" integer primary key autoincrement not null, "name" varchar not null, "email" varchar not null, "email_verified_at" datetime,
  "is_admin" tinyint(1) not null default '0', "remember_token" varchar, "created_at" datetime, "updated_at" datetime);
CREATE TABLE "sessions" ("id" varchar not null, "user_id" integer, "payload" text not null, "last_activity" integer not null, primary key ("id"));
CREATE TABLE "orders" ("id" integer primary key autoincrement not null, "user_id" integer not null, "status" varchar check ("status" in ('draft', 'in progress', 'paid')) not null default 'draft',
  "total" numeric not null, "uuid" varchar not null, "created_at" datetime, "updated_at" datetime, "deleted_at" datetime,
  foreign key("user_id") references "users"("id") on delete cascade);
CREATE UNIQUE INDEX "users_email_unique" on "users" ("email");
CREATE INDEX "sessions_last_activity_index" on "sessions" ("last_activity");
INSERT INTO "migrations" VALUES (1, '0001_01_01_000000_create_users_table', 1);
INSERT INTO "users" VALUES (1, 'Ada', 'ada@x.org', NULL, 1, NULL, '2024-01-01 10:00:00', '2024-01-01 10:00:00'), (2, 'Bob', 'bob@x.org', '2024-01-02 10:00:00', 0, 'x', NULL, NULL);
INSERT INTO "sessions" VALUES ('s1', 1, 'eyJ', 1704067200);
INSERT INTO "orders" VALUES (1, 1, 'in progress', 12.5, '2ed6657d-e927-568b-95e1-2665a8aea6a2', '2024-01-01 10:00:00', '2024-01-01 10:00:00', NULL);`;

export const DRIZZLE = `
CREATE TABLE "__drizzle_migrations" (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at numeric);
CREATE TABLE \`users\` (\`id\` integer PRIMARY KEY AUTOINCREMENT NOT NULL, \`email\` text NOT NULL, \`is_admin\` integer DEFAULT false NOT NULL,
  \`created_at\` integer DEFAULT (unixepoch()) NOT NULL, \`updated_at\` integer, \`profile\` text, \`rating\` real);
CREATE TABLE \`todos\` (\`id\` text PRIMARY KEY NOT NULL, \`user_id\` integer NOT NULL, \`done\` integer DEFAULT false NOT NULL, \`due_at\` integer,
  FOREIGN KEY (\`user_id\`) REFERENCES \`users\`(\`id\`) ON UPDATE no action ON DELETE cascade);
CREATE UNIQUE INDEX \`users_email_unique\` ON \`users\` (\`email\`);
INSERT INTO "__drizzle_migrations" VALUES (NULL, 'abc', 1704067200000);
INSERT INTO users VALUES (1, 'a@x.org', 1, 1704067200, 1704067201, '{"theme":"dark"}', 4.5), (2, 'b@x.org', 0, 1704067300, NULL, NULL, NULL);
INSERT INTO todos VALUES ('t1', 1, 0, 1704067200123), ('t2', 2, 1, 1714067200000);`;

export const PLAIN = `
CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT, email VARCHAR(255) NOT NULL COLLATE NOCASE UNIQUE, name TEXT DEFAULT 'it''s',
  role TEXT NOT NULL DEFAULT 'user' CHECK (role IN ('user','admin','power user')), age INTEGER CHECK (age >= 0 AND age < 150),
  "full" TEXT GENERATED ALWAYS AS (name || ' <' || email || '>') VIRTUAL, twice INTEGER AS (age * 2) STORED, initial TEXT AS (substr(name, 1, 1)));
INSERT INTO users (email, name, age) VALUES ('a@x.org', 'Ada', 36), ('B@x.org', NULL, 4);
CREATE TABLE posts (id INTEGER PRIMARY KEY, author_id INTEGER NOT NULL REFERENCES users ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
  editor_id INTEGER REFERENCES users ON DELETE SET NULL, parent_id INTEGER REFERENCES posts, title TEXT NOT NULL, slug TEXT, score REAL, raw,
  published BOOLEAN, CHECK (score > 0 OR published IS NULL), UNIQUE (author_id, slug));
CREATE INDEX posts_title ON posts (title COLLATE NOCASE);
CREATE INDEX posts_published ON posts (score DESC, title) WHERE published = 1;
CREATE UNIQUE INDEX posts_lower ON posts (lower(title));
CREATE INDEX posts_score ON posts (score DESC);
CREATE INDEX posts_odd ON posts (substr(title, 1, 3));
INSERT INTO posts VALUES (1, 1, 2, NULL, 'Hello', 'h', 1.5, 'x', 1), (2, 1, NULL, 1, 'World', NULL, 2, x'ff00', 0),
  (3, 2, 1, 1, '!', NULL, NULL, 17, NULL), (4, 2, 1, 1, '?', NULL, NULL, 1.5, NULL);
CREATE TABLE tags (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
CREATE TABLE post_tags (post_id INTEGER NOT NULL REFERENCES posts, tag TEXT NOT NULL REFERENCES tags, PRIMARY KEY (post_id, tag)) WITHOUT ROWID;
INSERT INTO tags VALUES ('a'), ('b');
INSERT INTO post_tags VALUES (1, 'a'), (1, 'b');
CREATE TABLE logs (at TEXT, line TEXT, size INTEGER) STRICT;
INSERT INTO logs VALUES ('2024-01-01T00:00:00Z', 'x', 3000000000), ('2024-01-01T00:00:00Z', 'x', 1);
CREATE TABLE profile (user_id INTEGER PRIMARY KEY REFERENCES users, photo BLOB DEFAULT x'00ff');
INSERT INTO profile VALUES (1, x'01');
CREATE VIEW older AS SELECT * FROM users WHERE age > 30;
CREATE TRIGGER noted AFTER INSERT ON posts BEGIN SELECT 1; END;`;
