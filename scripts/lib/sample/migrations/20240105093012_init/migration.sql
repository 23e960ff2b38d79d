-- CreateTable
CREATE TABLE "users" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "email" TEXT NOT NULL,
    "name" TEXT,
    "password_hash" TEXT,
    "role" TEXT NOT NULL DEFAULT 'VIEWER',
    "is_active" BOOLEAN NOT NULL DEFAULT true,
    "failed_logins" INTEGER NOT NULL DEFAULT 0,
    "avatar" BLOB,
    "preferences" JSONB NOT NULL,
    "born_on" DATETIME,
    "last_login_at" DATETIME,
    "created_at" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" DATETIME NOT NULL
);

-- CreateTable
CREATE TABLE "organizations" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "parent_id" TEXT,
    "external_id" TEXT,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'TRIAL',
    "is_internal" BOOLEAN NOT NULL DEFAULT false,
    "headcount" INTEGER,
    "storage_quota_bytes" BIGINT NOT NULL DEFAULT 10737418240,
    "annual_budget" DECIMAL,
    "risk_factor" REAL NOT NULL DEFAULT 1,
    "settings" JSONB NOT NULL,
    "notes" TEXT,
    "founded_on" DATETIME,
    "day_starts_at" DATETIME,
    "contract_ends_at" DATETIME,
    "created_at" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" DATETIME NOT NULL,
    CONSTRAINT "organizations_parent_id_fkey" FOREIGN KEY ("parent_id") REFERENCES "organizations" ("id") ON DELETE SET NULL ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "user_organizations" (
    "user_id" TEXT NOT NULL,
    "organization_id" TEXT NOT NULL,
    "invited_by_id" TEXT,
    "role" TEXT NOT NULL DEFAULT 'MEMBER',
    "permissions" JSONB,
    "joined_at" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,

    PRIMARY KEY ("user_id", "organization_id"),
    CONSTRAINT "user_organizations_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "user_organizations_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "user_organizations_invited_by_id_fkey" FOREIGN KEY ("invited_by_id") REFERENCES "users" ("id") ON DELETE SET NULL ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "ai_providers" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "kind" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "base_url" TEXT NOT NULL,
    "default_model" TEXT NOT NULL,
    "context_window" INTEGER NOT NULL,
    "default_temperature" REAL NOT NULL DEFAULT 0.7,
    "input_price" DECIMAL NOT NULL,
    "output_price" DECIMAL NOT NULL,
    "capabilities" JSONB NOT NULL,
    "is_enabled" BOOLEAN NOT NULL DEFAULT true,
    "created_at" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" DATETIME NOT NULL
);

