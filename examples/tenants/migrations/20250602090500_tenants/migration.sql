-- The tenants themselves stood in no file of theirs.
INSERT INTO "tenants" ("id", "name") VALUES
  ('acme', 'Acme Corporation'),
  ('globex', 'Globex'),
  ('initech', 'Initech');
