-- CreateIndex
CREATE INDEX "items_tenant_updated_at_id_idx" ON "items"("tenant", "updated_at", "id");
