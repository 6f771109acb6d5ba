/** `purge-desk/client`: everything that a storefront's code needs. No dependencies, web-standard APIs only. */

export type { PurgeDeskOptions } from "./connection.ts";
export type {
  Batch,
  BatchLine,
  Budget,
  ListQuery,
  Plan,
  PlanLine,
  Problem,
  ProfileList,
  Purge,
} from "./generated.ts";
export { type CallOptions, type PlanOptions, type PurgeDesk, purgeDesk } from "./purge-desk.ts";
export { PurgeDeskError, type PurgeDeskErrorCode } from "./purge-desk-error.ts";
export type { PurgeOptions, PurgeRequest, RejectedLine, Submission } from "./submit.ts";
export { throughPurgeDesk } from "./through-purge-desk.ts";
export type { Progress, WaitOptions } from "./wait.ts";
