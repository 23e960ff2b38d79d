-- The rows of initech: it has written no document yet.
--
--   cat examples/tenants/shape.sql examples/tenants/initech.sql | sqlite3 exports/initech.db

INSERT INTO customers VALUES (3, 'Peter', 'peter@initech.example');
INSERT INTO orders VALUES (5, 3, 12.5, '2025-03-01T08:00:00.000Z');
