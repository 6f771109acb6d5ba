/** What the script adds to the pages. Reading and submitting work without it. */

import { copyButtons } from "./copy-buttons.ts";
import { filters } from "./filters.ts";
import { forgetDrafts } from "./forget-drafts.ts";
import { localTimes, rewriteTimes } from "./local-times.ts";
import { openDrafts } from "./new-request/draft-store.ts";
import { newRequest } from "./new-request/new-request.ts";
import { learnText } from "./profiles/learn-text.ts";
import { profilePrices } from "./profiles/profile-prices.ts";
import { refresh } from "./refresh/refresh.ts";
import { shortcuts } from "./shortcuts/shortcuts.ts";

rewriteTimes(document);
localTimes(document);
copyButtons(document);

const { basePath = "", actor } = document.body.dataset;
if (actor !== undefined) {
  const drafts = openDrafts(basePath, actor);
  forgetDrafts(document, drafts, basePath);
  newRequest(document, basePath, drafts);
}
learnText(document);
profilePrices(document);
filters(document);
refresh(document);
shortcuts(document);
