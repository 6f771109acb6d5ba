/** Why `npm start` or another command ends before it has begun, in a message that is all the user needs to see. */
export class CannotStart extends Error {
  override readonly name = "CannotStart";
}