-- CreateTable
CREATE TABLE "organization_ai_configs" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "organization_id" TEXT NOT NULL,
    "provider_id" INTEGER NOT NULL,
    "model" TEXT,
    "api_key_encrypted" TEXT NOT NULL,
    "system_prompt" TEXT,
    "temperature" REAL,
    "monthly_budget" DECIMAL,
    "is_enabled" BOOLEAN NOT NULL DEFAULT false,
    "created_at" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" DATETIME NOT NULL,
    CONSTRAINT "organization_ai_configs_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "organization_ai_configs_provider_id_fkey" FOREIGN KEY ("provider_id") REFERENCES "ai_providers" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "ai_usage_logs" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "organization_id" TEXT NOT NULL,
    "user_id" TEXT,
    "provider_id" INTEGER NOT NULL,
    "model" TEXT NOT NULL,
    "prompt_tokens" INTEGER NOT NULL,
    "completion_tokens" INTEGER NOT NULL,
    "cost" DECIMAL NOT NULL,
    "latency_ms" REAL NOT NULL,
    "succeeded" BOOLEAN NOT NULL,
    "metadata" JSONB,
    "created_at" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "ai_usage_logs_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "ai_usage_logs_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
    CONSTRAINT "ai_usage_logs_provider_id_fkey" FOREIGN KEY ("provider_id") REFERENCES "ai_providers" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "api_configurations" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "organization_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "webhook_id" TEXT NOT NULL,
    "base_url" TEXT NOT NULL,
    "auth_kind" TEXT NOT NULL DEFAULT 'NONE',
    "headers" JSONB,
    "timeout_ms" INTEGER NOT NULL DEFAULT 30000,
    "backoff_factor" REAL NOT NULL DEFAULT 2,
    "is_active" BOOLEAN NOT NULL DEFAULT true,
    "maintenance_starts_at" DATETIME,
    "last_synced_at" DATETIME,
    "created_at" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" DATETIME NOT NULL,
    CONSTRAINT "api_configurations_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "organization_api_credentials" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "organization_id" TEXT NOT NULL,
    "api_configuration_id" TEXT NOT NULL,
    "username_encrypted" TEXT,
    "secret_encrypted" TEXT NOT NULL,
    "key_fingerprint" BLOB NOT NULL,
    "rotated_at" DATETIME,
    "expires_on" DATETIME,
    "created_at" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" DATETIME NOT NULL,
    CONSTRAINT "organization_api_credentials_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "organization_api_credentials_api_configuration_id_fkey" FOREIGN KEY ("api_configuration_id") REFERENCES "api_configurations" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "data_source_mappings" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "organization_id" TEXT NOT NULL,
    "api_configuration_id" TEXT NOT NULL,
    "entity" TEXT NOT NULL,
    "priority" INTEGER NOT NULL DEFAULT 0,
    "field_map" JSONB NOT NULL,
    "transform" TEXT,
    "row_offset" BIGINT NOT NULL DEFAULT 0,
    "is_active" BOOLEAN NOT NULL DEFAULT true,
    "created_at" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" DATETIME NOT NULL,
    CONSTRAINT "data_source_mappings_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "data_source_mappings_api_configuration_id_fkey" FOREIGN KEY ("api_configuration_id") REFERENCES "api_configurations" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "field_configurations" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "organization_id" TEXT NOT NULL,
    "entity" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "label" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "is_required" BOOLEAN NOT NULL DEFAULT false,
    "default_value" JSONB,
    "options" JSONB,
    "position" INTEGER NOT NULL,
    "width" REAL NOT NULL DEFAULT 1,
    "created_at" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" DATETIME NOT NULL,
    CONSTRAINT "field_configurations_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "pfa_records" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "organization_id" TEXT NOT NULL,
    "created_by_id" TEXT,
    "external_id" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "category" TEXT NOT NULL,
    "description" TEXT,
    "quantity" INTEGER NOT NULL DEFAULT 1,
    "monthly_rate" DECIMAL,
    "purchase_price" DECIMAL,
    "utilization" REAL,
    "is_actualized" BOOLEAN NOT NULL DEFAULT false,
    "is_discontinued" BOOLEAN NOT NULL DEFAULT false,
    "plan_start" DATETIME NOT NULL,
    "plan_end" DATETIME NOT NULL,
    "forecast_start" DATETIME,
    "forecast_end" DATETIME,
    "actual_start" DATETIME,
    "actual_end" DATETIME,
    "source_revision" BIGINT NOT NULL,
    "source_changed_at" DATETIME,
    "attributes" JSONB,
    "created_at" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" DATETIME NOT NULL,
    CONSTRAINT "pfa_records_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "pfa_records_created_by_id_fkey" FOREIGN KEY ("created_by_id") REFERENCES "users" ("id") ON DELETE SET NULL ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "sync_logs" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "organization_id" TEXT NOT NULL,
    "api_configuration_id" TEXT,
    "status" TEXT NOT NULL DEFAULT 'pending',
    "records_read" INTEGER NOT NULL DEFAULT 0,
    "records_written" INTEGER NOT NULL DEFAULT 0,
    "records_failed" INTEGER NOT NULL DEFAULT 0,
    "bytes_received" BIGINT NOT NULL DEFAULT 0,
    "error_message" TEXT,
    "details" JSONB,
    "started_at" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" DATETIME,
    CONSTRAINT "sync_logs_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "sync_logs_api_configuration_id_fkey" FOREIGN KEY ("api_configuration_id") REFERENCES "api_configurations" ("id") ON DELETE SET NULL ON UPDATE CASCADE
);

