/** What the pages gain from a script; without it they read and submit all the same. */

import { copyButtons } from "./copy.ts";
import { newRequest } from "./new-request.ts";
import { refresh } from "./refresh.ts";
import { localTimes } from "./times.ts";

localTimes(document);
copyButtons(document);
newRequest(document);
refresh(document);
