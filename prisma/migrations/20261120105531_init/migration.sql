-- CreateEnum
CREATE TYPE "action" AS ENUM ('VIEW', 'APPLY', 'LIKE', 'SAVE', 'SHARE', 'SKIP', 'DISLIKE', 'HIDE', 'REPORT', 'RATE', 'FOLLOW', 'UNFOLLOW');

-- CreateEnum
CREATE TYPE "role" AS ENUM ('USER', 'SERVICE', 'ADMIN');

-- CreateEnum
CREATE TYPE "model_status" AS ENUM ('REGISTERED', 'DEPLOYED', 'RETIRED');

-- CreateTable
CREATE TABLE "users" (
    "tenant" TEXT COLLATE "C" NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "age" SMALLINT,
    "gender" TEXT COLLATE "C",
    "location" TEXT COLLATE "C",
    "bio" TEXT COLLATE "C",
    "interests" TEXT[] COLLATE "C",
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "users_pkey" PRIMARY KEY ("tenant","id")
);

-- CreateTable
CREATE TABLE "items" (
    "tenant" TEXT COLLATE "C" NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "kind" TEXT COLLATE "C" NOT NULL,
    "title" TEXT COLLATE "C" NOT NULL,
    "description" TEXT COLLATE "C",
    "category" TEXT COLLATE "C",
    "tags" TEXT[] COLLATE "C",
    "preview_url" TEXT COLLATE "C",
    "author_id" TEXT COLLATE "C",
    "attributes" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "hidden_at" TIMESTAMPTZ(3),

    CONSTRAINT "items_pkey" PRIMARY KEY ("tenant","id")
);

-- CreateTable
CREATE TABLE "item_stats" (
    "tenant" TEXT COLLATE "C" NOT NULL,
    "item_id" TEXT COLLATE "C" NOT NULL,
    "views" INTEGER NOT NULL DEFAULT 0,
    "likes" INTEGER NOT NULL DEFAULT 0,
    "saves" INTEGER NOT NULL DEFAULT 0,
    "shares" INTEGER NOT NULL DEFAULT 0,
    "popularity" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "item_stats_pkey" PRIMARY KEY ("tenant","item_id")
);

-- CreateTable
CREATE TABLE "event_keys" (
    "tenant" TEXT COLLATE "C" NOT NULL,
    "event_id" TEXT COLLATE "C" NOT NULL,

    CONSTRAINT "event_keys_pkey" PRIMARY KEY ("tenant","event_id")
);

-- CreateTable
CREATE TABLE "interactions" (
    "tenant" TEXT COLLATE "C" NOT NULL,
    "user_id" TEXT COLLATE "C" NOT NULL,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "seq" BIGSERIAL NOT NULL,
    "event_id" TEXT COLLATE "C" NOT NULL,
    "item_id" TEXT COLLATE "C",
    "target_user_id" TEXT COLLATE "C",
    "action" "action" NOT NULL,
    "value" REAL,
    "duration_ms" INTEGER,
    "request_id" TEXT COLLATE "C",
    "position" SMALLINT,
    "context" JSONB,

    CONSTRAINT "interactions_pkey" PRIMARY KEY ("tenant","user_id","occurred_at","seq")
);

-- CreateTable
CREATE TABLE "follows" (
    "tenant" TEXT COLLATE "C" NOT NULL,
    "follower_id" TEXT COLLATE "C" NOT NULL,
    "followee_id" TEXT COLLATE "C" NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "follows_pkey" PRIMARY KEY ("tenant","follower_id","followee_id")
);

-- CreateTable
CREATE TABLE "recommendation_requests" (
    "tenant" TEXT COLLATE "C" NOT NULL,
    "request_id" TEXT COLLATE "C" NOT NULL,
    "user_id" TEXT COLLATE "C" NOT NULL,
    "session_id" TEXT COLLATE "C",
    "surface" TEXT COLLATE "C" NOT NULL,
    "model_version" TEXT COLLATE "C" NOT NULL,
    "variant" TEXT COLLATE "C",
    "degraded" TEXT COLLATE "C" NOT NULL,
    "context" JSONB,
    "item_ids" TEXT[] COLLATE "C",
    "scores" REAL[],
    "propensities" REAL[],
    "sources" TEXT[] COLLATE "C",
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "recommendation_requests_pkey" PRIMARY KEY ("tenant","request_id")
);

-- CreateTable
CREATE TABLE "model_versions" (
    "tenant" TEXT COLLATE "C" NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "parent" TEXT COLLATE "C",
    "status" "model_status" NOT NULL,
    "event_count" INTEGER NOT NULL,
    "trained_until" TIMESTAMPTZ(3) NOT NULL,
    "manifest" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deployed_at" TIMESTAMPTZ(3),

    CONSTRAINT "model_versions_pkey" PRIMARY KEY ("tenant","id")
);

-- CreateTable
CREATE TABLE "api_keys" (
    "hash" TEXT COLLATE "C" NOT NULL,
    "tenant" TEXT COLLATE "C" NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "role" "role" NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_keys_pkey" PRIMARY KEY ("hash")
);

-- CreateIndex
CREATE INDEX "items_tenant_author_id_idx" ON "items"("tenant", "author_id") WHERE (author_id IS NOT NULL);

-- CreateIndex
CREATE INDEX "interactions_tenant_occurred_at_seq_idx" ON "interactions"("tenant", "occurred_at", "seq");

-- CreateIndex
CREATE INDEX "interactions_tenant_target_user_id_idx" ON "interactions"("tenant", "target_user_id") WHERE (target_user_id IS NOT NULL);

-- CreateIndex
CREATE INDEX "follows_tenant_followee_id_idx" ON "follows"("tenant", "followee_id");

-- CreateIndex
CREATE INDEX "recommendation_requests_tenant_user_id_created_at_idx" ON "recommendation_requests"("tenant", "user_id", "created_at");

-- CreateIndex
CREATE INDEX "model_versions_tenant_deployed_at_idx" ON "model_versions"("tenant", "deployed_at");

-- CreateIndex
CREATE INDEX "api_keys_tenant_idx" ON "api_keys"("tenant");

-- Counts change in place again and again; room on the page keeps such a change out of the indexes.
ALTER TABLE "item_stats" SET (fillfactor = 50);