-- CreateIndex
CREATE UNIQUE INDEX "users_email_key" ON "users"("email");

-- CreateIndex
CREATE UNIQUE INDEX "organizations_external_id_key" ON "organizations"("external_id");

-- CreateIndex
CREATE UNIQUE INDEX "organizations_slug_key" ON "organizations"("slug");

-- CreateIndex
CREATE INDEX "organizations_parent_id_idx" ON "organizations"("parent_id");

-- CreateIndex
CREATE INDEX "organizations_status_name_idx" ON "organizations"("status", "name");

-- CreateIndex
CREATE INDEX "user_organizations_organization_id_role_idx" ON "user_organizations"("organization_id", "role");

-- CreateIndex
CREATE UNIQUE INDEX "ai_providers_name_key" ON "ai_providers"("name");

-- CreateIndex
CREATE UNIQUE INDEX "organization_ai_configs_organization_id_key" ON "organization_ai_configs"("organization_id");

-- CreateIndex
CREATE INDEX "organization_ai_configs_provider_id_idx" ON "organization_ai_configs"("provider_id");

-- CreateIndex
CREATE INDEX "ai_usage_logs_organization_id_created_at_idx" ON "ai_usage_logs"("organization_id", "created_at");

-- CreateIndex
CREATE INDEX "ai_usage_logs_user_id_idx" ON "ai_usage_logs"("user_id");

-- CreateIndex
CREATE INDEX "ai_usage_logs_provider_id_idx" ON "ai_usage_logs"("provider_id");

-- CreateIndex
CREATE UNIQUE INDEX "api_configurations_webhook_id_key" ON "api_configurations"("webhook_id");

-- CreateIndex
CREATE UNIQUE INDEX "api_configurations_organization_id_name_key" ON "api_configurations"("organization_id", "name");

-- CreateIndex
CREATE INDEX "organization_api_credentials_api_configuration_id_idx" ON "organization_api_credentials"("api_configuration_id");

-- CreateIndex
CREATE UNIQUE INDEX "organization_api_credentials_organization_id_api_configuration_id_key" ON "organization_api_credentials"("organization_id", "api_configuration_id");

-- CreateIndex
CREATE INDEX "data_source_mappings_api_configuration_id_idx" ON "data_source_mappings"("api_configuration_id");

-- CreateIndex
CREATE UNIQUE INDEX "data_source_mappings_organization_id_entity_priority_key" ON "data_source_mappings"("organization_id", "entity", "priority");

-- CreateIndex
CREATE UNIQUE INDEX "field_configurations_organization_id_entity_key_key" ON "field_configurations"("organization_id", "entity", "key");

-- CreateIndex
CREATE INDEX "pfa_records_organization_id_plan_start_idx" ON "pfa_records"("organization_id", "plan_start");

-- CreateIndex
CREATE INDEX "pfa_records_organization_id_category_is_discontinued_idx" ON "pfa_records"("organization_id", "category", "is_discontinued");

-- CreateIndex
CREATE INDEX "pfa_records_created_by_id_idx" ON "pfa_records"("created_by_id");

-- CreateIndex
CREATE UNIQUE INDEX "pfa_records_organization_id_external_id_key" ON "pfa_records"("organization_id", "external_id");

-- CreateIndex
CREATE INDEX "sync_logs_organization_id_started_at_idx" ON "sync_logs"("organization_id", "started_at");

-- CreateIndex
CREATE INDEX "sync_logs_api_configuration_id_idx" ON "sync_logs"("api_configuration_id");
