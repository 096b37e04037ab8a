-- AlterTable
ALTER TABLE "recommendation_requests" ADD COLUMN     "feature_names" TEXT[] COLLATE "C",
ADD COLUMN     "features" BYTEA;
