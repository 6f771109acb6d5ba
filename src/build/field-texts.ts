/** The descriptions of fields in the OpenAPI document. A test checks that each field exists. */

import { edgeCauses } from "../domain/edge-check.ts";

export const fieldTexts: Readonly<Record<string, string>> = {
  "PurgeRequest.urls":
    "Exact URLs, or wildcards that end in `*`, below a configured URL endpoint. ImageKit gets them exactly as the plan shows.",
  "PurgeRequest.images":
    "Originals, each named by its path after the URL endpoint (`/products/shoe.jpg`, encoded as in a URL) or by any of its URLs. Purge Desk clears every URL under which pages show it, as the profile of its path says. Lines are numbered through `urls`, then `images`.",
  "PurgeRequest.cover":
    "Folders that may be cleared whole to save units: paths after the URL endpoint, such as `/products/autumn/`. Needs the scope `wildcard`. Purge Desk sends the fewest wildcards within them; a folder that saves nothing changes nothing.",
  "PurgeRequest.sendAfter":
    "The earliest send, such as the start of a sale; at most 31 days ahead. The units are set aside at once. Only requests with the same time share a purge. Cannot be combined with `settleSeconds`.",
  "PurgeRequest.settleSeconds":
    "How long the send waits for later requests for the same target, which then share the purge. A request that joins without it, or with less, moves the send forward. Default: 0.",
  "PurgeRequest.reason": "For people; shown with the purges.",
  "PurgeRequest.changedAt":
    "When the content changed; at most a minute in the future, to allow for clock differences. A purge that is not yet sent, or was sent after this time, is joined for free. State milliseconds: without them the time counts as the end of its second. Requests that state the same milliseconds share one purge even if your clock runs ahead. Default: now.",
  "PurgeRequest.check":
    "Whether the CDN is asked, before the purge and after Completed, what it serves: for purges that name one file, at no cost in units. Default: the setting PURGE_EDGE_CHECK. A purge that is joined is checked if either request asks for it before it is sent. A plan ignores it.",
  "PurgeRequest.onInvalid":
    "`reject` (default): one bad line rejects the batch. `skip`: the good lines are submitted.",
  "PurgeRequest.onMistake":
    "`reject` (default): a line that is probably a mistake, such as an unfilled template, is a bad line (`probably-a-mistake`). `send`: it is sent all the same, with a warning of severity `mistake`.",
  "PurgeRequest.onExhausted":
    "`reject` (default): the batch is rejected if the budget does not cover all of it. `hold`: lines are sent in order while the budget lasts, and the rest waits for more.",
  "Correction.external": "All units spent elsewhere in the current month.",
  "Correction.reason": "For people.",
  "Profile.name": "The name in the address; may be omitted.",
  "Profile.paths":
    "Prefixes of paths after the URL endpoint, such as `/products/`; `/` matches every image. The longest match over all profiles wins, and no two profiles may have the same path.",
  "Profile.endpoints": "The configured URL endpoints from which pages serve these images.",
  "Profile.transformations":
    "Path transformations that pages use, such as `tr:w-400` or `tr:w-{640,750},c-at_max`, which stands for two. Each costs a unit for each image and endpoint; query transformations (`?tr=`) cost nothing more. Default: none.",
  "StoredProfile.version":
    "For `If-Match`: the version that the list of profiles got when this one last changed.",
  "StoredProfile.units": "What one changed image costs.",
  "StoredProfile.unitsWithQuery": "What it would cost if pages used query transformations (`?tr=`) only.",
  "ProfileList.version": "Rises by one with each change of any profile.",
  "ProfileList.history": "Newest first.",
  "ProfileChange.before": "Null if the profile was created.",
  "ProfileChange.after": "Null if it was deleted.",
  "Learned.urls": "How many URLs under configured endpoints were found.",
  "Learned.profiles": "`seen` says how often each path transformation and each URL endpoint was found.",
  "Learned.ignored": "What was left out of the profiles, and why.",
  "Plan.units": "The cost: one unit per new target.",
  "Plan.cover": "The folders of `cover` that save units, and the targets that are sent for them.",
  "Plan.covers":
    "Folders that would save units if `cover` named them: the best saving first, at most 20. Other files in such a folder may then be cleared too.",
  "CoverOffer.unitsNow": "What the targets in the folder cost now.",
  "CoverOffer.unitsThen": "What they would cost.",
  "Plan.availableAfter": "What would be left; negative if the budget does not cover it.",
  "Batch.done": "Whether all its purges have ended.",
  "Batch.checked": "Whether all its purges have ended and none of them waits for an edge check any more.",
  "Batch.units":
    "What this batch itself cost when it was accepted; joined, duplicate and covered lines are free. What has been returned since shows in the `units` of its purges.",
  "Batch.lines":
    "Each with the `state` of the purge that serves it. An image's state is the worst of its purges' states; `of` is the line that names the same image. A line is cleared only when its state is `completed`: a covered or joined line whose purge ended otherwise was not cleared.",
  "Batch.purges": "Every purge that serves a line, including joined ones.",
  "Purge.batchId": "The batch that made it; others may have joined it.",
  "Purge.url": "The target; values of `ik-s` and `ik-t` are masked.",
  "Purge.state":
    "`pending`: ImageKit accepted it. `completed`: ImageKit reported Completed; `edge` says what is served since. `overdue`: not Completed after 15 minutes. `unknown`: sent, but no usable answer arrived.",
  "Purge.units": "Units spent or reserved for it now.",
  "Purge.attempts": "How many POSTs to ImageKit have begun.",
  "Purge.checks": "How many status checks ImageKit has answered.",
  "Purge.sendAt": "It is not sent before this time; null: it is sent at once.",
  "Purge.scheduled": "Whether it was scheduled with `sendAfter`.",
  "Purge.nextCheckAt": "When Purge Desk next acts on it.",
  "Purge.timeline": "Oldest first. Repetitions share one entry, which has their number and the latest time.",
  "Purge.edge":
    "The edge check; null if the purge names more than one file, if nobody asked for a check, or if it ended without Completed.",
  "Purge.support":
    "For overdue purges, and for a `stale` one while that is an open alarm: a mail to ImageKit's support, ready to send.",
  "EdgeCheck.outcome":
    "`fresh`: an image with another fingerprint than before the purge is served. `unchanged`: a copy made after Completed is served, and it is the same image as before, although the request said that it had changed (`changedAt`). `renewed`: a copy made after Completed is served, with nothing older to compare it with. `stale`: the old copy was still served at the last reading; that is an open alarm only while the purge has `support`. `gone`: 404 or 410. `unreadable`: it cannot be known; `cause` says why. `waiting`: not decided yet. Every outcome speaks of one location of the CDN and of the format for a current browser only.",
  "EdgeCheck.cause": `Why, where an outcome has several causes: ${edgeCauses.map((cause) => `\`${cause}\``).join(", ")}. \`message\` explains it. Newer versions may know others.`,
  "EdgeCheck.message": "For people: what was seen, what to do about it, and what was not looked at.",
  "EdgeCheck.checkedAt": "When it was last read after Completed; null before that.",
  "EdgeCheck.nextCheckAt":
    "When it is read next: about 5 s, 60 s and 5 min after Completed, until it is decided. Null before Completed and once it is decided.",
  "EdgeCheck.url": "The URL that is read: the purge's, a wildcard's without the `*`.",
  "EdgeCheck.location": "The location of the CDN that answered after Completed, in the CDN's own words.",
  "EdgeCheck.before":
    "What was served when the purge was sent; null if that is not known in time: a send never waits for it.",
  "EdgeCheck.after": "The latest reading after Completed.",
  "EdgeReading.at": "When it was read.",
  "EdgeReading.status": "The HTTP status; null if no answer came.",
  "EdgeReading.type":
    "The content type: a CDN serves one image in several formats, and two formats are never compared.",
  "EdgeReading.fingerprint":
    "Names the content: `etag` and its value, else `last-modified` with the length, unless that is only when the copy was made. The content itself is never read.",
  "EdgeReading.ageSeconds": "The header `Age`; null if it is absent or not a number.",
  "EdgeReading.madeAt": "When the CDN made the copy; null if that cannot be known.",
  "EdgeReading.cache":
    "Whether a cache said (`X-Cache`, `CF-Cache-Status` and the like) that it served a copy that it had.",
  "EdgeReading.location": "The location of the CDN that answered, in the CDN's own words.",
  "EdgeReading.problem": "Why the answer says nothing about the image, for people.",
  "PurgePage.nextCursor": "Pass it as `cursor` to get the next page; null on the last page.",
  "Budget.month": "The month in which the current period began.",
  "Budget.margin": "Units that are never spent.",
  "Budget.reserved": "Reserved for accepted purges that have not been sent.",
  "Budget.external": "Spent elsewhere, as entered by a correction.",
  "Budget.held": "Purges that wait for budget.",
  "Warning.severity":
    "`note`: good to know. `caution`: the target probably clears nothing, or not what was meant. `mistake`: the line was accepted only because of `onMistake`.",
  "Warning.suggestion": "A line that passes without a caution, and may be what was meant.",
  "Violation.message": "Begins with what to do.",
  "Violation.why": "Details: which rule failed and what the line has.",
  "Violation.suggestion":
    "What passes without a caution: one URL, or several, each on its own line. Never contains a signature.",
  "Problem.type": "`urn:purge-desk:problem:` and the code.",
  "Problem.lines": "With `invalid-urls`: the lines as in a plan. With `forbidden`: the numbers of the lines.",
  "Problem.errors":
    "With `invalid-body`, `invalid-query` and `invalid-header`: each fault, located by a JSON pointer or a name.",
  "Problem.current": "With `profile-changed`: the profile as it is now; null if there is none.",
  "Problem.change": "With `profile-changed`: its latest change.",
  "Problem.scope": "With `forbidden`: the required scope.",
  "Problem.state": "With `state-conflict`: the purge's state.",
  "Problem.support": "With `budget-exhausted`: a mail that asks ImageKit to raise the quota.",
};
