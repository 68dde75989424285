/** The one way from the program's side of this package to what Pulumi prints. */
import * as log from "@pulumi/pulumi/log";
import { safeMessage } from "../provider/runtime/untrusted-text";

export const warn = (message: string): void => void log.warn(safeMessage(message));
export const info = (message: string): void => void log.info(safeMessage(message));
