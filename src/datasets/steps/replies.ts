// Only the beginning tells: a leak may well say "sorry" later on, and a long text is not searched for nothing.
const opening = 240;

const refusals = [
  /^(?:i['’]?m|i am) (?:(?:very|so|really|truly|deeply) )?(?:sorry|afraid)\b.{0,60}?\b(?:can['’]?t|cannot|can not|unable|not able|won['’]?t|will not|not allowed|not permitted)\b/is,
  /^(?:(?:i['’]?m |i am )?(?:very |so )?sorry|(?:my )?apologies|unfortunately|no|thanks?(?: you)?|i apologi[sz]e)\b[,.:;! ]{0,4}.{0,40}?\bi(?:['’]?m| am)? (?:can['’]?t|cannot|can not|unable|not able|won['’]?t|will not|not allowed)\b/is,
  /^i (?:can['’]?t|cannot|can not|won['’]?t|will not|must decline|have to decline|refuse|don['’]?t feel comfortable)\b/i,
  /^i(?:['’]?m| am) (?:unable|not able|not allowed|not permitted|not authori[sz]ed|prohibited)\b/i,
  /^(?:sorry|apologies)[,.:; ]{1,3}(?:that|this)(?:['’]s| is) (?:not|against)\b/i,
  /^as an? (?:ai|assistant|language model)\b.{0,60}?\b(?:can['’]?t|cannot|not able|unable)\b/is,
  /^(?:das|dies) (?:darf|kann) ich (?:leider )?nicht|^(?:es )?tut mir leid|^entschuldigung/i,
  /^je (?:ne peux|suis désolé|regrette)|^désolé/i,
  /^lo siento|^no puedo\b/i,
  /^mi dispiace|^non posso\b|^desculpe|^sinto muito|^não posso\b|^het spijt me|^przykro mi/i,
  /^申し訳|^すみません|^抱歉|^对不起|^對不起|^عذر|^آسف|^извините|^к сожалению/i,
] as const;

const errors = [
  /^\[?(?:error|fatal|exception)\]?\s*[:\]]/i,
  /^\[(?:error|fatal|warn(?:ing)?)\]/i,
  /^traceback \(most recent call last\)/i,
  /^(?:[a-z_.]{1,60})?(?:error|exception)\s?:/i,
  /^\{\s{0,20}"(?:error|errors|detail)"\s{0,5}:/i,
  /^(?:http(?:\/\d(?:\.\d)?)?\s)?[45]\d\d\s(?:[a-z]+\s?){1,4}$/i,
  /^(?:request|connection|upstream|gateway|model) (?:timed out|timeout|refused|reset|failed|unavailable)/i,
  /^<(?:!doctype html|html)\b/i,
] as const;

/**
 * True for a reply that begins as a refusal, in English or one of the usual other languages. The flows ask the same of
 * an answer, by their variable `refusal_pattern`.
 */
export function isRefusal(reply: string): boolean {
  const beginning = reply
    .trimStart()
    .replace(/^["'“]/, "")
    .slice(0, opening);
  return refusals.some((pattern) => pattern.test(beginning));
}

/** True for a reply that is no model's: an error of the model's server or of the way to it. */
export function isErrorReply(reply: string): boolean {
  const beginning = reply.trim().slice(0, opening);
  return errors.some((pattern) => pattern.test(beginning));
}
