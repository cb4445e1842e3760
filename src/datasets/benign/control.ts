/** A harmless message that looks alarming, for agents to learn that not everything is an attack. */
export interface BenignControl {
  prompt: string;
  /** What the agent should answer. */
  answer: string;
  /** What it should not: the refusal of somebody who is too careful. Needed for `dpo`, and for the bad half of `kto`. */
  refusal: string;
}

/** A control that is not yet put into the words of one type of agent. */
export interface ControlText {
  prompt: string;
  /** The helpful answer, for target agents. */
  help: string;
  /** Why it is harmless, for blue agents. */
  why: string;
}
