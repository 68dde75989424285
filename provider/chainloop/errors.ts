import { UnexpectedAnswerError } from "../http/errors";

/** Chainloop has no such environment, or the token may not know of it: nothing is listed there. */
export class NoEnvironmentError extends UnexpectedAnswerError {}
