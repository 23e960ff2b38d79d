-- CreateTable
CREATE TABLE "categories" (
    "category_id" SERIAL NOT NULL,
    "category_name" VARCHAR(15),
    "description" TEXT,
    "picture" BYTEA,

    CONSTRAINT "categories_pkey" PRIMARY KEY ("category_id")
);

-- CreateTable
CREATE TABLE "customer_demographics" (
    "customer_type_id" TEXT NOT NULL,
    "customer_desc" TEXT,

    CONSTRAINT "customer_demographics_pkey" PRIMARY KEY ("customer_type_id")
);

-- CreateTable
CREATE TABLE "customer_customer_demo" (
    "customer_id" TEXT NOT NULL,
    "customer_type_id" TEXT NOT NULL,

    CONSTRAINT "customer_customer_demo_pkey" PRIMARY KEY ("customer_id","customer_type_id")
);

-- CreateTable
CREATE TABLE "customers" (
    "customer_id" TEXT NOT NULL,
    "company_name" TEXT,
    "contact_name" TEXT,
    "contact_title" TEXT,
    "address" TEXT,
    "city" TEXT,
    "region" TEXT,
    "postal_code" VARCHAR(10),
    "country" TEXT,
    "phone" VARCHAR(24),
    "fax" VARCHAR(24),

    CONSTRAINT "customers_pkey" PRIMARY KEY ("customer_id")
);

-- CreateTable
CREATE TABLE "employees" (
    "employee_id" SERIAL NOT NULL,
    "last_name" VARCHAR(20),
    "first_name" VARCHAR(10),
    "title" TEXT,
    "title_of_courtesy" TEXT,
    "birth_date" DATE,
    "hire_date" DATE,
    "address" TEXT,
    "city" TEXT,
    "region" TEXT,
    "postal_code" VARCHAR(10),
    "country" TEXT,
    "home_phone" VARCHAR(24),
    "extension" VARCHAR(4),
    "photo" BYTEA,
    "notes" TEXT,
    "reports_to" INTEGER,
    "photo_path" TEXT,

    CONSTRAINT "employees_pkey" PRIMARY KEY ("employee_id")
);

-- CreateTable
CREATE TABLE "employee_territories" (
    "employee_id" INTEGER NOT NULL,
    "territory_id" TEXT NOT NULL,

    CONSTRAINT "employee_territories_pkey" PRIMARY KEY ("employee_id","territory_id")
);

-- CreateTable
CREATE TABLE "order_details" (
    "order_id" INTEGER NOT NULL,
    "product_id" INTEGER NOT NULL,
    "unit_price" DECIMAL(10,2) NOT NULL DEFAULT 0,
    "quantity" INTEGER NOT NULL DEFAULT 1,
    "discount" DOUBLE PRECISION NOT NULL DEFAULT 0,

    CONSTRAINT "order_details_pkey" PRIMARY KEY ("order_id","product_id")
);

-- CreateTable
CREATE TABLE "orders" (
    "order_id" SERIAL NOT NULL,
    "customer_id" TEXT,
    "employee_id" INTEGER,
    "order_date" DATE,
    "required_date" DATE,
    "shipped_date" DATE,
    "ship_via" INTEGER,
    "freight" DECIMAL(10,2) DEFAULT 0,
    "ship_name" TEXT,
    "ship_address" TEXT,
    "ship_city" TEXT,
    "ship_region" TEXT,
    "ship_postal_code" VARCHAR(10),
    "ship_country" TEXT,

    CONSTRAINT "orders_pkey" PRIMARY KEY ("order_id")
);

-- CreateTable
CREATE TABLE "products" (
    "product_id" SERIAL NOT NULL,
    "product_name" TEXT NOT NULL,
    "supplier_id" INTEGER,
    "category_id" INTEGER,
    "quantity_per_unit" TEXT,
    "unit_price" DECIMAL(10,2) DEFAULT 0,
    "units_in_stock" INTEGER DEFAULT 0,
    "units_on_order" INTEGER DEFAULT 0,
    "reorder_level" INTEGER DEFAULT 0,
    "discontinued" VARCHAR(1) NOT NULL DEFAULT '0',

    CONSTRAINT "products_pkey" PRIMARY KEY ("product_id")
);

