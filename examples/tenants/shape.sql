-- The tables that each tenant's SQLite file has.

CREATE TABLE customers (
  id    INTEGER PRIMARY KEY AUTOINCREMENT,
  name  TEXT NOT NULL,
  email TEXT NOT NULL UNIQUE
);
CREATE TABLE orders (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  customer_id INTEGER NOT NULL REFERENCES customers (id),
  total       DECIMAL(10, 2) NOT NULL,
  ordered_at  TEXT NOT NULL
);
CREATE TABLE documents (
  id       INTEGER PRIMARY KEY AUTOINCREMENT,
  order_id INTEGER REFERENCES orders (id),
  title    TEXT NOT NULL
);
CREATE TABLE pages (
  document_id INTEGER NOT NULL REFERENCES documents (id),
  number      INTEGER NOT NULL,
  text        TEXT NOT NULL,
  PRIMARY KEY (document_id, number)
);
