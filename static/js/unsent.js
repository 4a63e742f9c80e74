// The boxes about a change that waits for people: one that was not taken, and a start that meets a run of the same checklist.
// `root` holds the templates of templates/components/unsent.html.
import { forget } from './outbox.js'
import { forgetMade } from './copies.js'
import { addressOf, join, keepBoth } from './started.js'

export function refusedBox(root, change, words) {
  const box = root.querySelector('template[data-refused]').content.cloneNode(true)
  box.querySelector('[data-why]').textContent = change.refused
  box.querySelector('[data-what]').textContent = words
  return box
}

// `joined(address)` hears where it goes on, `both()` that it is to be sent beside the other.
export function questionBox(root, change, { joined, both }) {
  const box = root.querySelector('template[data-question]').content.cloneNode(true)
  const [other] = change.question
  box.querySelector('[data-why]').textContent = `Enheten följer den redan, ${other.words}. Lägg ihop, så förs det du har gjort in i den. ` +
    'Behåll båda bara om något annat har hänt.'
  box.querySelector('[data-join]').addEventListener('click', async () => joined(await join(change, other.id)))
  box.querySelector('[data-both]').addEventListener('click', async () => {
    await keepBoth(change)
    both()
  })
  return box
}

// It is not wanted any longer; a run that was to begin with it neither.
export async function drop(change) {
  await forget(change)
  if (change.start) await forgetMade(change.person, addressOf(change))
}
