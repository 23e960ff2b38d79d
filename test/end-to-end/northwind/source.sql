-- A small look-alike of the Northwind database for SQLite: the same 13 tables, columns and keys, with
-- rows that were made up for this test. Odd on purpose, as the real one is: a blank in a table name,
-- types written right after a bracket, text keys that may be NULL by their declaration, a key that ends
-- in a blank, employees whose superior comes later (and one who reports to himself), photos as BLOBs,
-- dates as text, prices as INTEGER here and REAL there, AUTOINCREMENT marks above the highest id.

BEGIN;
PRAGMA defer_foreign_keys = ON;

CREATE TABLE [Categories]
(      [CategoryID] INTEGER PRIMARY KEY AUTOINCREMENT,
       [CategoryName] TEXT,
       [Description] TEXT,
       [Picture] BLOB
);
CREATE TABLE [CustomerDemographics](
   [CustomerTypeID]TEXT NOT NULL,
   [CustomerDesc]TEXT,
    PRIMARY KEY ("CustomerTypeID")
);
CREATE TABLE [CustomerCustomerDemo](
   [CustomerID]TEXT NOT NULL,
   [CustomerTypeID]TEXT NOT NULL,
   PRIMARY KEY ("CustomerID","CustomerTypeID"),
   FOREIGN KEY ([CustomerID]) REFERENCES [Customers] ([CustomerID])
		ON DELETE NO ACTION ON UPDATE NO ACTION,
	FOREIGN KEY ([CustomerTypeID]) REFERENCES [CustomerDemographics] ([CustomerTypeID])
		ON DELETE NO ACTION ON UPDATE NO ACTION
);
CREATE TABLE [Customers]
(      [CustomerID] TEXT,
       [CompanyName] TEXT,
       [ContactName] TEXT,
       [ContactTitle] TEXT,
       [Address] TEXT,
       [City] TEXT,
       [Region] TEXT,
       [PostalCode] TEXT,
       [Country] TEXT,
       [Phone] TEXT,
       [Fax] TEXT,
       PRIMARY KEY (`CustomerID`)
);
CREATE TABLE [Employees]
(      [EmployeeID] INTEGER PRIMARY KEY AUTOINCREMENT,
       [LastName] TEXT,
       [FirstName] TEXT,
       [Title] TEXT,
       [TitleOfCourtesy] TEXT,
       [BirthDate] DATE,
       [HireDate] DATE,
       [Address] TEXT,
       [City] TEXT,
       [Region] TEXT,
       [PostalCode] TEXT,
       [Country] TEXT,
       [HomePhone] TEXT,
       [Extension] TEXT,
       [Photo] BLOB,
       [Notes] TEXT,
       [ReportsTo] INTEGER,
       [PhotoPath] TEXT,
	   FOREIGN KEY ([ReportsTo]) REFERENCES [Employees] ([EmployeeID])
		ON DELETE NO ACTION ON UPDATE NO ACTION
);
CREATE TABLE [EmployeeTerritories](
   [EmployeeID]INTEGER NOT NULL,
   [TerritoryID]TEXT NOT NULL,
    PRIMARY KEY ("EmployeeID","TerritoryID"),
	FOREIGN KEY ([EmployeeID]) REFERENCES [Employees] ([EmployeeID])
		ON DELETE NO ACTION ON UPDATE NO ACTION,
	FOREIGN KEY ([TerritoryID]) REFERENCES [Territories] ([TerritoryID])
		ON DELETE NO ACTION ON UPDATE NO ACTION
);
CREATE TABLE [Order Details](
   [OrderID]INTEGER NOT NULL,
   [ProductID]INTEGER NOT NULL,
   [UnitPrice]NUMERIC NOT NULL DEFAULT 0,
   [Quantity]INTEGER NOT NULL DEFAULT 1,
   [Discount]REAL NOT NULL DEFAULT 0,
    PRIMARY KEY ("OrderID","ProductID"),
    CHECK ([Discount]>=(0) AND [Discount]<=(1)),
    CHECK ([Quantity]>(0)),
    CHECK ([UnitPrice]>=(0)),
	FOREIGN KEY ([OrderID]) REFERENCES [Orders] ([OrderID])
		ON DELETE NO ACTION ON UPDATE NO ACTION,
	FOREIGN KEY ([ProductID]) REFERENCES [Products] ([ProductID])
		ON DELETE NO ACTION ON UPDATE NO ACTION
);
CREATE TABLE [Orders](
   [OrderID]INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
   [CustomerID]TEXT,
   [EmployeeID]INTEGER,
   [OrderDate]DATETIME,
   [RequiredDate]DATETIME,
   [ShippedDate]DATETIME,
   [ShipVia]INTEGER,
   [Freight]NUMERIC DEFAULT 0,
   [ShipName]TEXT,
   [ShipAddress]TEXT,
   [ShipCity]TEXT,
   [ShipRegion]TEXT,
   [ShipPostalCode]TEXT,
   [ShipCountry]TEXT,
   FOREIGN KEY ([EmployeeID]) REFERENCES [Employees] ([EmployeeID])
		ON DELETE NO ACTION ON UPDATE NO ACTION,
	FOREIGN KEY ([CustomerID]) REFERENCES [Customers] ([CustomerID])
		ON DELETE NO ACTION ON UPDATE NO ACTION,
	FOREIGN KEY ([ShipVia]) REFERENCES [Shippers] ([ShipperID])
		ON DELETE NO ACTION ON UPDATE NO ACTION
);
CREATE TABLE [Products](
   [ProductID]INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
   [ProductName]TEXT NOT NULL,
   [SupplierID]INTEGER,
   [CategoryID]INTEGER,
   [QuantityPerUnit]TEXT,
   [UnitPrice]NUMERIC DEFAULT 0,
   [UnitsInStock]INTEGER DEFAULT 0,
   [UnitsOnOrder]INTEGER DEFAULT 0,
   [ReorderLevel]INTEGER DEFAULT 0,
   [Discontinued]TEXT NOT NULL DEFAULT '0',
    CHECK ([UnitPrice]>=(0)),
    CHECK ([ReorderLevel]>=(0)),
    CHECK ([UnitsInStock]>=(0)),
    CHECK ([UnitsOnOrder]>=(0)),
	FOREIGN KEY ([CategoryID]) REFERENCES [Categories] ([CategoryID])
		ON DELETE NO ACTION ON UPDATE NO ACTION,
	FOREIGN KEY ([SupplierID]) REFERENCES [Suppliers] ([SupplierID])
		ON DELETE NO ACTION ON UPDATE NO ACTION
);
CREATE TABLE [Regions](
   [RegionID]INTEGER NOT NULL PRIMARY KEY,
   [RegionDescription]TEXT NOT NULL
);
CREATE TABLE [Shippers](
   [ShipperID]INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
   [CompanyName]TEXT NOT NULL,
   [Phone]TEXT
);
CREATE TABLE [Suppliers](
   [SupplierID]INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
   [CompanyName]TEXT NOT NULL,
   [ContactName]TEXT,
   [ContactTitle]TEXT,
   [Address]TEXT,
   [City]TEXT,
   [Region]TEXT,
   [PostalCode]TEXT,
   [Country]TEXT,
   [Phone]TEXT,
   [Fax]TEXT,
   [HomePage]TEXT
);
CREATE TABLE [Territories](
   [TerritoryID]TEXT NOT NULL,
   [TerritoryDescription]TEXT NOT NULL,
   [RegionID]INTEGER NOT NULL,
    PRIMARY KEY ("TerritoryID"),
	FOREIGN KEY ([RegionID]) REFERENCES [Regions] ([RegionID])
		ON DELETE NO ACTION ON UPDATE NO ACTION
);

