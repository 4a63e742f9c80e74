// Sends what waits, one after the other and in order. A second call while it sends joins the first.
import { deliver } from './deliver.js'
import { waiting } from './outbox.js'

// `ours(change)` says which of the person's changes are ours, `token()` gives that of a form on the page, and
// `settled(change, answer, left)` hears what became of each and how many are left after it: whether the next one is to be sent.
export function sender({ person, ours, token, settled }) {
  let sending = null
  let wanted = false

  // What waits for an answer to a question waits with all that was done after it in the same run.
  async function list() {
    const all = (await waiting(person)).filter((change) => !change.refused && ours(change))
    const asked = new Set(all.filter((change) => change.question).map((change) => change.run))
    return all.filter((change) => !asked.has(change.run))
  }

  async function sendAll() {
    for (let rows = await read(); rows.length; rows = isOld(rows) ? await read() : rows.slice(1)) {
      if (!await settled(rows[0], await deliver(rows[0], token()), rows.length - 1)) return
    }
  }

  // Thousands are read once, and anew where something came meanwhile or a start has given those behind it another run.
  const read = () => {
    wanted = false
    return list()
  }
  const isOld = (rows) => wanted || rows.length === 1 || Boolean(rows[0].start)

  // A change that comes while the last one is settled is seen: nothing is awaited between the question and the answer.
  async function sendWhileWanted() {
    while (wanted) await sendAll()
    sending = null
  }

  return {
    send() {
      wanted = true
      sending ??= sendWhileWanted()
      return sending
    },
    isSending: () => sending !== null,
    list,
  }
}
