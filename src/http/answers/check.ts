export const checkStates = ["ok", "warning", "alarm"] as const;
export type CheckState = (typeof checkStates)[number];

/** The result of one check: what it saw, and what to do if that is not as it should be. */
export type Check = {
  readonly name: string;
  readonly state: CheckState;
  readonly seen: string;
  readonly advice: string | null;
};
