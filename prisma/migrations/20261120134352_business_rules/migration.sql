-- CreateEnum
CREATE TYPE "rule_kind" AS ENUM ('BOOST', 'PIN', 'BURY', 'EXCLUDE');

-- CreateTable
CREATE TABLE "business_rules" (
    "tenant" TEXT COLLATE "C" NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "kind" "rule_kind" NOT NULL,
    "item_ids" TEXT[] COLLATE "C",
    "kinds" TEXT[] COLLATE "C",
    "categories" TEXT[] COLLATE "C",
    "tags_any" TEXT[] COLLATE "C",
    "tags_all" TEXT[] COLLATE "C",
    "author_ids" TEXT[] COLLATE "C",
    "surfaces" TEXT[] COLLATE "C",
    "weight" DOUBLE PRECISION,
    "position" SMALLINT,
    "priority" INTEGER NOT NULL,
    "starts_at" TIMESTAMPTZ(3),
    "ends_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "business_rules_pkey" PRIMARY KEY ("tenant","id")
);
