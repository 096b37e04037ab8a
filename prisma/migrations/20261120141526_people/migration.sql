-- DropIndex
DROP INDEX "follows_tenant_followee_id_idx";

-- DropIndex
DROP INDEX "interactions_tenant_target_user_id_idx";

-- CreateIndex
CREATE INDEX "follows_tenant_followee_id_follower_id_idx" ON "follows"("tenant", "followee_id", "follower_id");

-- CreateIndex
CREATE INDEX "interactions_tenant_target_user_id_occurred_at_idx" ON "interactions"("tenant", "target_user_id", "occurred_at") WHERE (target_user_id IS NOT NULL);

-- CreateIndex
CREATE INDEX "interactions_tenant_user_id_target_user_id_idx" ON "interactions"("tenant", "user_id", "target_user_id") WHERE (target_user_id IS NOT NULL);

-- CreateIndex
CREATE INDEX "recommendation_requests_item_ids_idx" ON "recommendation_requests" USING GIN ("item_ids") WHERE (surface = 'people');
