// What becomes of a run that was started on this device once the server has answered.
import { forgetMade } from './copies.js'
import { forget, newId, rewrite, waiting } from './outbox.js'

export const addressOf = (change, run = change.run) => new URL(change.url, location.href).pathname.replace(/[^/]+\/[^/]+$/, run)

// The server has it, perhaps under another name (an answer that was lost on the way): what was done in it goes there.
export async function arrived(change, run = change.run) {
  await moveTo(change, run, (other) => other.number !== change.number)
  await forget(change)
  await forgetMade(change.person, addressOf(change))
  return addressOf(change, run)
}

// Goes on as part of a run that the unit follows already.
export async function join(change, run) {
  const joining = { ...change, id: newId(), run, start: undefined, question: undefined, ruledOut: undefined, fields: [] }
  joining.url = `${addressOf(change, run)}/ihoplagt`
  await moveTo(change, run, () => true, joining)
  await forgetMade(change.person, addressOf(change))
  return addressOf(change, run)
}

export function keepBoth(change) {
  return rewrite([{ ...change, question: undefined, fields: [...change.fields, ['anda', 'ja']] }])
}

async function moveTo(change, run, isMoved, inPlace = null) {
  const all = (await waiting(change.person, change.run)).filter(isMoved)
  await rewrite(all.map((other) => other.number === change.number && inPlace
    ? inPlace
    : { ...other, run, url: other.url.replace(`/${change.run}/`, `/${run}/`) }))
}