INSERT INTO Categories VALUES
  (1, 'Teas', 'Green, black and "white"', x'000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9fa0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedfe0e1e2e3e4e5e6e7e8e9eaebecedeeeff0f1f2f3f4f5f6f7f8f9fafbfcfdfeff'),
  (2, 'Pickles', 'Sour; sweet' || char(10) || 'and hot', x'ffd8ffe000104a4649460001'),
  (4, 'Honey', '', x''),
  (7, 'Éclairs', NULL, NULL);

INSERT INTO CustomerDemographics VALUES
  ('retail', 'Buys by the box'),
  ('wholesale', NULL);

INSERT INTO Customers VALUES
  ('OAKEN', 'Oaken Pantry', 'Ines Maurer', 'Owner', '12 Mill Lane', 'Bern', 'Western Europe', '3011', 'Switzerland', '031-555 0101', NULL),
  ('RYE4 ', 'Rye & Sons', 'Tom Rye', 'Clerk', NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  ('ÅSNES', 'Åsnes Kjøkken', 'Liv O''Dahl', 'Buyer', 'Storgata 9', 'Tromsø', 'Scandinavia', 'N-9008', 'Norway', '77-55 01 02', '77-55 01 03'),
  ('zzz', 'lower case', '', NULL, 'Line 1' || char(13, 10) || 'Line 2', 'Århus', 'Northern Europe', '', 'Denmark', NULL, NULL);

INSERT INTO CustomerCustomerDemo VALUES
  ('OAKEN', 'wholesale'),
  ('OAKEN', 'retail'),
  ('RYE4 ', 'retail');

INSERT INTO Employees VALUES
  (1, 'Abara', 'Chidi', 'Sales', 'Mr.', '1969-12-31', '2019-02-28', '5 Hill Road' || char(10) || 'Flat 2', 'Leeds', 'British Isles', 'LS1 4DY', 'UK', '(113) 555-0110', '0110', x'000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9fa0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedfe0e1e2e3e4e5e6e7e8e9eaebecedeeeff0f1f2f3f4f5f6f7f8f9fafbfcfdfeff000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9fa0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedfe0e1e2e3e4e5e6e7e8e9eaebecedeeeff0f1f2f3f4f5f6f7f8f9fafbfcfdfeff', 'Reports to someone with a higher number.', 5, 'http://intranet/photos/abara.bmp'),
  (2, 'Brandt', 'Ute', 'Inside Sales', 'Ms.', '1970-01-01', '2020-02-29', '1 Quay', 'Bremen', 'Western Europe', '28195', 'Germany', '(421) 555-0111', '111', x'00', 'Backslashes: \N and \. and C:\new', 4, NULL),
  (4, 'Costa', 'Rui', 'Head of Sales', 'Dr.', '1901-06-30', '2018-01-01', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'Reports to himself.', 4, ''),
  (5, 'Dlamini', 'Zanele', 'Sales Manager', 'Ms.', '2000-02-29', '2038-01-20', 'Main Street 8', 'Durban', 'Southern Africa', '4001', 'South Africa', '(31) 555-0112', '0112', x'', '', 4, 'http://intranet/photos/dlamini.bmp'),
  (9, 'Eriksen', 'Åse', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);

INSERT INTO Regions VALUES (3, 'Northern'), (1, 'Eastern'), (2, 'Western');

INSERT INTO Territories VALUES
  ('98104', 'Harbour', 2),
  ('01581', 'Old Town', 1),
  ('10019', 'Harbour', 1),
  ('00004', 'Hills', 3);

INSERT INTO EmployeeTerritories VALUES
  (5, '98104'), (1, '01581'), (1, '00004'), (2, '10019');

INSERT INTO Shippers VALUES
  (1, 'Slow & Steady', '(503) 555-0120'),
  (2, 'Night Express', NULL),
  (3, 'Postal', '');

INSERT INTO Suppliers VALUES
  (1, 'Tea Garden', 'Wei Lin', 'Export', '8 Lake Road', 'Hangzhou', 'Eastern Asia', '310000', 'China', '571-555-0130', NULL, NULL),
  (2, 'Søde Sager', 'Bo Holm ', 'Owner', 'Havnen 3' || char(10) || 'Dør 4', 'Odense', 'Northern Europe', '5000', 'Denmark ', '66 55 01 31', '66 55 01 32', '#SWEET.HTM#'),
  (5, 'Bee''s Own', 'Ana Reis', NULL, NULL, 'Faro', NULL, '8000', 'Portugal', '289 555 013', NULL, 'Bees (on the web)#http://bees.example/?a=1&b=%20#');

INSERT INTO Products VALUES
  (1, 'Morning Green', 1, 1, '10 boxes x 20 bags', 18, 39, 0, 10, '0'),
  (2, 'Smoky Black', 1, 1, '24 - 100 g tins', 21.35, 0, 70, 25, '1'),
  (3, 'Hot Gherkins', NULL, 2, '12 - 0.5 l jars', 9.2, 120, 0, 0, '0'),
  (6, 'Heather Honey', 5, 4, '250 g', 263.5, 6, 0, 5, '0'),
  (8, 'Free Sample', 2, NULL, NULL, 0, NULL, NULL, NULL, '1');

INSERT INTO Orders VALUES
  (10001, 'OAKEN', 5, '2016-07-04', '2016-08-01', '2016-07-16', 3, 32.38, 'Oaken Pantry', '12 Mill Lane', 'Bern', 'Western Europe', '3011', 'Switzerland'),
  (10002, 'ÅSNES', 1, '2016-02-29', '2016-03-28', NULL, 1, 22, 'Åsnes Kjøkken', 'Storgata 9', 'Tromsø', 'Scandinavia', 'N-9008', 'Norway'),
  (10003, 'RYE4 ', NULL, '1969-12-31', NULL, NULL, NULL, 0.02, NULL, NULL, NULL, NULL, NULL, NULL),
  (10007, NULL, 9, '2038-01-20', '2099-12-31', NULL, 2, 1007.64, 'Counter sale', NULL, NULL, NULL, NULL, NULL);

INSERT INTO [Order Details] VALUES
  (10001, 1, 14, 12, 0),
  (10001, 6, 263.5, 1, 0.05),
  (10002, 3, 7.45, 130, 0.15),
  (10002, 1, 18, 5, 0.25),
  (10003, 2, 0.1, 2, 1),
  (10007, 8, 0, 1, 0);

-- Rows with higher ids were deleted: the next ids must not be given out again.
UPDATE sqlite_sequence SET seq = 41 WHERE name = 'Categories';
UPDATE sqlite_sequence SET seq = 12 WHERE name = 'Employees';
UPDATE sqlite_sequence SET seq = 10250 WHERE name = 'Orders';
UPDATE sqlite_sequence SET seq = 900 WHERE name = 'Suppliers';

CREATE VIEW [Alphabetical list of products] AS
   SELECT P.*, C.CategoryName FROM Products P JOIN Categories C USING (CategoryID)
   WHERE P.Discontinued = 0 ORDER BY P.ProductName;
CREATE VIEW [Current Product List] AS
   SELECT ProductID, ProductName FROM Products WHERE Discontinued = 0;
CREATE VIEW [Customer and Suppliers by City] AS
   SELECT City, CompanyName, 'Customers' AS Relationship FROM Customers
   UNION SELECT City, CompanyName, 'Suppliers' FROM Suppliers;
CREATE VIEW [Order Details Extended] AS
   SELECT D.*, P.ProductName, D.UnitPrice * D.Quantity * (1 - D.Discount) AS ExtendedPrice
   FROM [Order Details] D JOIN Products P USING (ProductID);
CREATE VIEW [Order Subtotals] AS
   SELECT OrderID, sum(ExtendedPrice) AS Subtotal FROM [Order Details Extended] GROUP BY OrderID;
CREATE VIEW [Orders Qry] AS
   SELECT O.*, C.CompanyName FROM Orders O JOIN Customers C USING (CustomerID);
CREATE VIEW [Invoices] AS
   SELECT O.ShipName, O.CustomerID, S.CompanyName AS ShipperName, D.*
   FROM Orders O JOIN Shippers S ON S.ShipperID = O.ShipVia JOIN [Order Details] D USING (OrderID);
CREATE VIEW [Product Sales for 1997] AS
   SELECT P.CategoryID, P.ProductName, sum(D.ExtendedPrice) AS ProductSales
   FROM Products P JOIN [Order Details Extended] D USING (ProductID) GROUP BY P.ProductID;
CREATE VIEW [Category Sales for 1997] AS
   SELECT CategoryID, sum(ProductSales) AS CategorySales FROM [Product Sales for 1997] GROUP BY 1;
CREATE VIEW [Products Above Average Price] AS
   SELECT ProductName, UnitPrice FROM Products
   WHERE UnitPrice > (SELECT avg(UnitPrice) FROM Products);
CREATE VIEW [Products by Category] AS
   SELECT C.CategoryName, P.ProductName FROM Categories C JOIN Products P USING (CategoryID);
CREATE VIEW [Quarterly Orders] AS
   SELECT DISTINCT CustomerID, CompanyName FROM [Orders Qry];
CREATE VIEW [Sales Totals by Amount] AS
   SELECT O.OrderID, T.Subtotal FROM Orders O JOIN [Order Subtotals] T USING (OrderID)
   WHERE T.Subtotal > 100;
CREATE VIEW [Sales by Category] AS
   SELECT CategoryID, ProductName, ProductSales FROM [Product Sales for 1997] ORDER BY 1;
CREATE VIEW [Summary of Sales by Quarter] AS
   SELECT O.ShippedDate, T.* FROM Orders O JOIN [Order Subtotals] T USING (OrderID);
CREATE VIEW [Summary of Sales by Year] AS
   SELECT substr(ShippedDate, 1, 4) AS Year, sum(Subtotal) AS Total
   FROM [Summary of Sales by Quarter] GROUP BY 1;
CREATE VIEW [ProductDetails_V] AS
   SELECT P.*, C.CategoryName, S.CompanyName AS SupplierName FROM Products P
   JOIN Categories C ON P.CategoryId = C.CategoryId JOIN Suppliers S ON S.SupplierId = P.SupplierId;

COMMIT;