-- CreateTable
CREATE TABLE "regions" (
    "region_id" INTEGER NOT NULL,
    "region_description" TEXT NOT NULL,

    CONSTRAINT "regions_pkey" PRIMARY KEY ("region_id")
);

-- CreateTable
CREATE TABLE "shippers" (
    "shipper_id" SERIAL NOT NULL,
    "company_name" TEXT NOT NULL,
    "phone" VARCHAR(24),

    CONSTRAINT "shippers_pkey" PRIMARY KEY ("shipper_id")
);

-- CreateTable
CREATE TABLE "suppliers" (
    "supplier_id" SERIAL NOT NULL,
    "company_name" TEXT NOT NULL,
    "contact_name" TEXT,
    "contact_title" TEXT,
    "address" TEXT,
    "city" TEXT,
    "region" TEXT,
    "postal_code" VARCHAR(10),
    "country" TEXT,
    "phone" VARCHAR(24),
    "fax" VARCHAR(24),
    "home_page" TEXT,

    CONSTRAINT "suppliers_pkey" PRIMARY KEY ("supplier_id")
);

-- CreateTable
CREATE TABLE "territories" (
    "territory_id" TEXT NOT NULL,
    "territory_description" TEXT NOT NULL,
    "region_id" INTEGER NOT NULL,

    CONSTRAINT "territories_pkey" PRIMARY KEY ("territory_id")
);

-- CreateIndex
CREATE INDEX "customers_city_idx" ON "customers"("city");

-- CreateIndex
CREATE INDEX "customers_company_name_idx" ON "customers"("company_name");

-- CreateIndex
CREATE INDEX "order_details_product_id_idx" ON "order_details"("product_id");

-- CreateIndex
CREATE INDEX "orders_customer_id_idx" ON "orders"("customer_id");

-- CreateIndex
CREATE INDEX "orders_employee_id_idx" ON "orders"("employee_id");

-- CreateIndex
CREATE INDEX "orders_order_date_idx" ON "orders"("order_date");

-- CreateIndex
CREATE INDEX "products_category_id_idx" ON "products"("category_id");

-- CreateIndex
CREATE INDEX "products_supplier_id_idx" ON "products"("supplier_id");

-- AddForeignKey
ALTER TABLE "customer_customer_demo" ADD CONSTRAINT "customer_customer_demo_customer_id_fkey" FOREIGN KEY ("customer_id") REFERENCES "customers"("customer_id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "customer_customer_demo" ADD CONSTRAINT "customer_customer_demo_customer_type_id_fkey" FOREIGN KEY ("customer_type_id") REFERENCES "customer_demographics"("customer_type_id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "employees" ADD CONSTRAINT "employees_reports_to_fkey" FOREIGN KEY ("reports_to") REFERENCES "employees"("employee_id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "employee_territories" ADD CONSTRAINT "employee_territories_employee_id_fkey" FOREIGN KEY ("employee_id") REFERENCES "employees"("employee_id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "employee_territories" ADD CONSTRAINT "employee_territories_territory_id_fkey" FOREIGN KEY ("territory_id") REFERENCES "territories"("territory_id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "order_details" ADD CONSTRAINT "order_details_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "orders"("order_id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "order_details" ADD CONSTRAINT "order_details_product_id_fkey" FOREIGN KEY ("product_id") REFERENCES "products"("product_id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "orders" ADD CONSTRAINT "orders_customer_id_fkey" FOREIGN KEY ("customer_id") REFERENCES "customers"("customer_id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "orders" ADD CONSTRAINT "orders_employee_id_fkey" FOREIGN KEY ("employee_id") REFERENCES "employees"("employee_id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "orders" ADD CONSTRAINT "orders_ship_via_fkey" FOREIGN KEY ("ship_via") REFERENCES "shippers"("shipper_id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "products" ADD CONSTRAINT "products_supplier_id_fkey" FOREIGN KEY ("supplier_id") REFERENCES "suppliers"("supplier_id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "products" ADD CONSTRAINT "products_category_id_fkey" FOREIGN KEY ("category_id") REFERENCES "categories"("category_id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "territories" ADD CONSTRAINT "territories_region_id_fkey" FOREIGN KEY ("region_id") REFERENCES "regions"("region_id") ON DELETE NO ACTION ON UPDATE NO ACTION;
