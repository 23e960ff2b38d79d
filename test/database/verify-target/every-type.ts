/** A source and a target with a column of every type, for comparisons. */
export const SOURCE = `
  CREATE TABLE items (id INTEGER PRIMARY KEY, i INTEGER, n TEXT, p TEXT, d REAL, f REAL, b INTEGER,
    s TEXT, v TEXT, c TEXT, ci TEXT, e TEXT, raw BLOB, u TEXT, ts TEXT, tz TEXT, da TEXT, ti TEXT,
    tt TEXT, iv TEXT, j TEXT, jb TEXT, ip TEXT, net TEXT, mac TEXT, ta TEXT, na TEXT, fa TEXT, ja TEXT,
    doubled INTEGER AS (i * 2));
  INSERT INTO items VALUES
    (-3, 9007199254740993, '1.10', '1.10', 0.1, 0.5, 1, '1.10', 'Word', 'ab', 'Word', 'sad', x'00ff',
      '0e4ab2c6-5a4c-4f5e-8c43-6b3a4f0a9d11', '2024-01-31T12:00:00.123456Z', '2024-01-31T12:00:00.500Z',
      '2024-02-29', '12:30:00.000001', '12:30:00+05:30', 'P1M2DT3.5S', '{"a": 1, "b": 2}',
      '{"b":2,"a":1.50,"list":[1,"1.50"]}', '10.0.0.1', '10.0.0.0/8', '08:00:2b:01:02:03',
      '["a","",null]', '[1.10,2]', '[0.1,-0.0]', '[{"x":1.10},null]'),
    (2, 0, '0', '0', -0.0, -0.0, 0, '', '', '', '', 'Happy', x'', '00000000-0000-0000-0000-000000000000',
      '1969-12-31T23:59:59.999999Z', '0001-01-01T00:00:00Z', '0001-01-01', '00:00', '24:00-15:59:59', 'PT0S',
      'null', 'null', '::1', '::/0', '00:00:00:00:00:00', '[]', '[]', '[]', '[]'),
    (5, -1, '123456789012345678901234567890.5', '-99999999.99', 5e-324, 0.25, 1, 'tab	line
end\\N', 'é😀', 'x y', 'ÄÖ', 'sad', x'5c5c', 'ffffffff-ffff-ffff-ffff-ffffffffffff',
      '+294276-12-31T23:59:59.999999Z', '+294276-12-31T23:59:59.999Z', '+024276-12-31', '23:59:59.999999',
      '12:00Z', 'P-1Y-2M', '[]', '"1.50"', 'fe80::1/64', '2001:db8::/32', 'ff:ff:ff:ff:ff:ff',
      '["NULL","a b","{}"]', '[-3]', '[1e300]', '[1.50]'),
    (9, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
      NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);`;

export const TARGET = `
  CREATE EXTENSION citext;
  CREATE TYPE mood AS ENUM ('sad', 'Happy');
  CREATE DOMAIN price AS numeric(10, 2);
  CREATE TABLE items (id integer PRIMARY KEY, i bigint, n numeric, p price, d double precision, f real,
    b boolean, s text, v varchar(20), c char(6), ci citext, e mood, raw bytea, u uuid, ts timestamp,
    tz timestamptz(3), da date, ti time, tt timetz, iv interval, j json, jb jsonb, ip inet, net cidr,
    mac macaddr, ta text[], na numeric[], fa double precision[], ja jsonb[],
    doubled bigint GENERATED ALWAYS AS (i * 2) STORED);`;
