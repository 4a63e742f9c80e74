// On every page of who is signed in: sends what was done in checklists and could not be sent from their own page, and says so.
// <p data-module="send-waiting" data-person="…" data-token="…" data-unsent="…" hidden></p>
import { forget, refuse, rewrite, waiting } from '../outbox.js'
import { sender } from '../sender.js'
import { arrived } from '../started.js'

const AGAIN = 15000

export default async function sendWaiting(line) {
  const { person, token, unsent } = line.dataset
  const here = document.querySelector('[data-module~=run-live], [data-module~=run-log]')?.dataset.run
  const ours = (change) => change.run !== here
  const mine = sender({ person, ours, token: () => token, settled })
  const all = async () => (await waiting(person)).filter(ours)

  if ((await all()).length === 0) return
  window.addEventListener('online', go)
  document.addEventListener('visibilitychange', () => { if (!document.hidden) go() })
  go()

  async function go() {
    await show()
    await mine.send()
    if (await show()) setTimeout(go, AGAIN)
  }

  async function settled(change, answer) {
    if (answer.kind === 'refused') await refuse(change, answer.words)
    else if (answer.kind === 'question') await rewrite([{ ...change, question: answer.runs }])
    else if (answer.kind === 'taken' && change.start) await arrived(change, answer.run)
    else if (answer.kind === 'taken') await forget(change)
    else return false
    return true
  }

  // Says what is left, with the way to it: the page of what is not sent where people must see to it, for the run may be gone. Whether something still waits.
  async function show() {
    const left = await all()
    const unsent = left.filter((change) => !change.refused)
    const first = unsent[0] ?? left[0]
    line.hidden = !first
    const asked = unsent.find((change) => change.question)
    if (asked) line.replaceChildren(link(asked), ': samma checklista pågår redan i enheten. Välj om de ska läggas ihop.')
    else if (first) line.replaceChildren(link(first), words(unsent.length))
    return unsent.length > 0
  }

  function words(count) {
    if (!count) return ': en ändring kunde inte tas emot. Se varför.'
    return count === 1 ? ': 1 ändring väntar på att skickas.' : `: ${count} ändringar väntar på att skickas.`
  }

  function link(change) {
    const way = document.createElement('a')
    way.href = change.refused || change.question ? unsent : change.url.replace(/(\/genomforanden\/[^/]+)\/.*$/, '$1')
    way.textContent = change.title || 'Checklistan'
    return way
  }
}
