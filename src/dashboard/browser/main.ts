/** What the script adds to the pages. Reading and submitting work without it. */

import { copyButtons } from "./copy-buttons.ts";
import { filters } from "./filters.ts";
import { localTimes, rewriteTimes } from "./local-times.ts";
import { newRequest } from "./new-request/new-request.ts";
import { refresh } from "./refresh/refresh.ts";
import { shortcuts } from "./shortcuts/shortcuts.ts";

rewriteTimes(document);
localTimes(document);
copyButtons(document);
newRequest(document);
filters(document);
refresh(document);
shortcuts(document);
