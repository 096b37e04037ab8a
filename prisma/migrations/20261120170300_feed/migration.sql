ALTER TYPE "action" ADD VALUE 'BLOCK';
ALTER TYPE "action" ADD VALUE 'UNBLOCK';

-- AlterTable
-- Nobody has posted yet, so that nothing is missing from the timelines of those who follow someone already.
ALTER TABLE "follows" ADD COLUMN     "backfilled" BOOLEAN NOT NULL DEFAULT true;
ALTER TABLE "follows" ALTER COLUMN "backfilled" SET DEFAULT false;

-- CreateTable
CREATE TABLE "blocks" (
    "tenant" TEXT COLLATE "C" NOT NULL,
    "blocker_id" TEXT COLLATE "C" NOT NULL,
    "blocked_id" TEXT COLLATE "C" NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "blocks_pkey" PRIMARY KEY ("tenant","blocker_id","blocked_id")
);

-- CreateTable
CREATE TABLE "posts" (
    "tenant" TEXT COLLATE "C" NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "author_id" TEXT COLLATE "C" NOT NULL,
    "media_key" TEXT COLLATE "C",
    "media_type" TEXT COLLATE "C",
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "delivered" BOOLEAN NOT NULL DEFAULT false,
    "likes" INTEGER NOT NULL DEFAULT 0,
    "comments" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "posts_pkey" PRIMARY KEY ("tenant","id")
);

-- CreateTable
CREATE TABLE "feed_jobs" (
    "tenant" TEXT COLLATE "C" NOT NULL,
    "post_id" TEXT COLLATE "C" NOT NULL,
    "author_id" TEXT COLLATE "C" NOT NULL,
    "after_follower" TEXT COLLATE "C" NOT NULL DEFAULT '',
    "due_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "feed_jobs_pkey" PRIMARY KEY ("tenant","post_id")
);

-- CreateTable
CREATE TABLE "timelines" (
    "tenant" TEXT COLLATE "C" NOT NULL,
    "user_id" TEXT COLLATE "C" NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "post_id" TEXT COLLATE "C" NOT NULL,

    CONSTRAINT "timelines_pkey" PRIMARY KEY ("tenant","user_id","created_at","post_id")
);

-- CreateTable
CREATE TABLE "post_likes" (
    "tenant" TEXT COLLATE "C" NOT NULL,
    "post_id" TEXT COLLATE "C" NOT NULL,
    "user_id" TEXT COLLATE "C" NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "post_likes_pkey" PRIMARY KEY ("tenant","post_id","user_id")
);

-- CreateTable
CREATE TABLE "post_comments" (
    "tenant" TEXT COLLATE "C" NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "post_id" TEXT COLLATE "C" NOT NULL,
    "author_id" TEXT COLLATE "C" NOT NULL,
    "text" TEXT COLLATE "C" NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "post_comments_pkey" PRIMARY KEY ("tenant","id")
);

-- CreateTable
CREATE TABLE "post_deltas" (
    "seq" BIGSERIAL NOT NULL,
    "tenant" TEXT COLLATE "C" NOT NULL,
    "post_id" TEXT COLLATE "C" NOT NULL,
    "likes" INTEGER NOT NULL,
    "comments" INTEGER NOT NULL,

    CONSTRAINT "post_deltas_pkey" PRIMARY KEY ("seq")
);

-- CreateTable
CREATE TABLE "media_deletions" (
    "key" TEXT COLLATE "C" NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "media_deletions_pkey" PRIMARY KEY ("key")
);

-- CreateIndex
CREATE INDEX "blocks_tenant_blocked_id_blocker_id_idx" ON "blocks"("tenant", "blocked_id", "blocker_id");

-- CreateIndex
CREATE INDEX "posts_tenant_author_id_created_at_id_idx" ON "posts"("tenant", "author_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "posts_undelivered_idx" ON "posts"("tenant", "author_id", "created_at", "id") WHERE (NOT delivered);

-- CreateIndex
CREATE INDEX "posts_tenant_created_at_id_idx" ON "posts"("tenant", "created_at", "id");

-- CreateIndex
CREATE INDEX "feed_jobs_due_at_idx" ON "feed_jobs"("due_at");

-- CreateIndex
CREATE INDEX "timelines_created_at_idx" ON "timelines" USING BRIN ("created_at");

-- CreateIndex
CREATE INDEX "post_likes_tenant_user_id_created_at_idx" ON "post_likes"("tenant", "user_id", "created_at");

-- CreateIndex
CREATE INDEX "post_comments_tenant_post_id_created_at_id_idx" ON "post_comments"("tenant", "post_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "post_comments_tenant_author_id_idx" ON "post_comments"("tenant", "author_id");

-- CreateIndex
CREATE INDEX "post_deltas_tenant_post_id_idx" ON "post_deltas"("tenant", "post_id");

-- CreateIndex
CREATE INDEX "media_deletions_due_at_idx" ON "media_deletions"("due_at");

-- CreateIndex
CREATE INDEX "follows_fresh_idx" ON "follows"("tenant", "follower_id", "followee_id") WHERE (NOT backfilled);

-- Whoever was hidden or reported so far.
INSERT INTO "blocks" ("tenant", "blocker_id", "blocked_id", "created_at")
SELECT "tenant", "user_id", "target_user_id", min("occurred_at") FROM "interactions"
WHERE "target_user_id" IS NOT NULL AND "target_user_id" <> "user_id" AND "action" IN ('HIDE', 'REPORT')
GROUP BY 1, 2, 3;
