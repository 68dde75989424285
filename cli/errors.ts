/** The user can mend it: told in one sentence, without a stack trace. */
export class UserError extends Error {
  override readonly name = "UserError";
}
