-- AlterTable
ALTER TABLE "sync_logs" ADD COLUMN "correlation_id" TEXT;

-- CreateIndex
CREATE INDEX "sync_logs_correlation_id_idx" ON "sync_logs"("correlation_id");
