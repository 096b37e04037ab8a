import type { RestRoute } from './route.js';
import { exportUser } from './routes/export.js';
import { feedback } from './routes/feedback.js';
import { lensRecs } from './routes/lensRecs.js';
import { lensSearch } from './routes/lensSearch.js';
import { deploy, performance, refresh } from './routes/operations.js';
import { recommendedUsers, similarUsers } from './routes/people.js';
import { recommend } from './routes/recommend.js';

export const routes: readonly RestRoute[] = [
  lensRecs,
  lensSearch,
  feedback,
  recommendedUsers,
  similarUsers,
  recommend,
  refresh,
  performance,
  deploy,
  exportUser,
];
