-- AlterTable
ALTER TABLE "api_keys" ADD COLUMN     "rates" JSONB NOT NULL DEFAULT '{}';
