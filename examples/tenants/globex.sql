-- The rows of globex: the same numbers, other rows.
--
--   cat examples/tenants/shape.sql examples/tenants/globex.sql | sqlite3 exports/globex.db

INSERT INTO customers VALUES (1, 'Hank', 'hank@globex.example'), (7, 'Wile E. Coyote', 'wile@desert.example');
INSERT INTO orders VALUES (1, 7, 1000000, '2025-01-02T03:04:05.678Z');
INSERT INTO documents VALUES (1, 1, 'Invoice 1');
INSERT INTO pages VALUES (1, 1, 'One volcano.');
