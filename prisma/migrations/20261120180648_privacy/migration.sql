-- AlterTable
ALTER TABLE "users" ADD COLUMN     "personalised" BOOLEAN;

-- CreateTable
CREATE TABLE "erasures" (
    "tenant" TEXT COLLATE "C" NOT NULL,
    "user_id" TEXT COLLATE "C" NOT NULL,
    "erased_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "erasures_pkey" PRIMARY KEY ("tenant","user_id")
);

-- CreateIndex
CREATE INDEX "recommendation_requests_created_at_idx" ON "recommendation_requests" USING BRIN ("created_at");

-- CreateIndex
CREATE INDEX "users_objectors_idx" ON "users"("tenant") WHERE (personalised = false);
