-- The rows of acme, one of three tenants.
--
--   cat examples/tenants/shape.sql examples/tenants/acme.sql | sqlite3 exports/acme.db

INSERT INTO customers VALUES (1, 'Wile E. Coyote', 'wile@desert.example'), (2, 'Road Runner', 'beep@desert.example');
INSERT INTO orders VALUES (1, 1, 19.99, '2025-01-02T03:04:05.678Z'), (2, 1, 250, '2025-02-03T04:05:06.000Z'), (3, 2, 0.5, '2025-02-04T00:00:00.000Z');
INSERT INTO documents VALUES (1, 1, 'Invoice 1'), (2, NULL, 'Terms');
INSERT INTO pages VALUES (1, 1, 'One anvil.'), (2, 1, 'No returns.'), (2, 2, 'Ever.');
